package chat

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"

	"chitchat/chat/sqlite"
)

// A message that can be found has a number, of all channels and threads together. It gets the next one when it is
// posted, and again whenever something changes by which it can be found: its text, its files and their texts, who is
// mentioned, and whether it is pinned, edited, answered, or has reactions. Deleted messages have none, nor have lines
// and broadcasts.
//
// No number is given twice: the next one is above those that messages have, and above the counter, which is never below
// one that a message had. So a post, which outdates none, need not write the counter.

// newestNumber returns the last number that a message got.
func newestNumber(ctx context.Context, q sqlite.Querier) (newest int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE(max(number), 0) FROM (SELECT max(number) AS number FROM messages
		UNION ALL SELECT value FROM counters WHERE name = $1) numbers`, "numbers").Scan(&newest)
	return newest, err
}

// nextNumber returns the number that the transaction may give next; those after it are free too.
func nextNumber(ctx context.Context, tx *sqlite.Tx) (int64, error) {
	newest, err := newestNumber(ctx, tx)
	return newest + 1, err
}

// numberChanged returns the number that a message has after a change of its row, which is not written yet.
func numberChanged(ctx context.Context, tx *sqlite.Tx, m *Message) (number int64, err error) {
	var old int64
	var same bool
	err = tx.QueryRowContext(ctx, `SELECT number, body = $1 AND files = $2 AND (reactions > 0) = $3 AND
		(edited_at > 0) = $4 AND deleted_at = $5 FROM messages WHERE channel_id = $6 AND seq = $7`,
		m.Body, len(m.Attachments), len(m.Reactions) > 0, !m.EditedAt.IsZero(), millis(m.DeletedAt), m.ChannelID, m.Seq).
		Scan(&old, &same)
	if errors.Is(err, sql.ErrNoRows) || err != nil || old == 0 || same {
		return old, ignoreNoRows(err)
	}
	if err := outdateNumber(ctx, tx, old); err != nil || m.Deleted() {
		return 0, err
	}
	return nextNumber(ctx, tx)
}

// renumber gives a message the next number, if it has one.
func renumber(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64) error {
	var old int64
	err := tx.QueryRowContext(ctx, `SELECT number FROM messages WHERE channel_id = $1 AND seq = $2`, channel, seq).
		Scan(&old)
	if err != nil || old == 0 {
		return ignoreNoRows(err)
	}
	if err := outdateNumber(ctx, tx, old); err != nil {
		return err
	}
	number, err := nextNumber(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE messages SET number = $1 WHERE channel_id = $2 AND seq = $3`, number, channel,
		seq)
	return err
}

// outdateNumber records that no message has the number any more.
func outdateNumber(ctx context.Context, tx *sqlite.Tx, number int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO search_stale (number, at) VALUES ($1, $2)`, number, tx.Now.UnixMilli())
	if err != nil {
		return err
	}
	return usedNumbers(ctx, tx, number)
}

// outdateNumbers is outdateNumber for the messages of a channel or thread before a seq, which are about to be deleted.
func outdateNumbers(ctx context.Context, tx *sqlite.Tx, channel, seq int64) error {
	newest, err := newestNumber(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO search_stale (number, at)
		SELECT number, $1 FROM messages WHERE channel_id = $2 AND seq < $3 AND number > 0`, tx.Now.UnixMilli(), channel,
		seq); err != nil {
		return err
	}
	return usedNumbers(ctx, tx, newest)
}

// usedNumbers records that numbers up to this one have been given.
func usedNumbers(ctx context.Context, tx *sqlite.Tx, number int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE counters SET value = $1 WHERE name = $2 AND value < $1`, number, "numbers")
	return err
}

func ignoreNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// minIndexed is the number of messages that are indexed together; fewer wait for more.
const minIndexed = 256

// minIndexedSize is the size of the messages that are indexed together though they are fewer, in bytes: each search
// reads those that wait, and they must not be long.
const minIndexedSize = 128 << 10

// unindexed counts new messages. It is safe for concurrent use.
type unindexed struct {
	enough  chan struct{} // receives when there are minIndexed, or minIndexedSize
	n, size atomic.Int64
}

func newUnindexed() *unindexed { return &unindexed{enough: make(chan struct{}, 1)} }

func (u *unindexed) posted(posts []*post) {
	size := 0
	for _, p := range posts {
		size += len(p.message.Body)
	}
	u.add(len(posts), size)
}

// add counts changes of what is indexed, of so many bytes.
func (u *unindexed) add(changes, size int) {
	n, all := u.n.Add(int64(changes)), u.size.Add(int64(size))
	if n < minIndexed && all < minIndexedSize {
		return
	}
	select {
	case u.enough <- struct{}{}:
	default:
	}
}

func (u *unindexed) reset() { u.n.Store(0); u.size.Store(0) }

// numberedAtOnce is how many messages of before the migration get their numbers in one transaction.
const numberedAtOnce = 512

// numberSome gives some of the messages their numbers that were stored before there were any. It reports whether there
// may be more.
func numberSome(ctx context.Context, tx *sqlite.Tx) (more bool, err error) {
	channel, seq, err := numbered(ctx, tx)
	if err != nil || channel < 0 {
		return false, err
	}
	type numberedRow struct {
		channel, seq int64
		without      bool
	}
	list, err := sqlite.Collect(ctx, tx, func(row sqlite.Scanner) (p numberedRow, err error) {
		err = row.Scan(&p.channel, &p.seq, &p.without)
		return p, err
	}, `SELECT channel_id, seq, number = 0 AND deleted_at = 0 AND pins = 0 AND thread_seq = 0 FROM messages
		WHERE (channel_id, seq) > ($1, $2) ORDER BY channel_id, seq LIMIT $3`, channel, seq, numberedAtOnce)
	if err != nil {
		return false, err
	}
	number, err := nextNumber(ctx, tx)
	if err != nil {
		return false, err
	}
	for _, p := range list {
		channel, seq = p.channel, p.seq
		if !p.without {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE messages SET number = $1 WHERE channel_id = $2 AND seq = $3`, number,
			channel, seq); err != nil {
			return false, err
		}
		number++
	}
	if more = len(list) == numberedAtOnce; !more {
		channel = -1
	}
	for name, value := range map[string]int64{"numbered_channel": channel, "numbered_seq": seq} {
		if _, err := tx.ExecContext(ctx, `UPDATE counters SET value = $1 WHERE name = $2`, value, name); err != nil {
			return false, err
		}
	}
	return more, nil
}

// numbered returns how far messages of before have their numbers: up to this seq of a channel or thread, in the order
// of IDs. The channel is -1 when all have.
func numbered(ctx context.Context, q sqlite.Querier) (channel, seq int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT (SELECT value FROM counters WHERE name = $1),
		(SELECT value FROM counters WHERE name = $2)`, "numbered_channel", "numbered_seq").Scan(&channel, &seq)
	return channel, seq, err
}
