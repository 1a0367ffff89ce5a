package chat

import (
	"context"
	"crypto/rand"
	"time"

	"chitchat/chat/sqlite"
)

// sessionRow is a session in the database that has not ended: its user, its end, and the key that opens it.
type sessionRow struct {
	actor   Actor
	active  bool
	begun   time.Time
	seen    time.Time
	expires time.Time
	keyHash string
	keyRole Role
	keySent time.Time
}

// OpenedSession is the session that a key opens.
type OpenedSession struct {
	Actor   Actor
	KeyRole Role      // the user's role when the key was made: a different role now calls for ReplaceKey
	KeySent time.Time // when SessionStorage last stored it: it must be stored again before its lifetime ends
}

// AuthenticateKey returns the actor of the session that the key opens. It fails with CodeSignedOut when the session has
// ended or the key is unknown. Use extends the session: it ends some time after its last use, up to its maximum age.
func (c Accounts) AuthenticateKey(ctx context.Context, key string) (OpenedSession, error) {
	if len(key) < minStorageKey {
		return OpenedSession{}, errSignedOut
	}
	hash := hashToken(key)
	s, err := c.caches.sessions.get(hash, func() (sessionRow, error) {
		s, err := selectSessionByKey(ctx, c.db, hash)
		if err == nil && s.actor.ID == 0 {
			err = errSignedOut // not cached: invented keys would push everyone else's out of the cache
		}
		return s, err
	})
	if err != nil {
		return OpenedSession{}, err
	}
	a, err := c.authenticate(ctx, s)
	return OpenedSession{Actor: a, KeyRole: s.keyRole, KeySent: s.keySent}, err
}

// Authenticate is AuthenticateKey for a caller who knows the session already: it asks the database whether it has
// ended. It fails with CodeSignedOut when it has, or when it was never that user's.
func (c Accounts) Authenticate(ctx context.Context, user, session ID) (Actor, error) {
	s, err := selectSession(ctx, c.db, session)
	if err != nil {
		return Actor{}, err
	}
	if s.actor.ID != user {
		return Actor{}, errSignedOut
	}
	return c.authenticate(ctx, s)
}

func (c Accounts) authenticate(ctx context.Context, s sessionRow) (Actor, error) {
	now, a := c.now(), s.actor
	if a.ID == 0 || !s.active || !s.expires.After(now) {
		return Actor{}, errSignedOut
	}
	if banned, err := c.bannedFrom(ctx, a); err != nil {
		return Actor{}, err
	} else if banned[0] {
		return Actor{}, errSignedOut
	}
	d, _ := ctx.Value(deviceKey{}).(Device)
	a.Address = d.Address
	if now.Sub(s.seen) <= c.sessionTouch() {
		return a, nil
	}
	return a, c.writer.bestEffort(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE id = $3`,
			now.UnixMilli(), c.expiry(s.begun, now).UnixMilli(), a.Session)
		return err
	}, func() { c.caches.sessions.forget(s.keyHash) })
}

// ReplaceKey gives the actor's session another key and returns it, which shuts out anyone with a copy of the previous
// key. When old is given and no longer opens the session, another request was faster: nothing changes, and the key is
// "".
func (c Accounts) ReplaceKey(ctx context.Context, a Actor, old string) (key string, err error) {
	oldHash := ""
	if old != "" {
		oldHash = hashToken(old) // now: it may be part of a request's buffer
	}
	key = rand.Text()
	replaced, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (bool, error) {
		return updateSessionKey(ctx, tx, a, oldHash, key)
	}, func(bool) { c.caches.sessions.forgetAll() })
	if err != nil || !replaced {
		return "", err
	}
	return key, nil
}
