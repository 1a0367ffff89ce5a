package chat

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// channelState is a channel in memory. The first four fields never change; the counters follow the commits.
type channelState struct {
	ID        ID
	Slug      string
	Name      string
	CreatedAt time.Time

	lastSeq atomic.Int64
	lastRev atomic.Int64
}

func (ch *channelState) snapshot() Channel {
	return Channel{ID: ch.ID, Slug: ch.Slug, Name: ch.Name, CreatedAt: ch.CreatedAt, LastSeq: ch.lastSeq.Load(), LastRev: ch.lastRev.Load()}
}

// advance moves the counters forward, never back.
func (ch *channelState) advance(seq, rev int64) {
	for _, c := range []struct {
		at *atomic.Int64
		to int64
	}{{&ch.lastSeq, seq}, {&ch.lastRev, rev}} {
		for old := c.at.Load(); old < c.to && !c.at.CompareAndSwap(old, c.to); old = c.at.Load() {
		}
	}
}

// directory is the list of all channels, in memory: finding one costs no query. Safe for concurrent use.
type directory struct {
	mu     sync.RWMutex
	slugs  map[string]*channelState
	ids    map[ID]*channelState
	sorted []*channelState // replaced, never changed: readers keep it without the lock
}

// update adds the channels that are new, and moves the counters of the others. It reports whether any was new.
func (d *directory) update(channels []Channel) (grown bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ids == nil {
		d.ids, d.slugs = make(map[ID]*channelState), make(map[string]*channelState)
	}
	for _, ch := range channels {
		state := d.ids[ch.ID]
		if state == nil {
			state = &channelState{ID: ch.ID, Slug: ch.Slug, Name: ch.Name, CreatedAt: ch.CreatedAt}
			d.ids[ch.ID], d.slugs[ch.Slug] = state, state
			grown = true
		}
		state.advance(ch.LastSeq, ch.LastRev)
	}
	if grown {
		sorted := make([]*channelState, 0, len(d.ids))
		for _, state := range d.ids {
			sorted = append(sorted, state)
		}
		sortChannels(sorted)
		d.sorted = slices.Clip(sorted)
	}
	return grown
}

func (d *directory) bySlug(slug string) *channelState {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.slugs[slug]
}

func (d *directory) byID(id ID) *channelState {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ids[id]
}

func (d *directory) all() []*channelState {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.sorted
}
