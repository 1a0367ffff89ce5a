package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// updateAvatar sets the picture and returns the previous one.
func updateAvatar(ctx context.Context, tx *sqlite.Tx, user, picture ID, size int64) (old ID, err error) {
	err = tx.QueryRowContext(ctx, `SELECT avatar FROM users WHERE id = $1`, user).Scan(&old)
	if err != nil || old == picture {
		return 0, err
	}
	return old, bumpProfileRev(ctx, tx, user, `avatar = $2, avatar_size = $3`, picture, size)
}
