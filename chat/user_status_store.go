package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// updateStatus sets the status.
func updateStatus(ctx context.Context, tx *sqlite.Tx, user ID, s Status) error {
	return bumpProfileRev(ctx, tx, user, `status_emoji = $2, status_text = $3, status_until = $4`, s.Emoji, s.Text,
		millis(s.Until))
}

// deleteEndedStatuses clears the statuses that have ended.
func deleteEndedStatuses(ctx context.Context, tx *sqlite.Tx) (ended bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE status_until > 0 AND status_until <= $1)`,
		tx.Now.UnixMilli()).Scan(&ended)
	if err != nil || !ended {
		return false, err
	}
	rev, err := nextProfileRev(ctx, tx)
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET status_emoji = '', status_text = '', status_until = 0, name_rev = $1
		WHERE status_until > 0 AND status_until <= $2`, rev, tx.Now.UnixMilli())
	return true, err
}

// nextStatusEnd returns when the next status ends; the zero time when none does.
func nextStatusEnd(ctx context.Context, q sqlite.Querier) (time.Time, error) {
	var next int64
	err := q.QueryRowContext(ctx, `SELECT COALESCE(min(status_until), 0) FROM users WHERE status_until > 0`).Scan(&next)
	return fromMillis(next), err
}
