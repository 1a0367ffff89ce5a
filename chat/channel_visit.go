package chat

import (
	"context"
	"slices"
	"strings"

	"chitchat/chat/sqlite"
)

// maxVisits is the number of channels that a user visited last which are remembered.
const maxVisits = 30

// recordVisit records that the actor visited the channel and read it up to seq (0: not at all).
func (c *core) recordVisit(ctx context.Context, a Actor, ch *cachedChannel, seq, readSeq int64) error {
	if ch.parent != nil {
		if seq > readSeq && ch.ID != 0 {
			if err := c.markThreadRead(ctx, a, ch, seq); err != nil {
				return err
			}
		}
		return c.recordVisit(ctx, a, ch.parent, 0, 0)
	}
	visits, err := c.lastChannels(ctx, a.ID)
	again := len(visits) > 0 && visits[0] == ch.ID
	if err != nil || seq <= readSeq && again {
		return err
	}
	return bestEffortValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (mark readMark, err error) {
		if !again {
			if err := insertVisit(ctx, tx, a.ID, ch.ID); err != nil {
				return mark, err
			}
		}
		if seq <= readSeq {
			return mark, nil
		}
		return raiseRead(ctx, tx, ch.ID, a.ID, seq)
	}, func(mark readMark) {
		c.caches.lastChannels.forget(a.ID)
		if seq > readSeq {
			c.hub.read(a.ID, ch.ID, mark)
		}
	})
}

// lastChannels returns the channels that the user visited last, the latest first: at most maxVisits. The user may not
// see them any more.
func (c *core) lastChannels(ctx context.Context, user ID) ([]ID, error) {
	return c.caches.lastChannels.get(user, func() ([]ID, error) { return selectVisits(ctx, c.db, user) })
}

func selectVisits(ctx context.Context, q sqlite.Querier, user ID) ([]ID, error) {
	var last ID
	var visited string
	err := q.QueryRowContext(ctx, `SELECT last_channel_id, visited FROM users WHERE id = $1`, user).Scan(&last, &visited)
	if err != nil {
		return nil, err
	}
	var list []ID
	for text := range strings.FieldsSeq(visited) {
		id, err := ParseID(text)
		if err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	if len(list) == 0 && last != 0 { // from before the others were remembered
		list = []ID{last}
	}
	return list, nil
}

// insertVisit makes a channel the one that the user visited last.
func insertVisit(ctx context.Context, tx *sqlite.Tx, user, channel ID) error {
	before, err := selectVisits(ctx, tx, user)
	if err != nil {
		return err
	}
	list := append([]ID{channel}, slices.DeleteFunc(before, func(id ID) bool { return id == channel })...)
	texts := make([]string, min(len(list), maxVisits))
	for i := range texts {
		texts[i] = list[i].String()
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET last_channel_id = $1, visited = $2 WHERE id = $3`,
		channel, strings.Join(texts, " "), user)
	return err
}
