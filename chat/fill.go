package chat

import (
	"context"
	"slices"
	"sort"

	"chitchat/chat/sqlite"
)

// load makes the room warm, if it is not.
func (r *room) load(ctx context.Context) error {
	if r.isLoaded() {
		return nil
	}
	r.loading.Lock()
	defer r.loading.Unlock()
	for !r.isLoaded() {
		if err := r.reload(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *room) isLoaded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.loaded
}

// reload reads the room once. It may have to be done again: when something changed meanwhile.
func (r *room) reload(ctx context.Context) error {
	r.mu.Lock()
	fills := r.generation
	r.mu.Unlock()

	var now Channel
	var newest, changed []Message
	err := r.hub.chat.db.Snapshot(ctx, func(q sqlite.Querier) error {
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
	newest, last := fitMessages(newest, max(0, len(newest)-1))
	rows := fitRows(r.hub.renderAll(newest), last)
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
	if r.generation != fills || r.opened && now.LastRev < r.cursor {
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
	r.rows, r.ring, r.changes, r.complete = rows, nil, changes, complete
	if r.oldest = 0; len(rows) > 0 {
		r.oldest = rows[0].Seq
	}
	r.trim()
	r.cursor, r.opened, r.loaded = now.LastRev, true, true
	r.ch.advance(now.LastSeq, now.LastRev, now.lastAt)
	r.send(r.caughtUp(nil))
	if r.known > r.cursor {
		r.fetchGap()
	}
	return nil
}
