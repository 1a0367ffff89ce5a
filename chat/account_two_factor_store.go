package chat

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"chitchat/chat/sqlite"
)

// selectTOTP returns a user's key; the zero key when there is none.
func selectTOTP(ctx context.Context, q sqlite.Querier, user ID) (t totpKey, err error) {
	var confirmed, started int64
	err = q.QueryRowContext(ctx, `SELECT secret, confirmed_at, started_at, last_step FROM totps WHERE user_id = $1`, user).
		Scan(&t.secret, &confirmed, &started, &t.lastStep)
	if errors.Is(err, sql.ErrNoRows) {
		return totpKey{}, nil
	}
	t.confirmed, t.started = confirmed > 0, fromMillis(started)
	return t, err
}

func upsertTOTP(ctx context.Context, tx *sqlite.Tx, user ID, secret string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO totps (user_id, secret, confirmed_at, started_at, last_step) VALUES ($1, $2, 0, $3, 0)
		ON CONFLICT (user_id) DO UPDATE
			SET secret = excluded.secret, started_at = excluded.started_at, confirmed_at = 0, last_step = 0`,
		user, secret, tx.Now.UnixMilli())
	return err
}

func confirmTOTP(ctx context.Context, tx *sqlite.Tx, user ID, step int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE totps SET confirmed_at = $1, last_step = $2 WHERE user_id = $3`,
		tx.Now.UnixMilli(), step, user)
	return err
}

func setTOTPStep(ctx context.Context, tx *sqlite.Tx, user ID, step int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE totps SET last_step = $1 WHERE user_id = $2`, step, user)
	return err
}

// deleteTwoFactor deletes a user's two-factor authentication with everything that belongs to it.
func deleteTwoFactor(ctx context.Context, tx *sqlite.Tx, user ID) error {
	for _, statement := range []string{`DELETE FROM totps WHERE user_id = $1`,
		`DELETE FROM recovery_codes WHERE user_id = $1`} {
		if _, err := tx.ExecContext(ctx, statement, user); err != nil {
			return err
		}
	}
	return nil
}

// replaceRecoveryCodes returns the new codes, as they are shown.
func replaceRecoveryCodes(ctx context.Context, tx *sqlite.Tx, user ID) ([]string, error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, user); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		var secret string
		codes[i], secret = newRecoveryCode()
		_, err := tx.ExecContext(ctx, `INSERT INTO recovery_codes (user_id, hash, used_at) VALUES ($1, $2, 0)`, user,
			hashToken(secret))
		if err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// useRecoveryCode reports whether the code existed and was unused.
func useRecoveryCode(ctx context.Context, tx *sqlite.Tx, user ID, hash string) (bool, error) {
	res, err := tx.ExecContext(ctx,
		`UPDATE recovery_codes SET used_at = $1 WHERE user_id = $2 AND hash = $3 AND used_at = 0`,
		tx.Now.UnixMilli(), user, hash)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func countRecoveryCodes(ctx context.Context, q sqlite.Querier, user ID) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at = 0`, user).Scan(&n)
	return n, err
}

// countAttempt counts a wrong code; the last allowed one ends the sign-in.
func countAttempt(ctx context.Context, tx *sqlite.Tx, t token) error {
	n := attemptsOf(t) + 1
	if n >= maxCodeAttempts {
		return useToken(ctx, tx, t)
	}
	_, err := tx.ExecContext(ctx, `UPDATE tokens SET data = $1 WHERE hash = $2`, strconv.Itoa(n), t.hash)
	return err
}

// twoFactorMethods returns what a user's password must be followed by: a code, a passkey, or neither.
func twoFactorMethods(ctx context.Context, q sqlite.Querier, user ID) (code, passkey bool, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM totps WHERE user_id = $1 AND confirmed_at > 0),
			EXISTS (SELECT 1 FROM passwords p JOIN passkeys k ON k.user_id = p.user_id WHERE p.user_id = $1
				AND p.passkey_too)`, user).
		Scan(&code, &passkey)
	return code, passkey, err
}
