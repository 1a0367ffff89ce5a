package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// sessionRecord is what SessionStorage knows of a session: of a user's, or of one without a user (user 0).
type sessionRecord struct {
	session, user ID // session 0: none
	data          []byte
	sent, expires time.Time
}

// selectSessionRecord reads the session of the key with that hash.
func selectSessionRecord(ctx context.Context, q sqlite.Querier, hash string) (r sessionRecord, err error) {
	var sent, expires int64
	err = q.QueryRowContext(ctx, `SELECT id, user_id, data, key_sent_at, expires_at FROM sessions WHERE key_hash = $1`,
		hash).
		Scan(&r.session, &r.user, &r.data, &sent, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return sessionRecord{}, nil
	}
	r.sent, r.expires = fromMillis(sent), fromMillis(expires)
	return r, err
}

// upsertSessionRecord sets the data of the session of the key with that hash. If there is none, it begins one without a
// user, until expires. The storage does not decide when a user's session ends.
func upsertSessionRecord(ctx context.Context, tx *sqlite.Tx, hash string, data []byte, expires time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sessions (id, user_id, created_at, seen_at, key_sent_at, expires_at, key_hash, data)
		VALUES ($1, 0, $2, $2, $2, $3, $4, $5)
		ON CONFLICT (key_hash) DO UPDATE SET data = excluded.data, key_sent_at = excluded.key_sent_at,
			expires_at = CASE WHEN sessions.user_id = 0 THEN excluded.expires_at ELSE sessions.expires_at END`,
		NewID(), tx.Now.UnixMilli(), expires.UnixMilli(), hash, data)
	return err
}
