package chat

import (
	"container/list"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// cachedChannel is a channel in memory, or one of its threads. ID and CreatedAt never change; the counters follow the
// commits.
type cachedChannel struct {
	ID        ID // of a thread that has not begun: 0
	CreatedAt time.Time

	parent *cachedChannel // of a thread: its channel, which has its name and decides who sees it; nil for a channel
	root   int64          // of a thread: the seq of the message that it is about

	info    atomic.Pointer[Channel] // everything except the counters; replaced, never changed
	lastSeq atomic.Int64
	lastRev atomic.Int64
	deleted deletions

	deletedRev atomic.Int64 // deletions up to this rev are known, other nodes' included
	// when the newest message came, in milliseconds; needed for direct conversations only
	lastAt atomic.Int64

	index  int           // among all channels except direct conversations, from 0; -1 for those
	grown  uint64        // guarded by hub.mu: the clock of growth when the channel grew last
	recent *list.Element // guarded by hub.mu: its element in growth.recent

	old     []string             // guarded by channelCache.mu: earlier slugs that lead to it, newest last
	people  atomic.Pointer[[]ID] // members of a direct conversation; nil: not read yet
	telling bool                 // guarded by hub.mu: a timer will look at the members' pages

	counted  atomic.Pointer[memberCount] // the number of members when it was last read; nil: not read yet
	counting sync.Mutex                  // held while the members are counted
}

// memberCount is a number of members, and when they were counted.
type memberCount struct {
	people int
	at     time.Time
}

// fold computes the fields that lists are sorted by and searches look at.
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

func (ch *cachedChannel) slug() string { return ch.gate().info.Load().Slug }

func (ch *cachedChannel) snapshot() Channel {
	c := *ch.info.Load()
	c.LastSeq, c.LastRev, c.lastAt = ch.lastSeq.Load(), ch.lastRev.Load(), ch.lastAt.Load()
	return c
}

// unread returns the number of messages after readSeq, without deleted ones.
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

// channelCache holds all channels in memory: finding one costs no query. A deleted channel is not found, but kept, so
// that an outdated list does not bring it back. It is safe for concurrent use.
type channelCache struct {
	mu    sync.RWMutex
	slugs map[string]*cachedChannel // current and earlier slugs
	ids   map[ID]*cachedChannel     // deleted channels included
	// all except direct conversations; replaced, never changed: readers use it without the lock
	sorted []*cachedChannel
	first  *cachedChannel // General Talk

	made int // number of channels ever added, without direct conversations
}

// update takes over the channels that are newer than the cached ones. It returns the new and the changed ones, each
// with its previous info (nil for a new one).
func (d *channelCache) update(channels []Channel) (changed map[*cachedChannel]*Channel) {
	for i := range channels { // before the lock: folding takes longer than everything else
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

// outlive keeps an earlier slug of a channel working while it is one of the newest: see moveSlug. The caller holds mu.
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

// sort rebuilds the sorted list with the changed channels in their new places; the others are in order. The caller
// holds mu.
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

// redirect takes over the channels of earlier slugs.
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

// bySlug returns the channel of a slug, current or earlier; nil when there is none.
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

// all returns all channels except direct conversations: General Talk first, the others by name.
func (d *channelCache) all() []*cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.sorted
}

// general returns General Talk, the channel that exists from the start and that everyone is in.
func (d *channelCache) general() *cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.first
}

// active returns every channel, direct conversations included, in no order.
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

// drop forgets deleted channels without a row in the database: no list contains them any more.
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

// byIDWithDeleted returns a channel even after its deletion, for work in progress.
func (d *channelCache) byIDWithDeleted(id ID) *cachedChannel {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ids[id]
}
