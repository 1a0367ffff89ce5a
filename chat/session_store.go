package chat

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"time"
)

// touchSessions moves the end of sessions that have not run out.
func touchSessions(ctx context.Context, tx *sql.Tx, sessions []ID, now, expires time.Time) error {
	for ids := range slices.Chunk(sessions, 500) {
		args := []any{now.UnixMilli(), expires.UnixMilli()}
		for _, id := range ids {
			args = append(args, id)
		}
		_, err := tx.ExecContext(ctx, `UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE expires_at > $1 AND id IN `+
			inList(3, len(ids)), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteSessions removes the sessions that have run out, and returns them.
func deleteSessions(ctx context.Context, tx *sql.Tx, now time.Time) ([]ID, error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM sessions WHERE expires_at <= $1 RETURNING id`, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var ended []ID
	for rows.Next() {
		var id ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ended = append(ended, id)
	}
	return ended, rows.Err()
}

// Storage keeps small values under secret keys, on the same database as everything else, for the web
// layer's sessions. It has the methods of fiber.Storage without knowing Fiber. Safe for concurrent use.
type Storage struct{ chat *Chat }

// Storage returns the store for the web layer's sessions.
func (c *Chat) Storage() *Storage { return &Storage{c} }

// storageKey hashes the key: who reads the database or a backup of it learns no cookie.
func storageKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Get returns the value, or nil when there is none or it has run out.
func (s *Storage) Get(key string) ([]byte, error) {
	var value []byte
	err := s.chat.db.read.QueryRowContext(context.Background(),
		`SELECT value FROM session_data WHERE key = $1 AND expires_at > $2`, storageKey(key), s.chat.now().UnixMilli()).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return value, err
}

// Set keeps a value for the time given; 0 means for ever. Empty keys and values are left out, as Fiber asks.
func (s *Storage) Set(key string, value []byte, lifetime time.Duration) error {
	if key == "" || len(value) == 0 {
		return nil
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
func (s *Storage) Delete(key string) error {
	return s.exec(`DELETE FROM session_data WHERE key = $1`, storageKey(key))
}

// Reset forgets everything: it signs everyone out.
func (s *Storage) Reset() error { return s.exec(`DELETE FROM session_data`) }

// Close does nothing: the database is the chat's to close.
func (s *Storage) Close() error { return nil }

func (s *Storage) exec(query string, args ...any) error {
	return s.chat.writer.change(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}, nil)
}
