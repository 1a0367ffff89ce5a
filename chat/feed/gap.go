package feed

import (
	"context"
	"maps"
	"time"
)

// Append adds the changed rows that render returns, in the order of rev, and sends them. It returns them.
func (f *Feed) Append(render func() []Row) []Row {
	rows := f.during(render)
	defer f.mu.Unlock()
	fresh := make([]Row, 0, len(rows))
	for _, row := range rows {
		f.known = max(f.known, row.Rev)
	}
	for _, row := range rows {
		if !f.opened || row.Rev <= f.cursor {
			continue
		}
		if row.Rev > f.cursor+1 {
			f.keep(row)
			f.fetchGap()
			continue
		}
		fresh = f.caughtUp(append(fresh, f.step(row)))
	}
	f.send(fresh)
	return rows
}

// keep lets a row wait for its turn if there is room; otherwise it is read with the gap. The caller holds mu.
func (f *Feed) keep(row Row) {
	if len(f.ahead) < MaxChanges {
		if f.ahead == nil {
			f.ahead = make(map[int64]Row)
		}
		f.ahead[row.Rev] = row
	}
}

// step moves the cursor to a row and returns the row. The caller holds mu.
func (f *Feed) step(row Row) Row {
	f.cursor = row.Rev
	if f.loaded {
		f.insert(row)
	}
	return row
}

// caughtUp appends the waiting rows whose turn has come. The caller holds mu.
func (f *Feed) caughtUp(fresh []Row) []Row {
	if len(f.ahead) == 0 {
		return fresh
	}
	for row, ok := f.ahead[f.cursor+1]; ok; row, ok = f.ahead[f.cursor+1] {
		fresh = append(fresh, f.step(row))
	}
	maps.DeleteFunc(f.ahead, func(rev int64, _ Row) bool { return rev <= f.cursor })
	return fresh
}

// Signal reports that another process has made changes up to rev.
func (f *Feed) Signal(rev int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known = max(f.known, rev)
	if f.opened && f.known > f.cursor {
		f.fetchGap()
	}
}

// fetchGap reads the changes between cursor and known, in a goroutine, after a short wait in which they may arrive. The
// caller holds mu.
func (f *Feed) fetchGap() {
	if f.fetching {
		return
	}
	f.fetching = true
	f.Go("reading a gap", func(ctx context.Context) {
		defer func() { // a later signal starts again, if this fails
			if p := recover(); p != nil {
				f.mu.Lock()
				f.fetching = false
				f.mu.Unlock()
				panic(p)
			}
		}()
		select {
		case <-time.After(gapWait):
		case <-ctx.Done():
			return
		}
		for again := true; again; {
			f.mu.Lock()
			from, known, generation := f.cursor, f.known, f.generation
			if from >= known {
				f.fetching = false
				f.mu.Unlock()
				return
			}
			f.mu.Unlock()
			missed, err := f.Source.Since(ctx, from, MaxChanges)
			if err != nil && ctx.Err() == nil {
				f.Log.Error("reading a gap", "error", err)
				select {
				case <-time.After(gapRetry):
				case <-ctx.Done():
				}
			}
			f.applyGap(from, generation, missed)
			f.mu.Lock() // signals from now on start again
			again = ctx.Err() == nil && (err != nil || len(missed) > 0 || f.known > known)
			f.fetching = again
			f.mu.Unlock()
		}
	})
}

// applyGap applies the changes after from, as read at that generation. Revs may be missing: a row that changed twice
// has the later one only.
func (f *Feed) applyGap(from int64, generation uint64, missed []Row) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.generation != generation || f.cursor != from {
		return // the rows are outdated, or the gap was closed, or a part of it: look again
	}
	for _, row := range missed {
		f.step(row)
	}
	f.send(f.caughtUp(missed))
}
