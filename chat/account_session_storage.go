package chat

import (
	"bytes"
	"context"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// SessionStorage stores values by session key, for the web layer's session middleware. It has the methods of
// fiber.Storage without depending on Fiber. For a key that opens a user's session, the row of that session is the
// record:
//
//   - It exists from the sign-in on, with the value Blank. Setting that value changes nothing and costs no write.
//   - It ends with the session, whatever lifetime is set. Deleting it ends the session, as SignOut does.
//
// Keys have 26 bytes or more and are secret: only their hashes are stored. SessionStorage is safe for concurrent use.
type SessionStorage struct {
	// Blank is the value of a session for which none was set.
	Blank []byte

	chat *core
}

// SessionStorage returns the store for the web layer's sessions.
func (c Accounts) SessionStorage() *SessionStorage { return &SessionStorage{chat: c.core} }

// minStorageKey is the minimum length of keys in bytes: enough to hold 128 random bits, which makes them secret.
const minStorageKey = tokenLen

// Get returns the value of the key, or nil when there is none or it has expired. A key that is too short is refused
// before any look-up.
func (s *SessionStorage) Get(key string) ([]byte, error) {
	if len(key) < minStorageKey {
		return nil, nil
	}
	r, err := selectSessionRecord(context.Background(), s.chat.db, hashToken(key))
	if err != nil || r.session == 0 || !r.expires.After(s.chat.now()) {
		return nil, err
	}
	if len(r.data) == 0 {
		return s.Blank, nil
	}
	return r.data, nil
}

// Set stores a value for the given lifetime; 0 means for ever. Empty keys and values are ignored, as Fiber requires; a
// key too short to be secret is an error.
func (s *SessionStorage) Set(key string, value []byte, lifetime time.Duration) error {
	if key == "" || len(value) == 0 {
		return nil
	}
	if len(key) < minStorageKey {
		return errors.New("a session's key is too short to be secret")
	}
	ctx, now, hash := context.Background(), s.chat.now(), hashToken(key)
	if bytes.Equal(value, s.Blank) {
		value = nil
	}
	r, err := selectSessionRecord(ctx, s.chat.db, hash)
	if err != nil {
		return err
	}
	if r.user != 0 && bytes.Equal(r.data, value) && now.Sub(r.sent) < s.chat.sessionTouch() {
		return nil // unchanged, as after a sign-in
	}
	expires := now.Add(lifetime)
	if lifetime == 0 {
		expires = now.AddDate(1000, 0, 0)
	}
	return s.chat.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		return upsertSessionRecord(ctx, tx, hash, value, expires)
	}, func() { s.chat.caches.sessions.forget(hash) })
}

// Delete ends the session of the key. A key that opens none is no error and costs no write.
func (s *SessionStorage) Delete(key string) error {
	r, err := selectSessionRecord(context.Background(), s.chat.db, hashToken(key))
	if err != nil || r.session == 0 {
		return err
	}
	return s.end([]ID{r.user}, r.session)
}

// Reset ends all sessions, which signs everyone out.
func (s *SessionStorage) Reset() error {
	users, err := sqlite.Collect(context.Background(), s.chat.db, scanID, `SELECT DISTINCT user_id FROM sessions`)
	if err != nil {
		return err
	}
	return s.end(users, 0)
}

// end ends one session of the users, or all of them (session 0).
func (s *SessionStorage) end(users []ID, session ID) error {
	_, err := updateValue(context.Background(), s.chat.writer,
		func(ctx context.Context, tx *sqlite.Tx) (ended []ID, err error) {
			for _, user := range users {
				some, err := endSessions(ctx, tx, user, session, 0)
				if err != nil {
					return nil, err
				}
				ended = append(ended, some...)
			}
			return ended, nil
		}, s.chat.hub.sessionsEnded)
	return err
}

// Close does nothing: Chat closes the database.
func (s *SessionStorage) Close() error { return nil }
