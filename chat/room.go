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
//     hub.mu. The fanout's lock and a Listener's own may be taken under it.
//   - cursor is the rev up to which the listeners have been sent everything. A change at or below it is dropped,
//     the next one is sent, a later one means a gap: it is read from the database after gapWait.
//   - filled says that rows and changes are complete up to cursor. A room can lose that (a rename changes rows)
//     while its listeners stay: changes still reach them, and the next reader fills it anew.
//   - loading is held while the database is read for the room: a hundred readers of a cold room make one query, and
//     so do a thousand pages that come back further behind than the changes reach.
type room struct {
	hub *hub
	ch  *channelState

	fan fanout // who listens, and what is on its way to them

	pins int    // guarded by hub.mu: who holds the room; it is not evicted while there are any
	used uint64 // guarded by hub.mu: when it was last pinned

	loading sync.Mutex

	mu       sync.Mutex
	opened   bool // cursor means something
	filled   bool
	fills    uint64 // raised whenever rows lose their truth, so that a fill that began before is not kept
	cursor   int64
	known    int64 // the largest rev heard of
	rows     []Row // by seq
	changes  []Row // by rev; complete after complete
	complete int64
	deep     bool // someone was further behind than maxChanges: the changes reach back as far as anyone is caught up
	chasing  bool // a goroutine reads a gap
}

// fill makes the room warm, if it is not.
func (r *room) fill(ctx context.Context) error {
	if r.isFilled() {
		return nil
	}
	r.loading.Lock()
	defer r.loading.Unlock()
	for !r.isFilled() {
		if err := r.refill(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *room) isFilled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.filled
}

// refill reads the room once. It may have to be done again: when something changed meanwhile.
func (r *room) refill(ctx context.Context) error {
	r.mu.Lock()
	fills := r.fills
	r.mu.Unlock()

	var now Channel
	var newest, changed []Message
	err := r.hub.chat.db.snapshot(ctx, func(q querier) error {
		var err error
		if now.LastSeq, now.LastRev, err = channelCounters(ctx, q, r.ch.ID); err != nil {
			return err
		}
		r.hub.messageQueries.Add(2)
		if newest, err = messages(ctx, q, r.ch, newestMessages, 0, ringSize); err != nil {
			return err
		}
		changed, err = messages(ctx, q, r.ch, newestChanges, 0, maxChanges)
		return err
	})
	if err != nil {
		return err
	}
	slices.Reverse(newest)
	slices.Reverse(changed)
	rows := r.hub.renderAll(newest)
	bySeq := make(map[int64]Row, len(rows))
	for _, row := range rows {
		bySeq[row.Seq] = row
	}
	changes := make([]Row, len(changed))
	for i, m := range changed {
		row, ok := bySeq[m.Seq]
		if !ok {
			row = r.hub.render(m)
		}
		changes[i] = row
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fills != fills || r.opened && now.LastRev < r.cursor {
		return nil // changed while we looked: the caller looks again
	}
	complete := now.LastRev
	if len(changes) > 0 {
		complete = changes[0].Rev - 1
	}
	if len(changed) < maxChanges {
		complete = 0
	}
	if r.opened && complete > r.cursor {
		// The listeners lack more than the log holds: let them ask anew with their own position.
		r.fan.endAll(CloseSlow)
	} else if r.opened {
		r.send(changes[sort.Search(len(changes), func(i int) bool { return changes[i].Rev > r.cursor }):])
	}
	r.rows, r.changes, r.complete = rows, changes, complete
	r.trim()
	r.cursor, r.opened, r.filled = now.LastRev, true, true
	r.ch.advance(now.LastSeq, now.LastRev)
	if r.known > r.cursor {
		r.chase()
	}
	return nil
}

// apply takes messages that have changed, in the order of rev, and sends them on.
func (r *room) apply(changed []Message) []Row {
	rows := r.render(changed)
	defer r.mu.Unlock()
	fresh := make([]Row, 0, len(rows))
	for _, row := range rows {
		r.known = max(r.known, row.Rev)
	}
	for _, row := range rows {
		if !r.opened || row.Rev <= r.cursor {
			continue
		}
		if row.Rev > r.cursor+1 {
			r.chase()
			break
		}
		r.cursor = row.Rev
		fresh = append(fresh, row)
		if r.filled {
			r.place(row)
		}
	}
	r.send(fresh)
	return rows
}

// heard notes that the channel has changed up to rev, somewhere else.
func (r *room) heard(rev int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known = max(r.known, rev)
	if r.opened && r.known > r.cursor {
		r.chase()
	}
}

// chase reads what lies between cursor and known, in a goroutine, after giving it a moment to come by itself.
// The caller holds mu.
func (r *room) chase() {
	if r.chasing {
		return
	}
	r.chasing = true
	r.hub.chat.goroutines.Go(func() {
		ctx := r.hub.chat.background
		select {
		case <-time.After(gapWait):
		case <-ctx.Done():
			return
		}
		for again := true; again; {
			r.mu.Lock()
			from := r.cursor
			if from >= r.known {
				r.chasing = false
				r.mu.Unlock()
				return
			}
			r.mu.Unlock()
			r.hub.messageQueries.Add(1)
			missed, err := messages(ctx, r.hub.chat.db.read, r.ch, changesAfter, from, maxChanges)
			if err != nil && ctx.Err() == nil {
				r.hub.chat.options.Log.Error("reading a gap", "channel", r.ch.ID, "error", err)
				select {
				case <-time.After(gapRetry):
				case <-ctx.Done():
				}
			}
			r.applyGap(from, missed)
			again = ctx.Err() == nil && (err != nil || len(missed) > 0)
		}
		r.mu.Lock()
		r.chasing = false
		r.mu.Unlock()
	})
}

// applyGap takes what the database has after from. Revs may be missing there: a message that changed twice bears
// the later one only.
func (r *room) applyGap(from int64, missed []Message) {
	rows := r.render(missed)
	defer r.mu.Unlock()
	if r.cursor != from {
		return // someone else closed the gap, or a part of it: look again
	}
	for _, row := range rows {
		r.cursor = row.Rev
		r.ch.advance(row.Seq, row.Rev)
		if r.filled {
			r.place(row)
		}
	}
	r.send(rows)
}

// place puts a row into the ring and the changes. A gap is read in the order of rev: a message that was changed since it
// was posted comes after those that were posted after it. The caller holds mu.
func (r *room) place(row Row) {
	at := sort.Search(len(r.rows), func(i int) bool { return r.rows[i].Seq >= row.Seq })
	switch {
	case at < len(r.rows) && r.rows[at].Seq == row.Seq:
		r.rows[at] = row
	case at > 0 || len(r.rows) < ringSize: // else it is older than the ring
		r.rows = slices.Insert(r.rows, at, row)
		if len(r.rows) > ringSize {
			r.rows = slices.Delete(r.rows, 0, len(r.rows)-ringSize)
		}
	}
	r.changes = append(r.changes, row)
	r.trim()
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

// spoil says that rows of these people are not true any more; nil: all rows. A room that shows none of them stays warm.
func (r *room) spoil(people map[ID]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fills++
	theirs := func(row Row) bool { return people == nil || people[row.Author] }
	if slices.ContainsFunc(r.rows, theirs) || slices.ContainsFunc(r.changes, theirs) {
		r.empty()
	}
}

// empty forgets the rows. The caller holds mu.
func (r *room) empty() { r.filled, r.deep, r.rows, r.changes = false, false, nil, nil }

// render makes rows without mu, and takes mu for the caller. Rows that lost their truth meanwhile are not kept.
func (r *room) render(list []Message) []Row {
	r.mu.Lock()
	fills := r.fills
	r.mu.Unlock()
	rows := r.hub.renderAll(list)
	r.mu.Lock()
	if r.fills != fills {
		r.empty()
	}
	return rows
}

// newest returns the ring.
func (r *room) newest(ctx context.Context) (rows []Row, cursor int64, err error) {
	for {
		if err := r.fill(ctx); err != nil {
			return nil, 0, err
		}
		r.mu.Lock()
		if r.filled {
			rows, cursor = slices.Clone(r.rows), r.cursor
			r.mu.Unlock()
			return rows, cursor, nil
		}
		r.mu.Unlock() // spoiled in between
	}
}

// attach adds the listener and hands it what it missed since its page was made, without a gap between the two.
// It reports false when the listener is too far behind to catch up, or stands in another history.
func (r *room) attach(ctx context.Context, l *Listener, since int64) (bool, error) {
	if err := r.fill(ctx); err != nil {
		return false, err
	}
	renew := func() (bool, error) { // the rows to come follow the page that Take will hand out
		r.mu.Lock()
		defer r.mu.Unlock()
		r.fan.add(l)
		return false, nil
	}
	r.mu.Lock()
	ahead := since > r.cursor
	behind := since < 0 || r.cursor-since > maxBehind // since is the client's word: it may be anything
	r.mu.Unlock()
	if behind {
		return renew()
	}
	if ahead { // true of a page that another node made a moment ago; else the counter is from another history
		now, err := r.counters(ctx)
		if err != nil {
			return false, err
		}
		r.heard(now.LastRev)
		if since > now.LastRev {
			return renew()
		}
	}
	for {
		if err := r.fill(ctx); err != nil {
			return false, err
		}
		r.mu.Lock()
		if r.filled && since >= r.complete {
			missed := slices.Clone(r.changes[sort.Search(len(r.changes), func(i int) bool { return r.changes[i].Rev > since }):])
			l.tell(func() { l.rows = missed })
			r.fan.add(l)
			r.mu.Unlock()
			return true, nil
		}
		spoiled, deep := !r.filled, r.deep
		r.mu.Unlock()
		switch {
		case spoiled:
		case deep:
			return renew()
		default:
			if err := r.deepen(ctx); err != nil {
				return false, err
			}
		}
	}
}

// deepen reads the changes before those that are kept, as far back as anyone is caught up: once, however many pages
// wait for them. They stay until the room is forgotten or filled anew.
func (r *room) deepen(ctx context.Context) error {
	r.loading.Lock()
	defer r.loading.Unlock()
	r.mu.Lock()
	fills, cursor, done := r.fills, r.cursor, r.deep || !r.filled
	r.mu.Unlock()
	if done {
		return nil
	}
	from := max(0, cursor-maxBehind)
	r.hub.messageQueries.Add(1)
	older, err := messages(ctx, r.hub.chat.db.read, r.ch, changesAfter, from, maxBehind)
	if err != nil {
		return err
	}
	// What has changed since the look at cursor bears a later rev: it is among the changes, or will be.
	rows := r.hub.renderAll(older[:sort.Search(len(older), func(i int) bool { return older[i].Rev > cursor })])
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fills != fills || !r.filled || r.complete > cursor {
		return nil // filled anew, or run on too far: the caller looks again
	}
	rows = rows[:sort.Search(len(rows), func(i int) bool { return rows[i].Rev > r.complete })]
	r.deep, r.changes, r.complete = true, append(rows, r.changes...), from
	r.trim()
	return nil
}

func (r *room) counters(ctx context.Context) (now Channel, err error) {
	now.LastSeq, now.LastRev, err = channelCounters(ctx, r.hub.chat.db.read, r.ch.ID)
	return now, err
}
