package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// roleOf returns the current role of a user who is not deactivated and whose session has not ended; otherwise it fails
// with errSignedOut.
func roleOf(ctx context.Context, q sqlite.Querier, user, session ID) (role Role, err error) {
	err = q.QueryRowContext(ctx, `SELECT u.role FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.id = $1 AND u.id = $2 AND u.deactivated_at = 0`, session, user).Scan(&role)
	if errors.Is(err, sql.ErrNoRows) {
		err = errSignedOut
	}
	return role, err
}
