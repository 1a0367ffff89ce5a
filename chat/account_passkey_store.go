package chat

import (
	"context"
	"encoding/json"

	"chitchat/chat/sqlite"

	"github.com/go-webauthn/webauthn/webauthn"
)

func selectPasskeys(ctx context.Context, q sqlite.Querier, user ID) ([]Passkey, error) {
	return sqlite.Collect(ctx, q, scanPasskey,
		`SELECT id, name, data, created_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY created_at, id`, user)
}

func scanPasskey(row sqlite.Scanner) (p Passkey, err error) {
	var data string
	var created, used int64
	if err := row.Scan(&p.ID, &p.Name, &data, &created, &used); err != nil {
		return p, err
	}
	p.CreatedAt, p.UsedAt = fromMillis(created), fromMillis(used)
	err = json.Unmarshal([]byte(data), &p.credential)
	return p, err
}

func hasPasskey(ctx context.Context, q sqlite.Querier, id string) (found bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM passkeys WHERE id = $1)`, id).Scan(&found)
	return found, err
}

func insertPasskey(ctx context.Context, tx *sqlite.Tx, user ID, p Passkey) error {
	data, err := json.Marshal(p.credential)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO passkeys (id, user_id, name, data, created_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)`,
		p.ID, user, p.Name, string(data), p.CreatedAt.UnixMilli())
	return err
}

// updatePasskey stores what each use changes: the counter that reveals a cloned passkey.
func updatePasskey(ctx context.Context, tx *sqlite.Tx, id string, credential webauthn.Credential) error {
	data, err := json.Marshal(credential)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE passkeys SET data = $1, used_at = $2 WHERE id = $3`, string(data),
		tx.Now.UnixMilli(), id)
	return err
}

// deletePasskey reports whether the passkey existed. After the last one is deleted, none is required.
func deletePasskey(ctx context.Context, tx *sqlite.Tx, user ID, id string) (found bool, err error) {
	res, err := tx.ExecContext(ctx, `DELETE FROM passkeys WHERE user_id = $1 AND id = $2`, user, id)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func updatePasskeyRequired(ctx context.Context, tx *sqlite.Tx, user ID, required bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE passwords SET passkey_too = $1 WHERE user_id = $2`, required, user)
	return err
}

// endUnprotected ends a user's other sessions if nothing protects their name yet: someone who signed in with the name
// alone may be another person.
func endUnprotected(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
	hash, _, err := selectPassword(ctx, tx, a.ID)
	if err != nil || hash != "" {
		return nil, err
	}
	list, err := selectPasskeys(ctx, tx, a.ID)
	if err != nil || len(list) > 0 {
		return nil, err
	}
	return endSessions(ctx, tx, a.ID, 0, a.Session)
}
