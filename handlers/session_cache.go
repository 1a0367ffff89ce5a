package handlers

import (
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// ticketLifetime is how old what is remembered of a cookie may be. Whether its session has ended is asked each time: it
// only has to follow those changes of the cookie's own content that another node made, which are none but a cookie that
// was given up for a new one of the same session.
const ticketLifetime = 30 * time.Second

// maxTickets bounds how many cookies are remembered; beyond it all are read anew.
const maxTickets = 10_000

// sessionEntry is what a session's cookie stands for.
type sessionEntry struct {
	user, session chat.ID
	role          string    // when the cookie got its value
	renewed       time.Time // when the cookie was last sent
	read          time.Time // from the storage
}

// sessionCache remember for a moment what cookies stand for: reading a session takes longer than all else that precedes
// a handler. Whoever changes a session forgets its cookie afterwards. Safe for concurrent use.
type sessionCache struct {
	mu       sync.Mutex
	byCookie map[string]sessionEntry
	changes  uint64
}

// find returns what is remembered of a cookie; else the count of changes, for keep.
func (t *sessionCache) find(cookie string) (found sessionEntry, changes uint64, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, ok = t.byCookie[cookie]
	return found, t.changes, ok && time.Since(found.read) < ticketLifetime
}

// keep remembers what a cookie stands for, unless any cookie has changed since find.
func (t *sessionCache) keep(cookie string, known sessionEntry, changes uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.changes != changes {
		return
	}
	if t.byCookie == nil || len(t.byCookie) >= maxTickets {
		t.byCookie = make(map[string]sessionEntry)
	}
	t.byCookie[strings.Clone(cookie)] = known
}

func (t *sessionCache) forget(cookie string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changes++
	delete(t.byCookie, cookie)
}

// sessionEntry returns what the request's cookie stands for: nobody when there is none.
func (s *Server) sessionEntry(c *fiber.Ctx) (sessionEntry, error) {
	cookie := c.Cookies(s.cookie(""))
	if cookie == "" {
		return sessionEntry{}, nil
	}
	known, changes, ok := s.sessionCache.find(cookie)
	if ok {
		return known, nil
	}
	now := time.Now()
	sess, err := s.sessions.Get(c)
	if err != nil {
		return sessionEntry{}, err
	}
	user, _ := sess.Get(userKey).(int64)
	id, _ := sess.Get(sessionKey).(int64)
	renewed, _ := sess.Get(renewedKey).(int64)
	role, _ := sess.Get(roleKey).(string)
	known = sessionEntry{user: chat.ID(user), session: chat.ID(id), role: strings.Clone(role),
		renewed: time.Unix(renewed, 0), read: now}
	if user != 0 && id != 0 {
		s.sessionCache.keep(cookie, known, changes)
	}
	return known, nil
}

// renew sends the cookie anew, with its whole lifetime ahead.
func (s *Server) renew(c *fiber.Ctx) error {
	defer s.sessionCache.forget(strings.Clone(c.Cookies(s.cookie(""))))
	sess, err := s.sessions.Get(c)
	if err != nil {
		return err
	}
	sess.Set(renewedKey, time.Now().Unix())
	if err := sess.Save(); chat.ErrorCode(err) != chat.CodeNoSpace { // a later request will do it
		return err
	}
	return nil
}
