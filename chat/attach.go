package chat

import (
	"context"
	"slices"
	"sort"
)

// attach adds the listener and hands it what it missed since its page was made, without a gap between the two.
// It reports false when the listener is too far behind to catch up, or stands in another history.
func (r *room) attach(ctx context.Context, l *Subscription, since int64) (bool, error) {
	if err := r.load(ctx); err != nil {
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
		if err := r.load(ctx); err != nil {
			return false, err
		}
		r.mu.Lock()
		if r.loaded && since >= r.complete {
			missed := slices.Clone(r.changes[sort.Search(len(r.changes), func(i int) bool { return r.changes[i].Rev > since }):])
			l.tell(func() { l.rows = missed })
			r.fan.add(l)
			r.mu.Unlock()
			return true, nil
		}
		spoiled, deep := !r.loaded, r.deep
		r.mu.Unlock()
		switch {
		case spoiled:
		case deep:
			return renew()
		default:
			if err := r.loadOlder(ctx); err != nil {
				return false, err
			}
		}
	}
}

// loadOlder reads the changes before those that are kept, as far back as anyone is caught up: once, however many pages
// wait for them. They stay until the room is forgotten or filled anew.
func (r *room) loadOlder(ctx context.Context) error {
	r.loading.Lock()
	defer r.loading.Unlock()
	r.mu.Lock()
	fills, cursor, done := r.generation, r.cursor, r.deep || !r.loaded
	r.mu.Unlock()
	if done {
		return nil
	}
	from := max(0, cursor-maxBehind)
	r.hub.messageQueries.Add(1)
	older, err := messages(ctx, r.hub.chat.db, r.ch, changesAfter, from, maxBehind)
	if err != nil {
		return err
	}
	// What has changed since the look at cursor bears a later rev: it is among the changes, or will be.
	rows := r.hub.renderAll(older[:sort.Search(len(older), func(i int) bool { return older[i].Rev > cursor })])
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.generation != fills || !r.loaded || r.complete > cursor {
		return nil // filled anew, or run on too far: the caller looks again
	}
	rows = rows[:sort.Search(len(rows), func(i int) bool { return rows[i].Rev > r.complete })]
	r.deep, r.changes, r.complete = true, append(rows, r.changes...), from
	r.trim()
	return nil
}

func (r *room) counters(ctx context.Context) (now Channel, err error) {
	now.LastSeq, now.LastRev, err = channelCounters(ctx, r.hub.chat.db, r.ch.ID)
	return now, err
}
