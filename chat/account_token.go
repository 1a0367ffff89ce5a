package chat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// tokenKind is what a token gives access to.
type tokenKind string

const (
	tokenSetup         tokenKind = "owner"    // the workspace, to its first owner
	tokenDeviceLink    tokenKind = "handover" // a user's account, on another device of theirs
	tokenPasswordReset tokenKind = "recovery" // the account of a locked-out user
	tokenTwoFactor     tokenKind = "second"   // the second factor of a sign-in, after the first
	tokenPasskey       tokenKind = "passkey"  // a passkey ceremony in progress
)

// tokenLen is the length of rand.Text: 26 letters and digits hold 130 random bits.
const tokenLen = 26

// token is a secret that works once. The database has its SHA-256: reading the database reveals no link.
type token struct {
	hash string
	user ID // whose account it opens; 0: nobody's yet
	by   ID // who made it; 0: the server
	data string
}

var errNoToken = Errorf(CodeNotFound,
	"This link does not work any more: it was used, it ran out, or a newer one took its place. Ask for another one.")

func hashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// insertToken makes a token and returns its secret, which cannot be read again.
func insertToken(ctx context.Context, tx *sqlite.Tx, kind tokenKind, t token,
	lifetime time.Duration) (secret string, err error) {
	secret = rand.Text()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tokens (hash, kind, user_id, created_by, created_at, expires_at, data)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		hashToken(secret), kind, t.user, t.by, tx.Now.UnixMilli(), tx.Now.Add(lifetime).UnixMilli(), t.data)
	return secret, err
}

// findToken returns the token of the secret without using it up. Text that is too short is refused without a query.
func findToken(ctx context.Context, q sqlite.Querier, kind tokenKind, secret string,
	now time.Time) (t token, err error) {
	if len(secret) != tokenLen {
		return token{}, errNoToken
	}
	hash := hashToken(secret)
	err = q.QueryRowContext(ctx,
		`SELECT hash, user_id, created_by, data FROM tokens WHERE hash = $1 AND kind = $2 AND expires_at > $3`,
		hash, kind, now.UnixMilli()).Scan(&t.hash, &t.user, &t.by, &t.data)
	if errors.Is(err, sql.ErrNoRows) || err == nil && subtle.ConstantTimeCompare([]byte(t.hash), []byte(hash)) != 1 {
		return token{}, errNoToken
	}
	return t, err
}

// useToken uses up the token. Of several concurrent calls, one succeeds. It writes nothing when it fails.
func useToken(ctx context.Context, tx *sqlite.Tx, t token) error {
	res, err := tx.ExecContext(ctx, `DELETE FROM tokens WHERE hash = $1`, t.hash)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errNoToken
}

// deleteTokens deletes all tokens of a kind for a user's account.
func deleteTokens(ctx context.Context, tx *sqlite.Tx, kind tokenKind, user ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM tokens WHERE kind = $1 AND user_id = $2`, kind, user)
	return err
}
