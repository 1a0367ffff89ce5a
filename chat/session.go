package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// sessionTouch is how stale a session's last use may be in the database: it saves a write on most requests.
const sessionTouch = 12 * time.Hour

// Authenticate returns the actor of a session. CodeSignedOut: it has ended, or was never that user's.
// A session that is used lives on: its end moves away from the last use, to a precision of some hours.
func (c *Chat) Authenticate(ctx context.Context, user, session ID) (Actor, error) {
	a := Actor{Session: session}
	var created, deactivated, seen, expires int64
	now := c.now()
	err := c.db.read.QueryRowContext(ctx, `
		SELECT u.id, u.name, u.created_at, u.role, u.deactivated_at, u.last_channel_id, s.seen_at, s.expires_at
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`, session).
		Scan(&a.ID, &a.Name, &created, &a.Role, &deactivated, &a.lastChannel, &seen, &expires)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (a.ID != user || deactivated > 0 || expires <= now.UnixMilli()) {
		return Actor{}, errSignedOut
	}
	if err != nil {
		return Actor{}, err
	}
	a.CreatedAt = fromMillis(created)
	if now.Sub(fromMillis(seen)) > sessionTouch {
		err = c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE id = $3`,
				now.UnixMilli(), now.Add(c.options.SessionLifetime).UnixMilli(), session)
			return err
		}, nil)
	}
	return a, err
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

// rolesOf returns the roles of the people whose sessions these are: of those that have not ended.
func rolesOf(ctx context.Context, q querier, sessions []ID, now time.Time) (map[ID]Role, error) {
	roles := make(map[ID]Role, len(sessions))
	for chunk := range slices.Chunk(sessions, 500) {
		args := []any{now.UnixMilli()}
		for _, id := range chunk {
			args = append(args, id)
		}
		rows, err := q.QueryContext(ctx, `SELECT s.id, u.role FROM sessions s JOIN users u ON u.id = s.user_id
			WHERE s.expires_at > $1 AND u.deactivated_at = 0 AND s.id IN `+inList(2, len(chunk)), args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var id ID
			var role Role
			if err := rows.Scan(&id, &role); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			roles[id] = role
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return roles, nil
}
