package feed

import (
	"context"
	"sort"
)

// load makes the feed warm, if it is cold.
func (f *Feed) load(ctx context.Context) error {
	if f.isLoaded() {
		return nil
	}
	f.loading.Lock()
	defer f.loading.Unlock()
	for !f.isLoaded() {
		if err := f.reload(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (f *Feed) isLoaded() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.loaded
}

// reload reads the source once. The caller must repeat it when something changed meanwhile.
func (f *Feed) reload(ctx context.Context) error {
	f.mu.Lock()
	generation := f.generation
	f.mu.Unlock()

	now, err := f.Source.Newest(ctx, RingSize, MaxChanges)
	if err != nil {
		return err
	}

	f.mu.Lock()
	defer f.mu.Unlock()
	if f.generation != generation || f.opened && now.Rev < f.cursor {
		return nil // changed meanwhile: the caller tries again
	}
	changes, complete := now.Changes, int64(0)
	if len(changes) == MaxChanges {
		complete = changes[0].Rev - 1
	}
	if f.opened && complete > f.cursor {
		// The subscriptions lack more than the log holds: they must come back with their own rev.
		f.fan.endAll()
	} else if f.opened {
		f.send(changes[sort.Search(len(changes), func(i int) bool { return changes[i].Rev > f.cursor }):])
	}
	f.rows, f.ring, f.changes, f.complete = now.Rows, nil, changes, complete
	if f.oldest = 0; len(now.Rows) > 0 {
		f.oldest = now.Rows[0].Seq
	}
	f.trim()
	f.cursor, f.opened, f.loaded = now.Rev, true, true
	f.send(f.caughtUp(nil))
	if f.known > f.cursor {
		f.fetchGap()
	}
	return nil
}
