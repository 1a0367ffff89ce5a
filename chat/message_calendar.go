package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// MaxCalendarDays is the number of days of a Calendar.
const MaxCalendarDays = 31

// Calendar says on which days of a range a channel has messages. Deleted ones count: their rows are still there.
type Calendar struct {
	Channel Channel
	Days    []bool    // by day: whether it has messages
	Earlier time.Time // when the last message before the range was posted; zero: there is none
	Later   time.Time // the same of the first message after it
	Unread  int64     // the first message that the actor has not read; 0: there is none
}

// Calendar returns the calendar of a channel that the actor sees. The days begin at the given times, in order; the last
// time is the end of the range. What is above MaxCalendarDays is not looked at.
func (c Messages) Calendar(ctx context.Context, a Actor, slug string, begins []time.Time) (Calendar, error) {
	begins = begins[:min(len(begins), MaxCalendarDays+1)]
	acc, err := c.access(ctx, a, slug)
	if err != nil {
		return Calendar{}, err
	}
	p, err := c.page(ctx, a, acc)
	if err != nil {
		return Calendar{}, err
	}
	k := Calendar{Channel: p.Channel, Days: make([]bool, max(0, len(begins)-1))}
	if p.ReadSeq < p.Channel.LastSeq {
		k.Unread = p.ReadSeq + 1
	}
	if len(k.Days) == 0 {
		return k, nil
	}
	c.hub.messageQueries.Add(1)
	return k, c.db.Snapshot(ctx, func(q sqlite.Querier) error {
		t := timeline{q: q, channel: acc.cached.ID, last: p.Channel.LastSeq}
		return t.fill(ctx, &k, begins)
	})
}

// AroundTime returns the first message that was posted at a time or later, as Around does, and its seq. If there is
// none, it returns the newest page and 0. Nothing is marked as read.
func (c Messages) AroundTime(ctx context.Context, a Actor, slug string, at time.Time) (MessagePage, int64, error) {
	acc, err := c.access(ctx, a, slug)
	if err != nil {
		return MessagePage{}, 0, err
	}
	last := acc.cached.lastSeq.Load()
	seq, err := timeline{q: c.db, channel: acc.cached.ID, last: last}.first(ctx, at, 1)
	if err != nil {
		return MessagePage{}, 0, err
	}
	if seq > last {
		p, err := c.Peek(ctx, a, slug)
		return p, 0, err
	}
	p, err := c.Around(ctx, a, slug, seq)
	return p, seq, err
}

// timeline finds messages of a channel by time, without an index on it: the messages up to last are nearly in the order
// of their times, so a binary search finds one among a million with twenty reads by their key. Where a clock was set
// back, it finds a message at which the time is passed, though perhaps not the first one.
type timeline struct {
	q       sqlite.Querier
	channel ID
	last    int64
}

// at returns when a message was posted.
func (t timeline) at(ctx context.Context, seq int64) (time.Time, error) {
	var created int64
	err := t.q.QueryRowContext(ctx, `SELECT created_at FROM messages WHERE channel_id = $1 AND seq = $2`, t.channel, seq).
		Scan(&created)
	if errors.Is(err, sql.ErrNoRows) { // the channel is being deleted
		err = errNotFound
	}
	return fromMillis(created), err
}

// first returns the first message from a seq on that was posted at a time or later; t.last+1 if there is none.
func (t timeline) first(ctx context.Context, at time.Time, from int64) (int64, error) {
	for to := t.last; from <= to; {
		middle := from + (to-from)/2
		created, err := t.at(ctx, middle)
		if err != nil {
			return 0, err
		}
		if created.Before(at) {
			from = middle + 1
		} else {
			to = middle - 1
		}
	}
	return from, nil
}

// fill finds the days with messages: from the first message of one it seeks the next, however many are between.
func (t timeline) fill(ctx context.Context, k *Calendar, begins []time.Time) error {
	seq, err := t.first(ctx, begins[0], 1)
	if err != nil {
		return err
	}
	if seq > 1 {
		if k.Earlier, err = t.at(ctx, seq-1); err != nil {
			return err
		}
	}
	for day := range k.Days {
		if seq > t.last {
			return nil
		}
		created, err := t.at(ctx, seq)
		if err != nil {
			return err
		}
		if !created.Before(begins[day+1]) {
			continue
		}
		k.Days[day] = true
		if seq, err = t.first(ctx, begins[day+1], seq); err != nil {
			return err
		}
	}
	if seq <= t.last {
		k.Later, err = t.at(ctx, seq)
	}
	return err
}
