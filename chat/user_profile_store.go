package chat

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strconv"

	"chitchat/chat/sqlite"
)

func selectProfile(ctx context.Context, q sqlite.Querier, user ID) (p Profile, err error) {
	err = scanUserAnd(q.QueryRowContext(ctx,
		`SELECT `+userColumns+`, u.role, u.deactivated_at > 0, u.email, u.pronouns, u.title, u.time_zone
		FROM users u WHERE u.id = $1 AND u.name_key IS NOT NULL`, user),
		&p.User, &p.Role, &p.Deactivated, &p.Email, &p.Pronouns, &p.Title, &p.TimeZone)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return p, err
}

// updateProfile sets a user's profile. It writes nothing when another user has the handle as handle or name. changed
// reports that others see a different profile.
func updateProfile(ctx context.Context, tx *sqlite.Tx, user ID, p Profile) (changed bool, err error) {
	var old string
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(handle, '') FROM users WHERE id = $1`, user).
		Scan(&old); err != nil {
		return false, err
	}
	if p.Handle != "" && p.Handle != old {
		if err := claimHandle(ctx, tx, p.Handle, user); err != nil {
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
	if err := bumpProfileRev(ctx, tx, user, `handle = $2`,
		sql.NullString{String: p.Handle, Valid: p.Handle != ""}); err != nil {
		return false, err
	}
	return true, setLikenesses(ctx, tx, user)
}

// bumpProfileRev changes a user's visible profile and counts it as a change of profiles. The parameters of set begin at
// $2.
func bumpProfileRev(ctx context.Context, tx *sqlite.Tx, user ID, set string, args ...any) error {
	rev, err := nextProfileRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET name_rev = $1, `+set+` WHERE id = $`+strconv.Itoa(len(args)+2),
		append(append([]any{rev}, args...), user)...)
	return err
}

// nextProfileRev increments the profile rev.
func nextProfileRev(ctx context.Context, tx *sqlite.Tx) (rev int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value`, "names").
		Scan(&rev)
	return rev, err
}

// selectProfilesSince returns the profiles that have changed after the profile rev since, in the order of their revs:
// up to most, or all when most is negative.
func selectProfilesSince(ctx context.Context, q sqlite.Querier, since int64, most int) ([]profileEntry, error) {
	if most < 0 {
		most = math.MaxInt
	}
	return sqlite.Collect(ctx, q, scanProfileEntry,
		`SELECT `+userColumns+`, u.name_rev FROM users u WHERE u.name_rev > $1 ORDER BY u.name_rev LIMIT $2`, since, most)
}

func scanProfileEntry(row sqlite.Scanner) (p profileEntry, err error) {
	err = scanUserAnd(row, &p.User, &p.rev)
	return p, err
}

func profileCounter(ctx context.Context, q sqlite.Querier) (rev int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = $1`, "names").Scan(&rev)
	return rev, err
}
