package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// selectUserToReset finds the user of that name, to reset their password.
func selectUserToReset(ctx context.Context, q sqlite.Querier, name string) (Actor, error) {
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
