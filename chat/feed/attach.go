package feed

import (
	"context"
	"slices"
	"sort"
)

// Attach adds the subscription, which is sent nothing before Resume, and hands its sink what it missed since the given
// rev, without a gap between the two. It reports false when the subscription is too far behind to catch up, or is of
// another history: it is then sent only what follows, and its page must be rendered anew.
func (f *Feed) Attach(ctx context.Context, l *Subscription, since int64) (bool, error) {
	if err := f.load(ctx); err != nil {
		return false, err
	}
	renew := func() (bool, error) { // the rows to come follow the page that is rendered now
		f.mu.Lock()
		defer f.mu.Unlock()
		f.fan.add(l)
		return false, nil
	}
	f.mu.Lock()
	ahead := since > f.cursor
	f.mu.Unlock()
	if since < 0 { // it may be anything: clients send it
		return renew()
	}
	if ahead { // true of a page that another node rendered a moment ago; else the counter is of another history
		now, err := f.Source.Rev(ctx)
		if err != nil {
			return false, err
		}
		f.Signal(now)
		if since > now {
			return renew()
		}
	}
	for {
		if err := f.load(ctx); err != nil {
			return false, err
		}
		f.mu.Lock()
		if f.loaded && since >= f.complete {
			missed := slices.Clone(f.changes[sort.Search(len(f.changes), func(i int) bool { return f.changes[i].Rev > since }):])
			l.to.Missed(missed)
			f.fan.add(l)
			f.mu.Unlock()
			return true, nil
		}
		invalid, deep := !f.loaded, f.deep
		f.mu.Unlock()
		switch {
		case invalid:
		case deep:
			return renew()
		default:
			if err := f.loadOlder(ctx); err != nil {
				return false, err
			}
		}
	}
}

// loadOlder reads the changes before the kept ones, as far back as any subscription may catch up: once, however many
// pages wait for them. They are kept until the feed is forgotten or reloaded.
func (f *Feed) loadOlder(ctx context.Context) error {
	f.loading.Lock()
	defer f.loading.Unlock()
	f.mu.Lock()
	generation, cursor, done := f.generation, f.cursor, f.deep || !f.loaded
	f.mu.Unlock()
	if done {
		return nil
	}
	now, err := f.Source.Newest(ctx, 0, MaxBehind)
	if err != nil {
		return err
	}
	rows, from := now.Changes, int64(0)
	if len(rows) == MaxBehind {
		from = rows[0].Rev - 1
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.generation != generation || !f.loaded || f.complete > cursor {
		return nil // reloaded, or advanced too far: the caller tries again
	}
	// Later changes have a higher rev: they are among the changes, or will be.
	rows = rows[:sort.Search(len(rows), func(i int) bool { return rows[i].Rev > f.complete })]
	f.deep, f.changes, f.complete = true, append(slices.Clone(rows), f.changes...), min(from, f.complete)
	f.trim()
	return nil
}

// Remove removes a subscription. A frame that is being sent to it may still arrive.
func (f *Feed) Remove(l *Subscription) { f.fan.remove(l) }

// Resume sends to a subscription what has arrived while its sink was not free, and after Attach. One that does not wait
// needs no Resume, and gets nothing by it.
func (f *Feed) Resume(l *Subscription) { f.fan.resume(l) }

// Waiting returns the number of rows that wait for slow subscriptions, and their bytes.
func (f *Feed) Waiting() (rows, bytes int) {
	f.fan.mu.Lock()
	defer f.fan.mu.Unlock()
	return len(f.fan.log), f.fan.size
}
