package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"chitchat/chat/sqlite"
)

// UserSession is a session with its user.
type UserSession struct {
	Session
	User    User
	Role    Role
	Account bool // has a password or a passkey: they can sign in again as the same user
}

// ListSessions finds sessions of all users by the user's name, the address or the User-Agent, latest use first.
func (c Admin) ListSessions(ctx context.Context, a Actor, f ListQuery) (List[UserSession], error) {
	if !a.Role.May(MayManagePeople) {
		return List[UserSession]{}, errNotFound
	}
	return selectUserSessions(ctx, c.db, a, f.clean(), c.now())
}

// EndSessionOf signs out one device of a user below the actor. Its sockets close at once.
func (c Admin) EndSessionOf(ctx context.Context, a Actor, session ID) error {
	if !a.Role.May(MayManagePeople) {
		return errNotFound
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		var user ID
		err := tx.QueryRowContext(ctx, `SELECT user_id FROM sessions WHERE id = $1`, session).Scan(&user)
		if errors.Is(err, sql.ErrNoRows) {
			return errNotFound
		}
		if err != nil {
			return err
		}
		if _, _, err := requireOutranks(ctx, tx, a, user); err != nil {
			return err
		}
		if _, err := endSessions(ctx, tx, user, session, 0); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "session.ended", user, 0, "")
	}, func() { c.hub.sessionEnded(session) })
}

// EndSessionsOf signs out all devices of a user below the actor. Their sockets close at once. It also revokes the
// user's invitations: an intruder who had one of the sessions could return by one.
func (c Admin) EndSessionsOf(ctx context.Context, a Actor, user ID) error {
	if !a.Role.May(MayManagePeople) {
		return errNotFound
	}
	_, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
		if _, _, err := requireOutranks(ctx, tx, a, user); err != nil {
			return nil, err
		}
		ended, err := endSessions(ctx, tx, user, 0, 0)
		if err != nil {
			return nil, err
		}
		if err := revokeInvitationsOf(ctx, tx, user); err != nil {
			return nil, err
		}
		return ended, c.audit(ctx, tx, a, "session.ended_all", user, 0, "")
	}, c.hub.sessionsEnded)
	return err
}

// SessionLifetimes returns how long a session lasts unused, and its maximum age (0: none).
func (c Admin) SessionLifetimes() (idle, most time.Duration) {
	return c.options.SessionLifetime, c.options.SessionMaxAge
}

func selectUserSessions(ctx context.Context, q sqlite.Querier, a Actor, f ListQuery,
	now time.Time) (t List[UserSession], err error) {
	found, args := `SELECT id, seen_at FROM sessions WHERE expires_at > $1 AND user_id <> 0`, []any{now.UnixMilli()}
	if f.Text != "" {
		found += ` AND (user_id IN (SELECT id FROM users WHERE name_key LIKE $2 ESCAPE '\')
			OR address LIKE $3 ESCAPE '\' OR lower(user_agent) LIKE lower($3) ESCAPE '\')`
		args = append(args, like(NameKey(f.Text)), like(f.Text))
	}
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM (`+found+`) AS f`, args...).Scan(&t.Total); err != nil {
		return t, err
	}
	// The users are read for one page only.
	t.Rows, err = sqlite.Collect(ctx, q, scanUserSession, `
		SELECT s.id, s.user_agent, s.address, s.created_at, s.seen_at, u.id, u.name, u.role,
			EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = u.id) OR EXISTS (SELECT 1 FROM passkeys k
				WHERE k.user_id = u.id)
		FROM (`+found+fmt.Sprintf(` ORDER BY seen_at DESC, id DESC LIMIT $%d OFFSET $%d`, len(args)+1, len(args)+2)+`) AS f
		JOIN sessions s ON s.id = f.id JOIN users u ON u.id = s.user_id
		ORDER BY s.seen_at DESC, s.id DESC`, append(args, PageSize, f.Page*PageSize)...)
	for i := range t.Rows {
		t.Rows[i].Current = t.Rows[i].ID == a.Session
	}
	return t, err
}

func scanUserSession(row sqlite.Scanner) (s UserSession, err error) {
	var created, seen int64
	err = row.Scan(&s.ID, &s.Agent, &s.Address, &created, &seen, &s.User.ID, &s.User.Name, &s.Role, &s.Account)
	s.CreatedAt, s.SeenAt = fromMillis(created), fromMillis(seen)
	return s, err
}
