package chat

import (
	"maps"
	"time"
)

// appendChanges takes messages that have changed, in the order of rev, and sends them on.
func (r *room) appendChanges(changed []Message) []Row {
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
			r.keep(row)
			r.fetchGap()
			continue
		}
		fresh = r.caughtUp(append(fresh, r.step(row)))
	}
	r.send(fresh)
	return rows
}

// keep lets a row wait until its turn comes, if there is room. Else it is read with the gap. The caller holds mu.
func (r *room) keep(row Row) {
	if len(r.ahead) < maxChanges {
		if r.ahead == nil {
			r.ahead = make(map[int64]Row)
		}
		r.ahead[row.Rev] = row
	}
}

// step moves the cursor to a row, and returns the row. The caller holds mu.
func (r *room) step(row Row) Row {
	r.cursor = row.Rev
	if r.loaded {
		r.place(row)
	}
	return row
}

// caughtUp adds those rows whose turn has come, now that the cursor has moved. The caller holds mu.
func (r *room) caughtUp(fresh []Row) []Row {
	if len(r.ahead) == 0 {
		return fresh
	}
	for row, ok := r.ahead[r.cursor+1]; ok; row, ok = r.ahead[r.cursor+1] {
		fresh = append(fresh, r.step(row))
	}
	maps.DeleteFunc(r.ahead, func(rev int64, _ Row) bool { return rev <= r.cursor })
	return fresh
}

// heard notes that the channel has changed up to rev, somewhere else.
func (r *room) heard(rev int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known = max(r.known, rev)
	if r.opened && r.known > r.cursor {
		r.fetchGap()
	}
}

// fetchGap reads what lies between cursor and known, in a goroutine, after giving it a moment to come by itself.
// The caller holds mu.
func (r *room) fetchGap() {
	if r.fetching {
		return
	}
	r.fetching = true
	r.hub.chat.goroutines.Go("reading a gap", func() {
		defer func() { // who hears of more begins anew, if this fails
			if p := recover(); p != nil {
				r.mu.Lock()
				r.fetching = false
				r.mu.Unlock()
				panic(p)
			}
		}()
		ctx := r.hub.chat.background
		select {
		case <-time.After(gapWait):
		case <-ctx.Done():
			return
		}
		for again := true; again; {
			r.mu.Lock()
			from, known := r.cursor, r.known
			if from >= known {
				r.fetching = false
				r.mu.Unlock()
				return
			}
			r.mu.Unlock()
			r.hub.messageQueries.Add(1)
			missed, err := messages(ctx, r.hub.chat.db, r.ch, changesAfter, from, maxChanges)
			if err != nil && ctx.Err() == nil {
				r.hub.chat.options.Log.Error("reading a gap", "channel", r.ch.ID, "error", err)
				select {
				case <-time.After(gapRetry):
				case <-ctx.Done():
				}
			}
			r.applyGap(from, missed)
			r.mu.Lock() // who hears of more from now on begins anew
			again = ctx.Err() == nil && (err != nil || len(missed) > 0 || r.known > known)
			r.fetching = again
			r.mu.Unlock()
		}
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
		r.ch.advance(row.Seq, row.Rev, millis(row.CreatedAt))
		r.step(row)
	}
	r.send(r.caughtUp(rows))
}
