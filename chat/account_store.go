package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// selectPassword returns the hash of a user's password and when it was set; "" and the zero time when there is none.
func selectPassword(ctx context.Context, q sqlite.Querier, user ID) (hash string, changed time.Time, err error) {
	var ms int64
	err = q.QueryRowContext(ctx, `SELECT hash, changed_at FROM passwords WHERE user_id = $1`, user).Scan(&hash, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return hash, fromMillis(ms), err
}

func upsertPassword(ctx context.Context, tx *sqlite.Tx, user ID, hash string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE
			SET hash = excluded.hash, changed_at = excluded.changed_at`, user, hash, tx.Now.UnixMilli())
	return err
}

// updateHash stores another hash of the same password.
func updateHash(ctx context.Context, tx *sqlite.Tx, user ID, hash string) error {
	_, err := tx.ExecContext(ctx, `UPDATE passwords SET hash = $1 WHERE user_id = $2`, hash, user)
	return err
}

// selectLogin returns the user of the name, and the hash of their password: "" without a user or without a password.
func selectLogin(ctx context.Context, q sqlite.Querier, nameKey string) (u Actor, hash string, err error) {
	var stored sql.NullString
	err = scanUserAnd(q.QueryRowContext(ctx, `
		SELECT `+userColumns+`, u.role, p.hash FROM users u LEFT JOIN passwords p ON p.user_id = u.id
		WHERE u.name_key = $1`, nameKey), &u.User, &u.Role, &stored)
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, "", nil
	}
	return u, stored.String, err
}

// selectUserAndRole returns whom a secret belongs to, deactivated or not: ask signInBlocked before they come in.
func selectUserAndRole(ctx context.Context, q sqlite.Querier, user ID) (Actor, error) {
	var a Actor
	var created int64
	err := q.QueryRowContext(ctx, `SELECT id, name, role, created_at FROM users WHERE id = $1`, user).
		Scan(&a.ID, &a.Name, &a.Role, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, errNoToken
	}
	a.CreatedAt = fromMillis(created)
	return a, err
}

// selectUserSigningIn is selectUserAndRole for someone who is to come in: whoever is barred is refused with the reason.
func (c *core) selectUserSigningIn(ctx context.Context, q sqlite.Querier, user ID) (Actor, error) {
	a, err := selectUserAndRole(ctx, q, user)
	if err == nil {
		err = c.signInBlocked(ctx, q, user)
	}
	return a, err
}

func hasPassword(ctx context.Context, q sqlite.Querier, user ID) (bool, error) {
	hash, _, err := selectPassword(ctx, q, user)
	return hash != "", err
}
