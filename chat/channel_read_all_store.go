package chat

import (
	"context"
	"maps"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// raiseReads moves a user's read marks of channels forward, never back, and keeps those from before in the batch. It
// returns the marks that have moved.
func raiseReads(ctx context.Context, tx *sqlite.Tx, batch, user ID, to map[ID]int64) (map[ID]readMark, error) {
	marks := make(map[ID]readMark)
	channels := slices.Sorted(maps.Keys(to)) // neighbours in the index, too
	return marks, sqlite.InBatches(channels, func(channels []ID) error {
		before, of := make(map[ID]int64, len(channels)), []any{user}
		rows, kept := make([]any, 0, 5*len(channels)), make([]any, 0, 5*len(channels))
		for _, id := range channels {
			of = append(of, id)
		}
		err := sqlite.Each(ctx, tx, `SELECT channel_id, read_seq FROM memberships WHERE user_id = $1 AND channel_id IN `+
			sqlite.InList(2, len(channels)), of, func(row sqlite.Scanner) error {
			id, seq, err := sqlite.Pair[ID, int64](row)
			before[id] = seq
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range channels {
			rows = append(rows, id, user, to[id], tx.Now.UnixMilli(), Seen)
		}
		err = sqlite.Each(ctx, tx, `INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state) VALUES `+
			sqlite.Placeholders(1, len(channels), 5)+`
			ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq
			WHERE memberships.read_seq < excluded.read_seq RETURNING channel_id, read_seq, unread_rev`, rows,
			func(row sqlite.Scanner) error {
				var id ID
				var mark readMark
				err := row.Scan(&id, &mark.readSeq, &mark.unreadRev)
				marks[id] = mark
				kept = append(kept, user, id, batch, before[id], tx.Now.UnixMilli())
				return err
			})
		if err != nil || len(kept) == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, insertUndo+`VALUES `+sqlite.Placeholders(1, len(kept)/5, 5)+keepNewest, kept...)
		return err
	})
}

// What a batch keeps takes the place of what an earlier one has kept of the same channel or thread.
const (
	insertUndo = `INSERT INTO read_undo (user_id, feed_id, batch, read_seq, at) `
	keepNewest = ` ON CONFLICT (user_id, feed_id) DO UPDATE SET
		batch = excluded.batch, read_seq = excluded.read_seq, at = excluded.at`
)

// readThreads marks all threads that a user follows as read, but for those of channels that they have lost, and those
// with replies after a time, if that is not zero. It keeps the marks from before in the batch.
func readThreads(ctx context.Context, tx *sqlite.Tx, batch, user ID, until time.Time) error {
	_, err := tx.ExecContext(ctx, insertUndo+`
		SELECT f.user_id, f.thread_id, CAST($2 AS BIGINT), f.read_seq, CAST($3 AS BIGINT)
		FROM thread_followers f JOIN threads t ON t.id = f.thread_id JOIN channels c ON c.id = t.channel_id
		WHERE f.user_id = $1 AND f.following AND t.last_seq > f.read_seq AND c.deleted_at = 0
			AND (CAST($4 AS BIGINT) = 0 OR t.last_at <= $4)
			AND (c.kind = 'public' OR EXISTS (SELECT 1 FROM memberships m
				WHERE m.channel_id = c.id AND m.user_id = f.user_id AND m.state = 'joined'))`+keepNewest,
		user, batch, tx.Now.UnixMilli(), millis(until))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE thread_followers SET read_seq =
			(SELECT t.last_seq FROM threads t WHERE t.id = thread_followers.thread_id)
		WHERE user_id = $1 AND thread_id IN (SELECT u.feed_id FROM read_undo u JOIN threads t ON t.id = u.feed_id
			WHERE u.user_id = $1 AND u.batch = $2)`, user, batch)
	return err
}

// readThread marks one thread as read up to seq, if the user follows it, and keeps the mark from before in the batch.
func readThread(ctx context.Context, tx *sqlite.Tx, batch, user, thread ID, seq int64) error {
	_, err := tx.ExecContext(ctx, insertUndo+`
		SELECT f.user_id, f.thread_id, CAST($3 AS BIGINT), f.read_seq, CAST($4 AS BIGINT) FROM thread_followers f
		WHERE f.user_id = $1 AND f.thread_id = $2 AND f.following AND f.read_seq < $5`+keepNewest,
		user, thread, batch, tx.Now.UnixMilli(), seq)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE thread_followers SET read_seq = $1
		WHERE user_id = $2 AND thread_id = $3 AND following AND read_seq < $1`, seq, user, thread)
	return err
}

// replaceUndo forgets what the user could undo before a batch, if the batch has something. It reports that.
func replaceUndo(ctx context.Context, tx *sqlite.Tx, batch, user ID) (some bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM read_undo WHERE user_id = $1 AND batch = $2)`,
		user, batch).Scan(&some)
	if err != nil || !some {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM read_undo WHERE user_id = $1 AND batch <> $2`, user, batch)
	return true, err
}

// undoReads moves the user's marks of a batch back, never forward, makes them the newest ones, and forgets the batch.
// It reports whether there was one. Call hub.membersChanged after the commit.
func undoReads(ctx context.Context, tx *sqlite.Tx, batch, user ID, rev int64) (some bool, err error) {
	const of = ` IN (SELECT feed_id FROM read_undo WHERE user_id = $1 AND batch = $2 AND at > $3)`
	since := tx.Now.Add(-undoLifetime).UnixMilli()
	_, err = tx.ExecContext(ctx, `UPDATE memberships SET rev = $4, unread_rev = $4, read_seq = (
			SELECT CASE WHEN memberships.read_seq < u.read_seq THEN memberships.read_seq ELSE u.read_seq END
			FROM read_undo u WHERE u.user_id = $1 AND u.feed_id = memberships.channel_id)
		WHERE user_id = $1 AND channel_id`+of, user, batch, since, rev)
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE thread_followers SET read_seq = (
			SELECT CASE WHEN thread_followers.read_seq < u.read_seq THEN thread_followers.read_seq ELSE u.read_seq END
			FROM read_undo u WHERE u.user_id = $1 AND u.feed_id = thread_followers.thread_id)
		WHERE user_id = $1 AND thread_id`+of, user, batch, since)
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `DELETE FROM read_undo WHERE user_id = $1 AND batch = $2 AND at > $3`, user, batch,
		since)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func deleteOldUndo(ctx context.Context, tx *sqlite.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM read_undo WHERE at <= $1`, tx.Now.Add(-undoLifetime).UnixMilli())
	return err
}
