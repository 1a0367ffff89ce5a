package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// LetterKeys reports whether single letters are keys for the actor: not everyone can do without pressing one by
// mistake, by hand or by voice.
func (c Users) LetterKeys(ctx context.Context, a Actor) (on bool, err error) {
	if a.ID == 0 || a.Session == 0 {
		return false, errSignedOut
	}
	err = c.db.QueryRowContext(ctx, `SELECT letter_keys FROM users WHERE id = $1`, a.ID).Scan(&on)
	return on, err
}

// SetLetterKeys makes single letters keys for the actor, or not, on all their devices.
func (c Users) SetLetterKeys(ctx context.Context, a Actor, on bool) error {
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET letter_keys = $1 WHERE id = $2`, on, a.ID)
		return err
	}, nil)
}
