package chat

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// maxSessions is the maximum number of sessions of a user. Each sign-in makes one, and a program that signs in
// repeatedly would fill the list in which its owner looks for a stranger.
const maxSessions = 50

// insertSession begins the session of an actor made by newActor: every way to sign in ends here. For a blocked user it
// fails the whole transaction: the caller should have called signInBlocked. It returns the sessions that it ended to
// make room, least recently used first: call hub.sessionsEnded after the commit.
func (c *core) insertSession(ctx context.Context, tx *sqlite.Tx, a Actor) (ended []ID, err error) {
	now := tx.Now
	if err := c.signInBlocked(ctx, tx, a.ID); err != nil {
		return nil, fmt.Errorf("chat: a session for someone who is barred: %s", err) //nolint:errorlint // not a refusal: something was written
	}
	others, err := sqlite.Collect(ctx, tx, scanID, `SELECT id FROM sessions WHERE user_id = $1 AND expires_at > $2
		ORDER BY seen_at DESC, id DESC`, a.ID, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	for _, id := range others[min(len(others), maxSessions-1):] {
		one, err := endSessions(ctx, tx, a.ID, id, 0)
		if err != nil {
			return nil, err
		}
		ended = append(ended, one...)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sessions (id, user_id, created_at, seen_at, key_sent_at, expires_at, user_agent, address, key_hash,
			key_role)
		VALUES ($1, $2, $3, $3, $3, $4, $5, $6, $7, $8)`,
		a.Session, a.ID, now.UnixMilli(), c.expiry(now, now).UnixMilli(), a.agent, a.Address, hashToken(a.Key), a.Role)
	return ended, err
}

// selectSession reads a session with its user. A session that does not exist has user 0.
func selectSession(ctx context.Context, q sqlite.Querier, session ID) (sessionRow, error) {
	return scanSessionRow(q.QueryRowContext(ctx, `SELECT `+sessionRowColumns+` WHERE s.id = $1`, session))
}

// selectSessionByKey reads the session of the key with that hash.
func selectSessionByKey(ctx context.Context, q sqlite.Querier, hash string) (sessionRow, error) {
	s, err := scanSessionRow(q.QueryRowContext(ctx, `SELECT `+sessionRowColumns+` WHERE s.key_hash = $1`, hash))
	if err != nil || subtle.ConstantTimeCompare([]byte(s.keyHash), []byte(hash)) != 1 {
		return sessionRow{}, err
	}
	return s, nil
}

const sessionRowColumns = userColumns +
	`, u.role, u.deactivated_at, s.id, s.created_at, s.seen_at, s.expires_at, s.key_hash, s.key_role, s.key_sent_at
	FROM sessions s JOIN users u ON u.id = s.user_id`

func scanSessionRow(row sqlite.Scanner) (s sessionRow, err error) {
	var deactivated, begun, seen, expires, sent int64
	var hash sql.NullString
	err = scanUserAnd(row, &s.actor.User, &s.actor.Role, &deactivated, &s.actor.Session, &begun, &seen, &expires, &hash,
		&s.keyRole, &sent)
	if errors.Is(err, sql.ErrNoRows) {
		return sessionRow{}, nil
	}
	s.active, s.keyHash = deactivated == 0, hash.String
	s.begun, s.seen, s.expires, s.keySent = fromMillis(begun), fromMillis(seen), fromMillis(expires), fromMillis(sent)
	return s, err
}

// updateSessionKey makes key the key of the actor's session, for their current role. It reports whether it did: not
// when old is given and is not the hash of the current key, nor when the session has ended.
func updateSessionKey(ctx context.Context, tx *sqlite.Tx, a Actor, old, key string) (bool, error) {
	done, err := tx.ExecContext(ctx, `UPDATE sessions SET key_hash = $1, key_role = $2, key_sent_at = $3
		WHERE id = $4 AND ($5 = '' OR key_hash = $5)`, hashToken(key), a.Role, tx.Now.UnixMilli(), a.Session, old)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

// selectSessions returns the actor's sessions that have not expired, the current one first.
func selectSessions(ctx context.Context, q sqlite.Querier, a Actor, now time.Time) ([]Session, error) {
	return sqlite.Collect(ctx, q, scanSession, `
		SELECT id, user_agent, address, created_at, seen_at, id = $1 AS current FROM sessions
		WHERE user_id = $2 AND expires_at > $3
			ORDER BY current DESC, seen_at DESC, id DESC`, a.Session, a.ID, now.UnixMilli())
}

func scanSession(row sqlite.Scanner) (s Session, err error) {
	var created, seen int64
	err = row.Scan(&s.ID, &s.Agent, &s.Address, &created, &seen, &s.Current)
	s.CreatedAt, s.SeenAt = fromMillis(created), fromMillis(seen)
	return s, err
}

// endSessions ends sessions of a user early, and returns which: one, or, when one is 0, all except but (0: all). It is
// the only way to do so, because it also revokes everything by which a device that is signed out could come back:
// device links, password resets that this user has made, sign-ins that lack their second factor, passkey ceremonies,
// and an unconfirmed key of an authenticator app. Call hub.sessionsEnded after the commit.
func endSessions(ctx context.Context, tx *sqlite.Tx, user, one, but ID) ([]ID, error) {
	if user != 0 { // a session without a user has nothing pending; user 0 also stands for the server, which made links
		if err := deletePending(ctx, tx, user); err != nil {
			return nil, err
		}
	}
	return sqlite.Collect(ctx, tx, scanID,
		`DELETE FROM sessions WHERE user_id = $1 AND ($2 = 0 OR id = $2) AND id <> $3 RETURNING id`,
		user, one, but)
}

// deletePending deletes the user's device links and unfinished sign-ins.
func deletePending(ctx context.Context, tx *sqlite.Tx, user ID) error {
	for _, statement := range []string{
		`DELETE FROM tokens WHERE user_id = $1 AND kind IN ('handover', 'second', 'passkey') OR created_by = $1
			AND kind = 'recovery'`,
		`DELETE FROM totps WHERE user_id = $1 AND confirmed_at = 0`,
	} {
		if _, err := tx.ExecContext(ctx, statement, user); err != nil {
			return err
		}
	}
	return nil
}

func deleteExpiredSessions(ctx context.Context, tx *sqlite.Tx) ([]ID, error) {
	return sqlite.Collect(ctx, tx, scanID, `DELETE FROM sessions WHERE expires_at <= $1 RETURNING id`, tx.Now.UnixMilli())
}

// touchSessions extends sessions that have not expired: they end at expires, or at their maximum age.
func touchSessions(ctx context.Context, tx *sqlite.Tx, sessions []ID, expires time.Time, age time.Duration) error {
	for ids := range slices.Chunk(sessions, 500) {
		args := []any{tx.Now.UnixMilli(), expires.UnixMilli(), age.Milliseconds()}
		for _, id := range ids {
			args = append(args, id)
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE sessions SET seen_at = $1, expires_at = CASE WHEN created_at + $3 < $2 THEN created_at + $3 ELSE $2 END
			WHERE expires_at > $1 AND id IN `+sqlite.InList(4, len(ids)), args...)
		if err != nil {
			return err
		}
	}
	return nil
}
