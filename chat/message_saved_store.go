package chat

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"chitchat/chat/sqlite"
)

// savedKey is a message on a user's list, and its place there.
type savedKey struct {
	channel    ID
	seq, place int64
	at         time.Time
}

// isSaved reports whether a message is on the user's list, and whether it is done there.
func isSaved(ctx context.Context, q sqlite.Querier, channel ID, seq int64, user ID) (is, done bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT done FROM saved WHERE channel_id = $1 AND seq = $2 AND user_id = $3`,
		channel, seq, user).Scan(&done)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, done, err
}

// countSaved returns the length of a user's list, and its last place.
func countSaved(ctx context.Context, q sqlite.Querier, user ID) (n int, place int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), COALESCE(max(place), 0) FROM saved WHERE user_id = $1`, user).
		Scan(&n, &place)
	return n, place, err
}

func upsertSaved(ctx context.Context, tx *sqlite.Tx, channel, user ID, k savedKey, done bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO saved (channel_id, seq, user_id, done, place, at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (channel_id, seq, user_id) DO UPDATE SET done = $4, place = $5, at = $6`,
		channel, k.seq, user, done, k.place, tx.Now.UnixMilli())
	return err
}

func deleteSaved(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64, user ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM saved WHERE channel_id = $1 AND seq = $2 AND user_id = $3`, channel, seq,
		user)
	return err
}

// deleteSavedIn takes all messages of a channel from a user's list.
func deleteSavedIn(ctx context.Context, tx *sqlite.Tx, channel, user ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM saved WHERE channel_id = $1 AND user_id = $2`, channel, user)
	return err
}

// selectSaved returns what is on a user's list before a place, newest first; 0: all.
func selectSaved(ctx context.Context, q sqlite.Querier, user ID, done bool, before int64) ([]savedKey, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (k savedKey, err error) {
		var at int64
		err = row.Scan(&k.channel, &k.seq, &k.place, &at)
		k.at = fromMillis(at)
		return k, err
	}, `SELECT channel_id, seq, place, at FROM saved WHERE user_id = $1 AND place < $2 AND done = $3
		ORDER BY place DESC`, user, before, done)
}

// savedChannels returns the channels of the messages on a user's list.
func savedChannels(ctx context.Context, q sqlite.Querier, user ID) ([]ID, error) {
	return sqlite.Collect(ctx, q, scanID, `SELECT DISTINCT channel_id FROM saved WHERE user_id = $1`, user)
}
