// Package feed implements a list of rows with many concurrent readers: a log by rev, with a ring of the newest rows,
// the newest changes, and a fan-out to the subscriptions. It does not depend on a database or on messages: rows come
// from a Source and go to Sinks.
//
// A subscription is sent every change after its rev, once and in the order of rev, or is told that it is too far
// behind. No reader waits for a slow one. A subscription that is ahead of the feed, since another process has shown it
// more, may get changes again.
package feed

import (
	"context"
	"log/slog"
	"slices"
	"sort"
	"sync"
	"time"
)

// Limits of a feed.
const (
	RingSize   = 100  // the newest rows, with which a channel opens
	MaxChanges = 256  // the newest changes, from which a page that was away catches up without a query
	MaxBehind  = 1000 // changed rows; a page that lacks more is not caught up but rendered anew
	// bytes of rows among the changes; a page that lacks more is rendered anew: a slow connection could not take them in
	// time
	maxChangeMem = 256 << 10
	gapWait      = 15 * time.Millisecond
	gapRetry     = time.Second // after an error of the source
)

// Options configures a feed.
type Options struct {
	Source Source
	// joins rows into a frame for sinks; an empty frame means that none of them can be sent; must be safe for concurrent
	// use
	Frame func([]Row) []byte
	// starts a goroutine, with a context that ends when reading must stop
	Go  func(name string, fn func(context.Context))
	Log *slog.Logger
}

// Feed is a feed in memory with its subscriptions. It is safe for concurrent use. Rules:
//
//   - mu guards the fields below it. It is never held during a query or a rendering. The fanout's lock, and the locks
//     of a sink, may be taken under it.
//   - cursor is the rev up to which the subscriptions have been sent everything. A change at or below it is dropped,
//     the next one is sent, and a later one means a gap: it waits in ahead, and the changes before it are read from the
//     source after gapWait, unless they have arrived.
//   - loaded means that rows and changes are complete up to cursor. A feed can lose that (a rename changes rows) and
//     keep its subscriptions: changes still reach them, and the next reader loads it anew.
//   - loading is held while the source is read: a hundred readers of a cold feed make one query, and so do a thousand
//     pages that come back further behind than the changes reach.
type Feed struct {
	Options

	fan fanout // the subscriptions, and the rows being sent to them

	loading sync.Mutex

	mu         sync.Mutex
	opened     bool // cursor is valid
	loaded     bool
	generation uint64 // incremented when rows become outdated, so that what was read before is not kept
	cursor     int64
	known      int64         // the largest rev known to exist
	ahead      map[int64]Row // by rev: at most MaxChanges that arrived before their turn
	rows       []Row         // by seq, from oldest on
	oldest     int64
	ring       *Ring // rows as readers get them; nil when rows or cursor have changed since
	changes    []Row // by rev, of each row the last one; complete after complete
	complete   int64
	deep       bool // a subscription was further behind than MaxChanges: changes reaches back as far as any may catch up
	fetching   bool // a goroutine is reading a gap
}

// New returns an empty feed.
func New(o Options) *Feed {
	f := &Feed{Options: o}
	f.fan = fanout{frame: o.Frame, start: func(fn func()) { o.Go("sending rows", func(context.Context) { fn() }) }}
	return f
}

// Newest returns the ring. On a warm feed it makes no query.
func (f *Feed) Newest(ctx context.Context) (*Ring, error) {
	for {
		if err := f.load(ctx); err != nil {
			return nil, err
		}
		if ring := f.Warm(); ring != nil {
			return ring, nil
		} // invalidated in between
	}
}

// Warm returns the ring if the feed has it in memory, and nil otherwise.
func (f *Feed) Warm() *Ring {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.loaded && f.ring == nil {
		f.ring = &Ring{Rows: slices.Clone(f.rows), Rev: f.cursor}
	}
	return f.ring
}

// Invalidate marks the matching rows as outdated. A feed without such rows stays warm.
func (f *Feed) Invalidate(match func(Row) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.generation++
	f.ahead = nil // they are read again
	if slices.ContainsFunc(f.rows, match) || slices.ContainsFunc(f.changes, match) {
		f.empty()
	}
}

// empty forgets the rows. The caller holds mu.
func (f *Feed) empty() { f.loaded, f.deep, f.rows, f.ring, f.changes = false, false, nil, nil, nil }

// insert adds a row to the ring and the changes. A gap is read in the order of rev, so a message that was edited comes
// after messages that were posted after it. The caller holds mu.
func (f *Feed) insert(row Row) {
	f.ring = nil
	f.supersede(row)
	at := sort.Search(len(f.rows), func(i int) bool { return f.rows[i].Seq >= row.Seq })
	switch {
	case at < len(f.rows) && f.rows[at].Seq == row.Seq:
		f.rows[at] = row
	case row.Seq >= f.oldest: // else there was no room for it, or for a later one
		f.rows = slices.Insert(f.rows, at, row)
		f.bound()
	}
	f.changes = append(f.changes, row)
	f.trim()
}

// supersede removes an earlier change of the same row: a message to which hundreds react takes the room of one, and
// pages that were away get it once. The caller holds mu.
func (f *Feed) supersede(row Row) {
	if n := len(f.rows); n == 0 || row.Seq > f.rows[n-1].Seq {
		return // a new one
	}
	for i := len(f.changes) - 1; i >= 0; i-- {
		if f.changes[i].Seq == row.Seq {
			f.changes = slices.Delete(f.changes, i, i+1)
			return
		}
	}
}

// bound limits the newest rows, in number and in size. The caller holds mu.
func (f *Feed) bound() {
	if extra := len(f.rows) - len(FitRows(f.rows[max(0, len(f.rows)-RingSize):],
		min(RingSize, len(f.rows))-1)); extra > 0 {
		f.rows = slices.Delete(f.rows, 0, extra)
		f.oldest = f.rows[0].Seq
	}
}

// trim limits the changes. The caller holds mu.
func (f *Feed) trim() {
	size, first := 0, len(f.changes)
	most := MaxChanges
	if f.deep {
		most = MaxBehind
	}
	for first > 0 && len(f.changes)-first < most && size < maxChangeMem {
		first--
		size += len(f.changes[first].HTML)
	}
	if first > 0 {
		f.complete = f.changes[first-1].Rev
		f.changes = slices.Delete(f.changes, 0, first)
	}
}

// send sends rows to every subscription. The caller holds mu.
func (f *Feed) send(rows []Row) {
	if len(rows) > 0 {
		f.fan.send(rows)
	}
}

// maxRenderings is how often rows are rendered when they become outdated each time meanwhile.
const maxRenderings = 3

// during runs render without mu, and returns with mu held. It renders again what became outdated meanwhile: who has
// subscribed since then may not be shown what it said before.
func (f *Feed) during(render func() []Row) (rows []Row) {
	f.mu.Lock()
	for range maxRenderings {
		generation := f.generation
		f.mu.Unlock()
		rows = render()
		f.mu.Lock()
		if f.generation == generation {
			return rows
		}
	}
	f.empty()
	return rows
}
