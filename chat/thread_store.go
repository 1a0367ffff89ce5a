package chat

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"time"

	"chitchat/chat/sqlite"
)

// threadRow is a thread, and what a user has read of it.
type threadRow struct {
	id, channel                      ID
	root, lastSeq, lastRev, shownRev int64
	createdAt                        time.Time
	lastAt                           int64

	following bool
	readSeq   int64
}

const threadColumns = `t.id, t.channel_id, t.seq, t.created_at, t.last_seq, t.last_rev, t.last_at, t.shown_rev`

// scanThread reads threadColumns, and more columns after them.
func scanThread(row sqlite.Scanner, more ...any) (t threadRow, err error) {
	var created int64
	err = row.Scan(append([]any{&t.id, &t.channel, &t.root, &created, &t.lastSeq, &t.lastRev, &t.lastAt, &t.shownRev},
		more...)...)
	t.createdAt = fromMillis(created)
	return t, err
}

// threadOf returns the thread of a channel's message, and what the user has read of it: the zero row if it has not
// begun.
func threadOf(ctx context.Context, q sqlite.Querier, channel ID, root int64, user ID) (t threadRow, err error) {
	var following bool
	var read int64
	t, err = scanThread(q.QueryRowContext(ctx, `SELECT `+threadColumns+`, COALESCE(f.following, FALSE),
		COALESCE(f.read_seq, 0) FROM threads t LEFT JOIN thread_followers f ON f.thread_id = t.id AND f.user_id = $1
		WHERE t.channel_id = $2 AND t.seq = $3`, user, channel, root), &following, &read)
	if errors.Is(err, sql.ErrNoRows) {
		return threadRow{channel: channel}, nil
	}
	t.following, t.readSeq = following, read
	return t, err
}

// threadByID returns a thread, or sql.ErrNoRows.
func threadByID(ctx context.Context, q sqlite.Querier, id ID) (threadRow, error) {
	return scanThread(q.QueryRowContext(ctx, `SELECT `+threadColumns+` FROM threads t WHERE t.id = $1`, id))
}

// threadsByID returns those of the threads that there are.
func threadsByID(ctx context.Context, q sqlite.Querier, ids []ID) (list []threadRow, err error) {
	err = sqlite.InBatches(ids, func(ids []ID) error {
		args := make([]any, len(ids))
		for i, id := range ids {
			args[i] = id
		}
		some, err := sqlite.Collect(ctx, q, func(row sqlite.Scanner) (threadRow, error) { return scanThread(row) },
			`SELECT `+threadColumns+` FROM threads t WHERE t.id IN `+sqlite.InList(1, len(ids)), args...)
		list = append(list, some...)
		return err
	})
	return list, err
}

// insertThread begins the thread of a message, unless it has begun, and returns it. Its author and those whom it
// mentions follow, and those who have reacted to it.
func insertThread(ctx context.Context, tx *sqlite.Tx, root Message) (threadRow, error) {
	t, err := threadOf(ctx, tx, root.ChannelID, root.Seq, 0)
	if err != nil || t.id != 0 {
		return t, err
	}
	if root.Deleted() || root.Broadcast.Seq != 0 {
		return threadRow{}, errNotFound
	}
	t = threadRow{id: NewID(), channel: root.ChannelID, root: root.Seq, createdAt: tx.Now}
	_, err = tx.ExecContext(ctx, `INSERT INTO threads (id, channel_id, seq, created_at, last_seq, last_rev, last_at,
		shown_rev) VALUES ($1, $2, $3, $4, 0, 0, 0, 0)`, t.id, t.channel, t.root, tx.Now.UnixMilli())
	if err != nil {
		return t, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO thread_followers (thread_id, user_id, following, read_seq)
		SELECT $1, id, TRUE, 0 FROM users WHERE id = $2
		OR id IN (SELECT user_id FROM mentions WHERE channel_id = $3 AND seq = $4 AND user_id > 0)
		OR id IN (SELECT user_id FROM reactions WHERE channel_id = $3 AND seq = $4)`,
		t.id, root.Author.ID, root.ChannelID, root.Seq)
	return t, err
}

// feedTable is the table that has the counters of a feed.
func feedTable(ref ThreadRef) string {
	if ref.Root != 0 {
		return "threads"
	}
	return "channels"
}

// nextRev gives a change of a feed its rev.
func nextRev(ctx context.Context, tx *sqlite.Tx, id ID, ref ThreadRef) (rev int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE `+feedTable(ref)+` SET last_rev = last_rev + 1 WHERE id = $1 RETURNING last_rev`,
		id).Scan(&rev)
	return rev, err
}

// outdatedThreads returns threads whose roots may not show the present number of replies.
func outdatedThreads(ctx context.Context, q sqlite.Querier, most int) ([]ID, error) {
	return sqlite.Collect(ctx, q, scanID, `SELECT id FROM threads WHERE shown_rev < last_rev ORDER BY id LIMIT $1`, most)
}

// selectReplies returns what the root of a thread is to show.
func selectReplies(ctx context.Context, q sqlite.Querier, t threadRow) (r Replies, err error) {
	var deleted int64
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM messages WHERE channel_id = $1 AND deleted_at > 0`, t.id).
		Scan(&deleted)
	if r.Count = t.lastSeq - deleted; err != nil || r.Count == 0 {
		return Replies{}, err
	}
	const looked = 50 // replies: one author may have written many
	err = sqlite.Each(ctx, q, `SELECT user_id, created_at FROM messages WHERE channel_id = $1 AND deleted_at = 0
		ORDER BY seq DESC LIMIT $2`, []any{t.id, looked}, func(row sqlite.Scanner) error {
		user, at, err := sqlite.Pair[ID, int64](row)
		r.add(user, fromMillis(at))
		return err
	})
	return r, err
}

// setReplies stores what a root shows, and returns its new rev.
func setReplies(ctx context.Context, tx *sqlite.Tx, root *Message) (err error) {
	if root.Rev, err = nextRev(ctx, tx, root.ChannelID, ThreadRef{}); err != nil {
		return err
	}
	var had bool
	if err := tx.QueryRowContext(ctx, `SELECT replies <> '' FROM messages WHERE channel_id = $1 AND seq = $2`,
		root.ChannelID, root.Seq).Scan(&had); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE messages SET rev = $1, replies = $2 WHERE channel_id = $3 AND seq = $4`,
		root.Rev, root.Replies.stored(), root.ChannelID, root.Seq)
	if err != nil || had == (root.Replies.Count > 0) {
		return err
	}
	return renumber(ctx, tx, root.ChannelID, root.Seq)
}

// threadRevs returns the revs of the given threads, and of those with a reply since a time.
func threadRevs(ctx context.Context, q sqlite.Querier, threads []ID, since time.Time) (map[ID]int64, error) {
	revs, err := sqlite.CollectMap(ctx, q, sqlite.Pair[ID, int64], `SELECT id, last_rev FROM threads WHERE last_at > $1`,
		since.UnixMilli())
	if err != nil {
		return nil, err
	}
	return revs, sqlite.InBatches(threads, func(threads []ID) error {
		args := make([]any, len(threads))
		for i, id := range threads {
			args[i] = id
		}
		some, err := sqlite.CollectMap(ctx, q, sqlite.Pair[ID, int64], `SELECT id, last_rev FROM threads WHERE id IN `+
			sqlite.InList(1, len(threads)), args...)
		maps.Copy(revs, some)
		return err
	})
}
