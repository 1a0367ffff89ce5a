package chat

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"
)

// What a room keeps.
const (
	ringSize     = 100       // the newest messages: what a channel opens with
	maxChanges   = 256       // the newest changes: what a page that was away catches up from, without a query
	maxBehind    = 1000      // changes; a page further behind is renewed instead of caught up
	maxChangeMem = 256 << 10 // bytes of rows among the changes; a page that lacks more is renewed: a slow line could not take them in time
	gapWait      = 15 * time.Millisecond
	gapRetry     = time.Second // after an error of the database
)

// room is a channel that is warm: its newest rows, its newest changes, and who listens. Rules:
//
//   - mu guards the fields below it. It is never held during a query or a rendering, and never together with
//     hub.mu. The fanout's lock and a Subscription's own may be taken under it.
//   - cursor is the rev up to which the listeners have been sent everything. A change at or below it is dropped,
//     the next one is sent, a later one means a gap: it waits in ahead, and what lies before it is read from the
//     database after gapWait, if it has not come by itself.
//   - filled says that rows and changes are complete up to cursor. A room can lose that (a rename changes rows)
//     while its listeners stay: changes still reach them, and the next reader fills it anew.
//   - loading is held while the database is read for the room: a hundred readers of a cold room make one query, and
//     so do a thousand pages that come back further behind than the changes reach.
type room struct {
	hub *hub
	ch  *cachedChannel

	fan fanout // who listens, and what is on its way to them

	pins int    // guarded by hub.mu: who holds the room; it is not evicted while there are any
	used uint64 // guarded by hub.mu: when it was last pinned

	loading sync.Mutex

	mu         sync.Mutex
	opened     bool // cursor means something
	loaded     bool
	generation uint64 // raised whenever rows lose their truth, so that a fill that began before is not kept
	cursor     int64
	known      int64         // the largest rev heard of
	ahead      map[int64]Row // by rev: at most maxChanges that came before their turn
	rows       []Row         // by seq, those from oldest on
	oldest     int64
	ring       *Ring // rows as readers get them; nil when rows or cursor have changed since
	changes    []Row // by rev; complete after complete
	complete   int64
	deep       bool // someone was further behind than maxChanges: the changes reach back as far as anyone is caught up
	fetching   bool // a goroutine reads a gap
}

// place puts a row into the ring and the changes. A gap is read in the order of rev: a message that was changed since it
// was posted comes after those that were posted after it. The caller holds mu.
func (r *room) place(row Row) {
	r.ring = nil
	at := sort.Search(len(r.rows), func(i int) bool { return r.rows[i].Seq >= row.Seq })
	switch {
	case at < len(r.rows) && r.rows[at].Seq == row.Seq:
		r.rows[at] = row
	case row.Seq >= r.oldest: // else there was no room for it, or for one after it
		r.rows = slices.Insert(r.rows, at, row)
		r.bound()
	}
	r.changes = append(r.changes, row)
	r.trim()
}

// bound keeps the newest rows, within their number and their size. The caller holds mu.
func (r *room) bound() {
	if extra := len(r.rows) - len(fitRows(r.rows[max(0, len(r.rows)-ringSize):], min(ringSize, len(r.rows))-1)); extra > 0 {
		r.rows = slices.Delete(r.rows, 0, extra)
		r.oldest = r.rows[0].Seq
	}
}

// trim keeps the changes within their bounds. The caller holds mu.
func (r *room) trim() {
	size, first := 0, len(r.changes)
	most := maxChanges
	if r.deep {
		most = maxBehind
	}
	for first > 0 && len(r.changes)-first < most && size < maxChangeMem {
		first--
		size += len(r.changes[first].HTML)
	}
	if first > 0 {
		r.complete = r.changes[first-1].Rev
		r.changes = slices.Delete(r.changes, 0, first)
	}
}

// send hands rows to every listener. The caller holds mu.
func (r *room) send(rows []Row) {
	if len(rows) > 0 {
		r.fan.send(rows)
	}
}

// invalidate says that rows of these people are not true any more; nil: all rows. A room that shows none of them stays warm.
func (r *room) invalidate(people map[ID]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	r.ahead = nil // they are read anew
	theirs := func(row Row) bool { return people == nil || people[row.Author] }
	if slices.ContainsFunc(r.rows, theirs) || slices.ContainsFunc(r.changes, theirs) {
		r.empty()
	}
}

// empty forgets the rows. The caller holds mu.
func (r *room) empty() { r.loaded, r.deep, r.rows, r.ring, r.changes = false, false, nil, nil, nil }

// render makes rows without mu, and takes mu for the caller. Rows that lost their truth meanwhile are not kept.
func (r *room) render(list []Message) []Row {
	r.mu.Lock()
	fills := r.generation
	r.mu.Unlock()
	rows := r.hub.renderAll(list)
	r.mu.Lock()
	if r.generation != fills {
		r.empty()
	}
	return rows
}

// newest returns the ring.
func (r *room) newest(ctx context.Context) (*Ring, error) {
	for {
		if err := r.load(ctx); err != nil {
			return nil, err
		}
		r.mu.Lock()
		if r.loaded {
			if r.ring == nil {
				r.ring = &Ring{Rows: slices.Clone(r.rows), cursor: r.cursor}
			}
			ring := r.ring
			r.mu.Unlock()
			return ring, nil
		}
		r.mu.Unlock() // spoiled in between
	}
}
