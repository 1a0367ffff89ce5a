package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// selectLocked finds who has that name, to be helped.
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

// selectPerson returns whom a secret belongs to, deactivated or not: ask barred before they come in.
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

// selectArriving is selectPerson for someone who is to come in: whoever is barred is refused with the reason.
func (c *core) selectArriving(ctx context.Context, q sqlite.Querier, user ID) (Actor, error) {
	a, err := selectPerson(ctx, q, user)
	if err == nil {
		err = c.signInBlocked(ctx, q, user)
	}
	return a, err
}

// deleteWaysIn takes away every way to sign in to an account, those that are under way included.
func deleteWaysIn(ctx context.Context, tx *sqlite.Tx, user ID) error {
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
