package chat

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"
)

func selectProfile(ctx context.Context, q querier, user ID) (p Profile, err error) {
	err = scanUser(q.QueryRowContext(ctx, `SELECT `+userColumns+`, u.role, u.deactivated_at > 0, u.email, u.pronouns, u.title, u.time_zone
		FROM users u WHERE u.id = $1 AND u.name_key IS NOT NULL`, user),
		&p.User, &p.Role, &p.Deactivated, &p.Email, &p.Pronouns, &p.Title, &p.TimeZone)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return p, err
}

// updateProfile writes nothing when the handle is somebody else's handle or name. changed: others see another face now.
func updateProfile(ctx context.Context, tx *sql.Tx, user ID, p Profile, now time.Time) (changed bool, err error) {
	var old string
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(handle, '') FROM users WHERE id = $1`, user).Scan(&old); err != nil {
		return false, err
	}
	if p.Handle != "" && p.Handle != old {
		if err := claimHandle(ctx, tx, p.Handle, user, now); err != nil {
			return false, err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET email = $1, pronouns = $2, title = $3, time_zone = $4 WHERE id = $5`,
		p.Email, p.Pronouns, p.Title, p.TimeZone, user)
	if err != nil {
		return false, err
	}
	if old == p.Handle {
		return false, nil
	}
	if err := bumpProfileRev(ctx, tx, user, `handle = $2`, sql.NullString{String: p.Handle, Valid: p.Handle != ""}); err != nil {
		return false, err
	}
	return true, setLikenesses(ctx, tx, user)
}

// updateStatus sets the status.
func updateStatus(ctx context.Context, tx *sql.Tx, user ID, s Status) error {
	return bumpProfileRev(ctx, tx, user, `status_emoji = $2, status_text = $3, status_until = $4`, s.Emoji, s.Text, millis(s.Until))
}

// updateAvatar sets the picture, and returns the one of before.
func updateAvatar(ctx context.Context, tx *sql.Tx, user, picture ID, size int64) (old ID, err error) {
	err = tx.QueryRowContext(ctx, `SELECT avatar FROM users WHERE id = $1`, user).Scan(&old)
	if err != nil || old == picture {
		return 0, err
	}
	return old, bumpProfileRev(ctx, tx, user, `avatar = $2, avatar_size = $3`, picture, size)
}

// bumpProfileRev changes what others see of a person, and counts it as a change of names. The parameters of set begin at $2.
func bumpProfileRev(ctx context.Context, tx *sql.Tx, user ID, set string, args ...any) error {
	rev, err := nextProfileRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET name_rev = $1, `+set+` WHERE id = $`+strconv.Itoa(len(args)+2), append(append([]any{rev}, args...), user)...)
	return err
}

// deleteEndedStatuses takes away what is over by now.
func deleteEndedStatuses(ctx context.Context, tx *sql.Tx, now time.Time) (ended bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE status_until > 0 AND status_until <= $1)`, now.UnixMilli()).Scan(&ended)
	if err != nil || !ended {
		return false, err
	}
	rev, err := nextProfileRev(ctx, tx)
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET status_emoji = '', status_text = '', status_until = 0, name_rev = $1
		WHERE status_until > 0 AND status_until <= $2`, rev, now.UnixMilli())
	return true, err
}

// nextStatusEnd is when the next status is over; the zero time when none is ever.
func nextStatusEnd(ctx context.Context, q querier) (time.Time, error) {
	var next int64
	err := q.QueryRowContext(ctx, `SELECT COALESCE(min(status_until), 0) FROM users WHERE status_until > 0`).Scan(&next)
	return fromMillis(next), err
}
