package handlers

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/gob"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/session"

	"chitchat/chat"
)

// renewAfter is the age at which a cookie is sent again with its full lifetime.
func (s *Server) renewAfter() time.Duration { return min(24*time.Hour, s.SessionLifetime/4) }

// newSessions returns Fiber's session store, over chat's storage. Fiber keeps no data in sessions: their user and age
// are in chat's row, so that a sign-in writes once and concurrent requests cannot undo each other's changes.
func newSessions(s *Server) (*session.Store, error) {
	var blank bytes.Buffer
	if err := gob.NewEncoder(&blank).Encode(map[string]any{}); err != nil {
		return nil, err
	}
	storage := s.Chat.Accounts.SessionStorage()
	storage.Blank = blank.Bytes()
	return session.New(session.Config{
		Storage:        storage,
		Expiration:     s.SessionLifetime,
		KeyLookup:      "cookie:" + s.cookie(""),
		KeyGenerator:   rand.Text,
		CookiePath:     "/",
		CookieSecure:   s.secure(),
		CookieHTTPOnly: true,
		CookieSameSite: "Lax",
	}), nil
}

// cookie returns the name of one of our cookies. Over TLS the prefix keeps other hosts of the domain from setting it.
// Ports of one host share cookies: the name includes the port.
func (s *Server) cookie(suffix string) string { return s.cookieBase + suffix }

// newCookieBase returns the prefix of cookie names.
func newCookieBase(o Options) string {
	base, port := "chitchat", ""
	if o.TLS || strings.HasPrefix(o.PublicURL, "https://") {
		base = "__Host-chitchat"
	}
	if u, err := url.Parse(o.PublicURL); err == nil && o.PublicURL != "" {
		port = u.Port()
	} else if o.Port != 0 {
		port = strconv.Itoa(o.Port)
	}
	if port == "" || port == "80" || port == "443" {
		return base
	}
	return base + "-" + port
}

// adopt accepts session cookies from versions without the port in the name: renew sends the new one.
func (s *Server) adopt(c *fiber.Ctx) {
	base, _, ported := strings.Cut(s.cookieBase, "chitchat-")
	if !ported || c.Cookies(s.cookie("")) != "" {
		return
	}
	if old := c.Cookies(base + "chitchat"); old != "" {
		c.Request().Header.SetCookie(s.cookie(""), strings.Clone(old))
	}
}

// withUser makes a handler from one that needs the actor. It bounds the concurrent requests of a session.
func (s *Server) withUser(handle func(*fiber.Ctx, chat.Actor) error) fiber.Handler {
	return s.withFile(func(c *fiber.Ctx, a chat.Actor) error {
		if err := s.begins(c, a); err != nil {
			return err
		}
		return handle(c, a)
	})
}

// withFile is withUser for files and pictures: one page requests a hundred at once, and each is small or streamed from
// disk.
func (s *Server) withFile(handle func(*fiber.Ctx, chat.Actor) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		a, err := s.actor(c)
		if err != nil {
			return err
		}
		return handle(c, a)
	}
}

// changing counts the request as a change by the actor.
func (s *Server) changing(handle func(*fiber.Ctx, chat.Actor) error) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		if err := s.rateLimit(c, s.changes, a); err != nil {
			return err
		}
		return handle(c, a)
	}
}

// searching counts the request as a search if it has a search term: q for tables and lists, a name for the audit log.
func (s *Server) searching(handle func(*fiber.Ctx, chat.Actor) error) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		if c.Query("q") != "" || c.Query("name") != "" {
			if err := s.rateLimit(c, s.searches, a); err != nil {
				return err
			}
		}
		return handle(c, a)
	}
}

// actor returns the request's user, or an error of CodeSignedOut.
func (s *Server) actor(c *fiber.Ctx) (chat.Actor, error) {
	if a, ok := c.Locals(actorLocal).(chat.Actor); ok {
		return a, nil
	}
	key := c.Cookies(s.cookie(""))
	in, err := s.Chat.Accounts.AuthenticateKey(s.device(c), key)
	if err != nil {
		return chat.Actor{}, err
	}
	switch {
	case in.KeyRole != in.Actor.Role && isNavigation(c):
		err = s.replaceKey(c, in.Actor, key)
	case time.Since(in.KeySent) > s.renewAfter():
		err = s.renew(c)
	}
	if err != nil {
		return chat.Actor{}, err
	}
	c.Locals(actorLocal, in.Actor)
	return in.Actor, nil
}

// visitor is actor for pages that allow signed-out visitors: known reports whether the visitor is signed in.
func (s *Server) visitor(c *fiber.Ctx) (a chat.Actor, known bool, err error) {
	a, err = s.actor(c)
	if chat.ErrorCode(err) == chat.CodeSignedOut {
		return chat.Actor{}, false, nil
	}
	return a, err == nil, err
}

// device returns the request's context with the client's address and user agent, which chat stores with sessions.
func (s *Server) device(c *fiber.Ctx) context.Context {
	d := chat.Device{Agent: strings.Clone(c.Get(fiber.HeaderUserAgent))}
	if addr := s.address(c); addr.IsValid() {
		d.Address = addr.String()
	}
	return chat.WithDevice(c.UserContext(), d)
}

// isNavigation reports whether the request opens a page. Then no other request with the same cookie runs at the same
// time.
func isNavigation(c *fiber.Ctx) bool {
	mode := c.Get("Sec-Fetch-Mode")
	return c.Method() == fiber.MethodGet && !htmx(c) && (mode == "navigate" || mode == "") &&
		c.Get(fiber.HeaderUpgrade) == ""
}

// replaceKey gives the browser's session a new key: a key seen before the user's rights changed becomes useless. If old
// is given and was replaced already, the browser gets its cookie from that other request's answer.
func (s *Server) replaceKey(c *fiber.Ctx, a chat.Actor, old string) error {
	key, err := s.Chat.Accounts.ReplaceKey(c.UserContext(), a, old)
	if err != nil || key == "" {
		return err
	}
	return s.sendKey(c, key)
}

// sendKey sends the browser the key of a session that was just created or re-keyed. A key planted before is useless:
// keys are never the browser's choice (session fixation).
func (s *Server) sendKey(c *fiber.Ctx, key string) error {
	c.Request().Header.SetCookie(s.cookie(""), key)
	sess, err := s.sessions.Get(c)
	if err != nil {
		return err
	}
	if sess.ID() != key {
		return errSignedOut // it has ended meanwhile
	}
	return sess.Save()
}

// renew sends the cookie again, with its full lifetime.
func (s *Server) renew(c *fiber.Ctx) error {
	sess, err := s.sessions.Get(c)
	if err != nil || sess.Fresh() { // it has ended meanwhile
		return err
	}
	if err := sess.Save(); chat.ErrorCode(err) != chat.CodeNoSpace { // a later request will renew it
		return err
	}
	return nil
}
