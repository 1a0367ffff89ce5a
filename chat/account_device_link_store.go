package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// selectLocked finds the user of that name, to reset their password.
func selectLocked(ctx context.Context, q sqlite.Querier, name string) (Actor, error) {
	if len(name) > 100*MaxNameLen {
		return Actor{}, Invalid("name", "Nobody here is called that.")
	}
	var a Actor
	var deactivated int64
	err := q.QueryRowContext(ctx, `SELECT id, name, role, deactivated_at FROM users WHERE name_key = $1`, NameKey(name)).
		Scan(&a.ID, &a.Name, &a.Role, &deactivated)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Actor{}, Invalid("name", "Nobody here is called that.")
	case err == nil && deactivated > 0:
		return Actor{}, Invalid("name", "%s is deactivated, and cannot sign in at all.", a.Name)
	}
	return a, err
}

// selectPerson returns the user that a secret belongs to, deactivated or not: call signInBlocked before they get a
// session.
func selectPerson(ctx context.Context, q sqlite.Querier, user ID) (Actor, error) {
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

// selectArriving is selectPerson for a user who is about to sign in: it fails with the reason if they are blocked from
// it.
func (c *core) selectArriving(ctx context.Context, q sqlite.Querier, user ID) (Actor, error) {
	a, err := selectPerson(ctx, q, user)
	if err == nil {
		err = c.signInBlocked(ctx, q, user)
	}
	return a, err
}

// deleteCredentials deletes every way to sign in to an account, unfinished sign-ins included.
func deleteCredentials(ctx context.Context, tx *sqlite.Tx, user ID) error {
	for _, statement := range []string{
		`DELETE FROM passwords WHERE user_id = $1`,
		`DELETE FROM totps WHERE user_id = $1`,
		`DELETE FROM recovery_codes WHERE user_id = $1`,
		`DELETE FROM passkeys WHERE user_id = $1`,
		`DELETE FROM tokens WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, user); err != nil {
			return err
		}
	}
	return nil
}
