package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// channelNamed returns the name of the channel that has the same key as name, or "".
func channelNamed(ctx context.Context, tx *sql.Tx, name string) (string, error) {
	var taken string
	err := tx.QueryRowContext(ctx, `SELECT name FROM channels WHERE name_key = $1`, NameKey(name)).Scan(&taken)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return taken, err
}

// insertChannel adds a channel under the first free slug: names that differ only in punctuation share one otherwise.
func insertChannel(ctx context.Context, tx *sql.Tx, name string, by ID, now time.Time) (Channel, error) {
	ch := Channel{ID: NewID(), Name: name, CreatedAt: now}
	base := slugOf(name)
	for n := 1; ch.Slug == ""; n++ {
		slug := base
		if n > 1 {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		var used bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM channels WHERE slug = $1)`, slug).Scan(&used); err != nil {
			return Channel{}, err
		}
		if !used {
			ch.Slug = slug
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO channels (id, slug, name, name_key, created_by, created_at, last_seq, last_rev)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0)`, ch.ID, ch.Slug, ch.Name, NameKey(ch.Name), by, now.UnixMilli())
	return ch, err
}

func selectChannels(ctx context.Context, q querier) ([]Channel, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, slug, name, created_at, last_seq, last_rev FROM channels ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var list []Channel
	for rows.Next() {
		var ch Channel
		var created int64
		if err := rows.Scan(&ch.ID, &ch.Slug, &ch.Name, &created, &ch.LastSeq, &ch.LastRev); err != nil {
			return nil, err
		}
		ch.CreatedAt = fromMillis(created)
		list = append(list, ch)
	}
	return list, rows.Err()
}

func channelCounters(ctx context.Context, q querier, id ID) (seq, rev int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT last_seq, last_rev FROM channels WHERE id = $1`, id).Scan(&seq, &rev)
	return seq, rev, err
}

func selectReads(ctx context.Context, q querier, user ID) (map[ID]int64, error) {
	rows, err := q.QueryContext(ctx, `SELECT channel_id, read_seq FROM memberships WHERE user_id = $1`, user)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	reads := make(map[ID]int64)
	for rows.Next() {
		var channel ID
		var seq int64
		if err := rows.Scan(&channel, &seq); err != nil {
			return nil, err
		}
		reads[channel] = seq
	}
	return reads, rows.Err()
}

// upsertReads moves people's read marks in one channel forward, never back.
func upsertReads(ctx context.Context, tx *sql.Tx, channel ID, reads map[ID]int64, now time.Time) error {
	args := make([]any, 0, 4*len(reads))
	for user, seq := range reads {
		args = append(args, channel, user, seq, now.UnixMilli())
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO memberships (channel_id, user_id, read_seq, joined_at) VALUES `+valueLists(1, len(reads), 4)+`
		ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq
		WHERE memberships.read_seq < excluded.read_seq`, args...)
	return err
}
