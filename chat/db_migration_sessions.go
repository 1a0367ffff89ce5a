package chat

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/gob"
	"time"

	"chitchat/chat/sqlite"
)

// oldSession is a session as the web layer stored it in a table of its own: a map, encoded by encoding/gob.
type oldSession struct {
	keyHash string
	session int64
	role    string
	sent    time.Time // when the browser last got the key
}

// moveSessionKeys is the migration after session_keys: it moves session keys from a table of their own into the
// sessions' rows, so that nobody is signed out. It is written in Go since SQL cannot read gob.
func moveSessionKeys(ctx context.Context, tx *sql.Tx) error {
	// If there are two keys for a session (a form was sent twice), the browser has the one that was sent later: it comes
	// last.
	list, err := sqlite.Collect(ctx, tx, scanOldSession, `SELECT key, value FROM session_data WHERE expires_at > $1
		ORDER BY expires_at, key`, time.Now().UnixMilli())
	if err != nil {
		return err
	}
	for _, old := range list {
		if old.session == 0 {
			continue // a session without a user
		}
		if _, err := tx.ExecContext(ctx, `UPDATE sessions SET key_hash = $1, key_role = $2, key_sent_at = $3 WHERE id = $4`,
			old.keyHash, old.role, old.sent.UnixMilli(), old.session); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `DROP TABLE session_data`)
	return err
}

func scanOldSession(row sqlite.Scanner) (old oldSession, err error) {
	var value []byte
	if err := row.Scan(&old.keyHash, &value); err != nil {
		return old, err
	}
	var kept map[string]any
	if err := gob.NewDecoder(bytes.NewReader(value)).Decode(&kept); err != nil {
		return old, nil //nolint:nilerr // signing in again is better than a program that does not start
	}
	old.session, _ = kept["session"].(int64)
	old.role, _ = kept["role"].(string)
	sent, _ := kept["renewed"].(int64)
	old.sent = time.Unix(sent, 0)
	return old, nil
}
