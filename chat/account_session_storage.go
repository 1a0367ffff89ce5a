package chat

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// SessionStorage keeps small values under secret keys of 26 bytes or more, on the same database as everything else, for
// the web layer's sessions. It has the methods of fiber.Storage without knowing Fiber. Safe for concurrent use.
type SessionStorage struct{ chat *core }

// SessionStorage returns the store for the web layer's sessions.
func (c Accounts) SessionStorage() *SessionStorage { return &SessionStorage{c.core} }

// storageKey hashes the key: who reads the database or a backup of it learns no cookie.
func storageKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Get returns the value, or nil when there is none or it has run out. What is too short to be a key is refused before
// any look-up.
func (s *SessionStorage) Get(key string) ([]byte, error) {
	if len(key) < minStorageKey {
		return nil, nil
	}
	var stored string
	var value []byte
	hash := storageKey(key)
	err := s.chat.db.QueryRowContext(context.Background(),
		`SELECT key, value FROM session_data WHERE key = $1 AND expires_at > $2`, hash, s.chat.now().UnixMilli()).
		Scan(&stored, &value)
	if errors.Is(err, sql.ErrNoRows) || err == nil && subtle.ConstantTimeCompare([]byte(stored), []byte(hash)) != 1 {
		return nil, nil
	}
	return value, err
}

// Set keeps a value for the time given; 0 means for ever. Empty keys and values are left out, as Fiber asks; a shorter
// key than is secret is an error.
func (s *SessionStorage) Set(key string, value []byte, lifetime time.Duration) error {
	if key == "" || len(value) == 0 {
		return nil
	}
	if len(key) < minStorageKey {
		return errors.New("a session's key is too short to be secret")
	}
	expires := s.chat.now().Add(lifetime)
	if lifetime == 0 {
		expires = s.chat.now().AddDate(1000, 0, 0)
	}
	return s.exec(`
		INSERT INTO session_data (key, value, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
		storageKey(key), value, expires.UnixMilli())
}

// Delete forgets a key. One that is not there is not an error.
func (s *SessionStorage) Delete(key string) error {
	return s.exec(`DELETE FROM session_data WHERE key = $1`, storageKey(key))
}

// Reset forgets everything: it signs everyone out.
func (s *SessionStorage) Reset() error { return s.exec(`DELETE FROM session_data`) }

// Close does nothing: the database is the chat's to close.
func (s *SessionStorage) Close() error { return nil }

func (s *SessionStorage) exec(query string, args ...any) error {
	return s.chat.writer.updateQuietly(context.Background(), func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}, nil)
}
