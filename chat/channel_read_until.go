package chat

import (
	"context"
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
	if err := lowerLater(ctx, c.db, marks, until); err != nil {
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
	return threads, lowerLater(ctx, c.db, threads, until)
}

// lowerLater lowers the marks of those whose message there is later. It reads these messages together, and more only of
// such feeds: usually they are few.
func lowerLater(ctx context.Context, q sqlite.Querier, marks []readTo, until time.Time) error {
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
		if m := &marks[i]; err == nil && later[m.feed] {
			m.to, err = timeline{q: q, channel: m.feed, last: m.to}.first(ctx, until.Add(time.Millisecond), m.read+1)
			m.to--
		}
	}
	return err
}
