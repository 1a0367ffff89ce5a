package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// sessionTouch is how stale a session's last use may be in the database: it saves a write on most requests. It is
// well below the lifetime, so that nobody is signed out while they come back in time.
func (c *Chat) sessionTouch() time.Duration { return min(12*time.Hour, c.options.SessionLifetime/4) }

// Authenticate returns the actor of a session. CodeSignedOut: it has ended, or was never that user's.
// A session that is used lives on: its end moves away from the last use, to a precision of some hours.
func (c *Chat) Authenticate(ctx context.Context, user, session ID) (Actor, error) {
	a := Actor{Session: session}
	var created, seen, expires int64
	now := c.now()
	err := c.db.read.QueryRowContext(ctx, `
		SELECT u.id, u.name, u.created_at, u.last_channel_id, s.seen_at, s.expires_at
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`, session).
		Scan(&a.ID, &a.Name, &created, &a.lastChannel, &seen, &expires)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (a.ID != user || expires <= now.UnixMilli()) {
		return Actor{}, errSignedOut
	}
	if err != nil {
		return Actor{}, err
	}
	a.CreatedAt = fromMillis(created)
	if now.Sub(fromMillis(seen)) > c.sessionTouch() {
		err = c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE id = $3`,
				now.UnixMilli(), now.Add(c.options.SessionLifetime).UnixMilli(), session)
			return err
		}, nil)
	}
	return a, err
}

// touchListening says that the sessions of open pages are in use: a page that only listens makes no requests.
func (c *Chat) touchListening(ctx context.Context, tx *sql.Tx) error {
	now := c.now()
	return touchSessions(ctx, tx, c.hub.listening(), now, now.Add(c.options.SessionLifetime))
}

// SignOut ends the actor's session; its sockets go silent at once. Ending it twice is not an error.
func (c *Chat) SignOut(ctx context.Context, a Actor) error {
	return c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE id = $1 AND user_id = $2`, a.Session, a.ID)
		return err
	}, func() { c.hub.sessionEnded(a.Session) })
}

func insertSession(ctx context.Context, tx *sql.Tx, a Actor, now, expires time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sessions (id, user_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		a.Session, a.ID, now.UnixMilli(), now.UnixMilli(), expires.UnixMilli())
	return err
}
