package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"chitchat/chat/sqlite"
)

// UserSession is a session with whose it is.
type UserSession struct {
	Session
	User    User
	Role    Role
	Account bool // they have a password or a passkey: they come in again as who they are
}

// ListSessions finds everyone's sessions by the person's name, the address, or the browser's own words, those that
// were used last first.
func (c Admin) ListSessions(ctx context.Context, a Actor, f ListQuery) (List[UserSession], error) {
	if !a.Role.May(MayManagePeople) {
		return List[UserSession]{}, errNotFound
	}
	return selectUserSessions(ctx, c.db, a, f.clean(), c.now())
}

// EndSessionOf signs one device of someone below the actor out; what it has open goes silent at once.
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

// EndSessionsOf signs someone below the actor out everywhere; what they have open goes silent at once. Their
// invitations end too: whoever had their session could come in again by one.
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

// SessionLifetimes returns how long a session lives without being used, and how long at most (0: for ever).
func (c Admin) SessionLifetimes() (idle, most time.Duration) {
	return c.options.SessionLifetime, c.options.SessionMaxAge
}

func selectUserSessions(ctx context.Context, q sqlite.Querier, a Actor, f ListQuery,
	now time.Time) (t List[UserSession], err error) {
	found, args := `SELECT id, seen_at FROM sessions WHERE expires_at > $1`, []any{now.UnixMilli()}
	if f.Text != "" {
		found += ` AND (user_id IN (SELECT id FROM users WHERE name_key LIKE $2 ESCAPE '\')
			OR address LIKE $3 ESCAPE '\' OR lower(user_agent) LIKE lower($3) ESCAPE '\')`
		args = append(args, like(NameKey(f.Text)), like(f.Text))
	}
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM (`+found+`) AS f`, args...).Scan(&t.Total); err != nil {
		return t, err
	}
	// Whose they are is asked of one page alone.
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
