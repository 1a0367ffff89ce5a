package chat

import (
	"container/list"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// cachedChannel is a channel in memory. ID and CreatedAt never change; the counters follow the commits.
type cachedChannel struct {
	ID        ID
	CreatedAt time.Time

	info    atomic.Pointer[Channel] // all but the counters; replaced, never changed
	lastSeq atomic.Int64
	lastRev atomic.Int64
	deleted deletions

	deletedRev atomic.Int64 // up to which deletions are known, those by other nodes too
	// when the newest message came, in milliseconds; of a direct conversation alone it is asked for
	lastAt atomic.Int64

	index  int           // among all channels but direct conversations, from 0; -1 of those
	grown  uint64        // guarded by hub.mu: the growth's clock when it grew
	recent *list.Element // guarded by hub.mu: its place in the growth's list

	old     []string             // guarded by directory.mu: slugs that lead to it besides its own, the newest last
	people  atomic.Pointer[[]ID] // who is in a direct conversation; nil: it has to be asked
	telling bool                 // guarded by hub.mu: a timer will look at their pages

	counted  atomic.Pointer[memberCount] // how many are in it, as it was looked up last; nil: it has to be looked up
	counting sync.Mutex                  // held while it is looked up
}

// memberCount is a number of people, and when they were counted.
type memberCount struct {
	people int
	at     time.Time
}

// fold makes what lists are sorted by and searches look at.
func (ch *Channel) fold() {
	if ch.key == "" {
		ch.key = NameKey(ch.Name)
	}
	if ch.about == "" && ch.Topic+ch.Description != "" {
		ch.about = foldText(ch.Topic + "\n" + ch.Description)
	}
}

func newCachedChannel(ch Channel) *cachedChannel {
	ch.fold()
	state := &cachedChannel{ID: ch.ID, CreatedAt: ch.CreatedAt}
	state.info.Store(&ch)
	state.advance(ch.LastSeq, ch.LastRev, ch.lastAt)
	return state
}

func (ch *cachedChannel) slug() string { return ch.info.Load().Slug }

func (ch *cachedChannel) snapshot() Channel {
	c := *ch.info.Load()
	c.LastSeq, c.LastRev, c.lastAt = ch.lastSeq.Load(), ch.lastRev.Load(), ch.lastAt.Load()
	return c
}

// unread is how many messages there are after one: those that are deleted count for nothing.
func (ch *cachedChannel) unread(readSeq int64) int64 {
	seq := ch.lastSeq.Load()
	return max(0, seq-readSeq-ch.deleted.within(readSeq, seq))
}

// advance moves the counters forward, never back.
func (ch *cachedChannel) advance(seq, rev, at int64) {
	for _, c := range []struct {
		at *atomic.Int64
		to int64
	}{{&ch.lastSeq, seq}, {&ch.lastRev, rev}, {&ch.lastAt, at}} {
		for old := c.at.Load(); old < c.to && !c.at.CompareAndSwap(old, c.to); old = c.at.Load() {
		}
	}
}

// channelCache is the list of all channels, in memory: finding one costs no query. A deleted channel is not found, but
// remembered, so that an older list does not bring it back. Safe for concurrent use.
type channelCache struct {
	mu    sync.RWMutex
	slugs map[string]*cachedChannel // present slugs and old ones
	ids   map[ID]*cachedChannel     // deleted ones too
	// all but direct conversations; replaced, never changed: readers keep it without the lock
	sorted []*cachedChannel
	first  *cachedChannel // the one that everyone is in

	made int // how many channels there have been but direct conversations
}

// update takes over what is newer than what it knows. It returns the channels that are new or have changed, each
// with its facts of before (nil of a new one).
func (d *channelCache) update(channels []Channel) (changed map[*cachedChannel]*Channel) {
	for i := range channels { // before the lock: folding takes longer than all the rest
		channels[i].fold()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ids == nil {
		d.ids, d.slugs = make(map[ID]*cachedChannel), make(map[string]*cachedChannel)
	}
	changed = make(map[*cachedChannel]*Channel)
	for _, ch := range channels {
		state := d.ids[ch.ID]
		if state == nil {
			state = newCachedChannel(ch)
			if ch.Kind == Direct {
				state.index = -1
			} else {
				state.index = d.made
				d.made++
			}
			d.ids[ch.ID] = state
			changed[state] = nil
		} else if old := state.info.Load(); old.version < ch.version {
			state.info.Store(&ch)
			changed[state] = old
		}
		state.advance(ch.LastSeq, ch.LastRev, ch.lastAt)
	}
	if len(changed) > 0 {
		for state, before := range changed {
			if now := state.info.Load(); !now.deleted {
				d.slugs[now.Slug] = state
				if before != nil && before.Slug != now.Slug {
					d.outlive(state, before.Slug)
				}
			}
		}
		d.sort(changed)
	}
	return changed
}

// outlive lets a slug that a channel had lead to it, as long as it is one of the newest: see moveSlug. The caller holds
// mu.
func (d *channelCache) outlive(state *cachedChannel, slug string) {
	state.old = append(state.old, slug)
	if extra := len(state.old) - maxOldSlugs; extra > 0 {
		for _, oldest := range state.old[:extra] {
			if d.slugs[oldest] == state && oldest != state.slug() && !slices.Contains(state.old[extra:], oldest) {
				delete(d.slugs, oldest)
			}
		}
		state.old = slices.Clone(state.old[extra:])
	}
}

// sort makes the sorted list anew, with the changed ones in their places: all others are in order. The caller holds mu.
func (d *channelCache) sort(changed map[*cachedChannel]*Channel) {
	sorted := make([]*cachedChannel, 0, len(d.sorted)+len(changed))
	for _, state := range d.sorted {
		if _, moved := changed[state]; !moved {
			sorted = append(sorted, state)
		}
	}
	few := len(changed) <= 8
	for state := range changed {
		f := state.info.Load()
		if f.general {
			d.first = state
		}
		if f.deleted || f.Kind == Direct {
			continue
		}
		at := len(sorted)
		if few {
			at, _ = slices.BinarySearchFunc(sorted, state, inListOrder)
		}
		sorted = slices.Insert(sorted, at, state)
	}
	if !few {
		slices.SortFunc(sorted, inListOrder)
	}
	d.sorted = slices.Clip(sorted)
}

// redirect takes over where old slugs lead.
func (d *channelCache) redirect(old map[string]ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for slug, id := range old {
		if ch := d.ids[id]; ch != nil && d.slugs[slug] == nil {
			d.slugs[slug] = ch
			ch.old = append(ch.old, slug)
		}
	}
}

// bySlug finds a channel by its slug, or by one that it had.
func (d *channelCache) bySlug(slug string) *cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return unlessDeleted(d.slugs[slug])
}

func (d *channelCache) byID(id ID) *cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return unlessDeleted(d.ids[id])
}

func unlessDeleted(ch *cachedChannel) *cachedChannel {
	if ch == nil || ch.info.Load().deleted {
		return nil
	}
	return ch
}

// all returns all channels but direct conversations, the oldest first and the others by name.
func (d *channelCache) all() []*cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.sorted
}

// general is the channel that exists from the start: it is everyone's.
func (d *channelCache) general() *cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.first
}

// active returns every channel, direct conversations among them, in no order.
func (d *channelCache) active() []*cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	list := make([]*cachedChannel, 0, len(d.ids))
	for _, ch := range d.ids {
		if !ch.info.Load().deleted {
			list = append(list, ch)
		}
	}
	return list
}

// drop forgets deleted channels of which no row is left: no list holds them any more.
func (d *channelCache) drop(is func(*cachedChannel) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dropped := make(map[*cachedChannel]bool)
	for id, ch := range d.ids {
		if ch.info.Load().deleted && is(ch) {
			dropped[ch] = true
			delete(d.ids, id)
		}
	}
	if len(dropped) > 0 {
		maps.DeleteFunc(d.slugs, func(_ string, ch *cachedChannel) bool { return dropped[ch] })
	}
}

// byIDWithDeleted finds a channel even after it was deleted: for what was under way.
func (d *channelCache) byIDWithDeleted(id ID) *cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ids[id]
}
