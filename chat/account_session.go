package chat

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"time"

	"chitchat/chat/sqlite"
)

// Session is one device on which a user is signed in.
type Session struct {
	ID        ID
	Agent     string // the browser's User-Agent
	Address   string // where it signed in from
	CreatedAt time.Time
	SeenAt    time.Time // precise to minutes
	Current   bool      // the session that asks
}

// Device is the origin of a request.
type Device struct{ Address, Agent string }

type deviceKey struct{}

// WithDevice adds the device to ctx, for methods that begin a session. For all others the actor has the address.
func WithDevice(ctx context.Context, d Device) context.Context {
	return context.WithValue(ctx, deviceKey{}, d)
}

// maxAgent is the number of bytes of a User-Agent that are stored.
const maxAgent = 400

// newActor returns the actor of a new session.
func (c *core) newActor(ctx context.Context, a Actor) Actor {
	d, _ := ctx.Value(deviceKey{}).(Device)
	agent := strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(d.Agent, ""))
	for len(agent) > maxAgent {
		agent = strings.ToValidUTF8(agent[:maxAgent], "")
	}
	a.Session, a.Key, a.Address, a.agent = NewID(), rand.Text(), d.Address, agent
	return a
}

// sessionTouch is how outdated a session's last use may be in the database: it saves a write on most requests.
func (c *core) sessionTouch() time.Duration { return min(5*time.Minute, c.options.SessionLifetime/20) }

// expiry returns when a session ends that is used now and not again.
func (c *core) expiry(created, now time.Time) time.Time {
	end := now.Add(c.options.SessionLifetime)
	if last := created.Add(c.options.SessionMaxAge); c.options.SessionMaxAge > 0 && last.Before(end) {
		return last
	}
	return end
}

// signIn is a user who has signed in, and the sessions that the sign-in ended.
type signIn struct {
	actor Actor
	ended []ID
}

// signedIn notifies the hub of the sessions that a sign-in ended, after the commit.
func (h *hub) signedIn(in signIn) { h.sessionsEnded(in.ended) }

// Sessions returns the actor's sessions: this one first, then by last use.
func (c Accounts) Sessions(ctx context.Context, a Actor) ([]Session, error) {
	return selectSessions(ctx, c.db, a, c.now())
}

// EndSession signs out one of the actor's devices. Its sockets close at once.
func (c Accounts) EndSession(ctx context.Context, a Actor, session ID) error {
	if session == 0 {
		return errNotFound
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if ended, err := endSessions(ctx, tx, a.ID, session, 0); err != nil {
			return err
		} else if len(ended) == 0 {
			return errNotFound
		}
		return c.audit(ctx, tx, a, "session.ended", a.ID, 0, "")
	}, func() { c.hub.sessionEnded(session) })
}

// EndOtherSessions signs out all other devices of the actor, and returns how many there were.
func (c Accounts) EndOtherSessions(ctx context.Context, a Actor) (int, error) {
	ended, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
		ended, err := endSessions(ctx, tx, a.ID, 0, a.Session)
		if err != nil || len(ended) == 0 {
			return nil, err
		}
		return ended, c.audit(ctx, tx, a, "session.ended_others", a.ID, 0, "")
	}, c.hub.sessionsEnded)
	return len(ended), err
}

// touchListening extends the sessions of open pages: a page that only listens makes no requests.
func (c *core) touchListening(ctx context.Context, tx *sqlite.Tx) error {
	age := c.options.SessionMaxAge
	if age <= 0 {
		age = 100 * 365 * 24 * time.Hour // no maximum age
	}
	return touchSessions(ctx, tx, c.hub.listening(), tx.Now.Add(c.options.SessionLifetime), age)
}

// SignOut ends the actor's session. Its sockets close at once. Idempotent.
func (c Accounts) SignOut(ctx context.Context, a Actor) error {
	if a.Session == 0 {
		return nil
	}
	return c.writer.update(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := endSessions(ctx, tx, a.ID, a.Session, 0)
		return err
	}, func() { c.hub.sessionEnded(a.Session) })
}

// rolesOf returns the roles of the users of those of the sessions that have not ended, by session ID.
func rolesOf(ctx context.Context, q sqlite.Querier, sessions []ID, now time.Time) (map[ID]Role, error) {
	roles := make(map[ID]Role, len(sessions))
	for chunk := range slices.Chunk(sessions, 500) {
		args := []any{now.UnixMilli()}
		for _, id := range chunk {
			args = append(args, id)
		}
		some, err := sqlite.CollectMap(ctx, q, sqlite.Pair[ID, Role],
			`SELECT s.id, u.role FROM sessions s JOIN users u ON u.id = s.user_id
			WHERE s.expires_at > $1 AND u.deactivated_at = 0 AND s.id IN `+sqlite.InList(2, len(chunk)), args...)
		if err != nil {
			return nil, err
		}
		maps.Copy(roles, some)
	}
	return roles, nil
}
