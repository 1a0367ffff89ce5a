package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"chitchat/chat/sqlite"
)

// readTo is how far a user has read a channel or thread, and how far that is to be marked as read.
type readTo struct {
	feed     ID
	read, to int64
}

// readUntil lowers the marks of channels to what had come until a time, if that is not zero, and returns those of the
// threads with unread replies before it and later ones; readThreads finds the other threads.
func (c *core) readUntil(ctx context.Context, a Actor, marks []readTo, until time.Time) (threads []readTo, err error) {
	if until.IsZero() {
		return nil, nil
	}
	if err := lowerLater(ctx, c.db, a.ID, marks, until); err != nil {
		return nil, err
	}
	list, err := c.threads.UnreadThreads(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if t.lastAt > until.UnixMilli() {
			threads = append(threads, readTo{t.id, t.readSeq, t.lastSeq})
		}
	}
	return threads, lowerLater(ctx, c.db, a.ID, threads, until)
}

// lowerLater lowers the marks of those whose message there is later. It reads these messages together, and more only of
// such feeds: usually they are few.
func lowerLater(ctx context.Context, q sqlite.Querier, user ID, marks []readTo, until time.Time) error {
	later := make(map[ID]bool)
	err := sqlite.InBatches(marks, func(marks []readTo) error {
		args, each := []any{until.UnixMilli()}, make([]string, len(marks))
		for i, m := range marks {
			args, each[i] = append(args, m.feed, m.to), fmt.Sprintf("channel_id = $%d AND seq = $%d", 2*i+2, 2*i+3)
		}
		return sqlite.Each(ctx, q, `SELECT channel_id FROM messages WHERE created_at > $1 AND (`+
			strings.Join(each, " OR ")+`)`, args, func(row sqlite.Scanner) error {
			id, err := scanID(row)
			later[id] = true
			return err
		})
	})
	for i := range marks {
		m := &marks[i]
		if err != nil || !later[m.feed] {
			continue
		}
		var first int64
		first, err = timeline{q: q, channel: m.feed, last: m.to}.first(ctx, until.Add(time.Millisecond), m.read+1)
		if err == nil {
			m.to, err = pastOwn(ctx, q, m.feed, user, first-1, m.to)
		}
	}
	return err
}

// pastOwn returns up to where a channel or thread has only messages of the user after a seq: what one has written since
// is not new to oneself. last is the newest message.
func pastOwn(ctx context.Context, q sqlite.Querier, feed, user ID, seq, last int64) (int64, error) {
	if seq >= last {
		return last, nil
	}
	var next int64
	err := q.QueryRowContext(ctx, `SELECT seq FROM messages WHERE channel_id = $1 AND seq > $2 AND user_id <> $3
		ORDER BY seq LIMIT 1`, feed, seq, user).Scan(&next)
	if errors.Is(err, sql.ErrNoRows) {
		return last, nil
	}
	return next - 1, err
}
