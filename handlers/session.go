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

// renewAfter is how old a cookie gets before it is sent anew, with its whole lifetime ahead.
func (s *Server) renewAfter() time.Duration { return min(24*time.Hour, s.SessionLifetime/4) }

// newSessions makes Fiber's sessions, whose storage is chat's. Fiber keeps nothing in them: whose a session is, and
// since when, its row says, so that a sign-in writes once, and two requests at once cannot undo each other's changes.
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

// cookie is the name of a cookie of ours. Over TLS the prefix keeps other hosts of the domain from setting it. The
// ports of a host share their cookies: the name tells them apart.
func (s *Server) cookie(suffix string) string { return s.cookieBase + suffix }

// newCookieBase is what the names of cookies begin with.
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

// adopt lets a session go on whose cookie is from before the port was in its name: renew gives it the new one.
func (s *Server) adopt(c *fiber.Ctx) {
	base, _, ported := strings.Cut(s.cookieBase, "chitchat-")
	if !ported || c.Cookies(s.cookie("")) != "" {
		return
	}
	if old := c.Cookies(base + "chitchat"); old != "" {
		c.Request().Header.SetCookie(s.cookie(""), strings.Clone(old))
	}
}

// withUser makes a handler of one that needs to know who asks. What is under way for one session is bounded.
func (s *Server) withUser(handle func(*fiber.Ctx, chat.Actor) error) fiber.Handler {
	return s.withFile(func(c *fiber.Ctx, a chat.Actor) error {
		if err := s.begins(c, a); err != nil {
			return err
		}
		return handle(c, a)
	})
}

// withFile is withUser for what a page asks for a hundred times at once, and what is little or comes from the disk bit
// by bit: files and pictures.
func (s *Server) withFile(handle func(*fiber.Ctx, chat.Actor) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		a, err := s.actor(c)
		if err != nil {
			return err
		}
		return handle(c, a)
	}
}

// changing counts what is asked as a change by the one who asks.
func (s *Server) changing(handle func(*fiber.Ctx, chat.Actor) error) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		if err := s.rateLimit(c, s.changes, a); err != nil {
			return err
		}
		return handle(c, a)
	}
}

// searching counts what is asked as a search, when it looks for words: tables and lists take them as q, the log a name.
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

// actor returns who asks, or an error of CodeSignedOut.
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

// visitor is actor where nobody has to be signed in: known reports whether somebody is.
func (s *Server) visitor(c *fiber.Ctx) (a chat.Actor, known bool, err error) {
	a, err = s.actor(c)
	if chat.ErrorCode(err) == chat.CodeSignedOut {
		return chat.Actor{}, false, nil
	}
	return a, err == nil, err
}

// device is the request's context, with what chat keeps of where a request comes from.
func (s *Server) device(c *fiber.Ctx) context.Context {
	d := chat.Device{Agent: strings.Clone(c.Get(fiber.HeaderUserAgent))}
	if addr := s.address(c); addr.IsValid() {
		d.Address = addr.String()
	}
	return chat.WithDevice(c.UserContext(), d)
}

// isNavigation reports whether the request opens a page, and nothing else is asked with the same cookie at the same
// time.
func isNavigation(c *fiber.Ctx) bool {
	mode := c.Get("Sec-Fetch-Mode")
	return c.Method() == fiber.MethodGet && !htmx(c) && (mode == "navigate" || mode == "") &&
		c.Get(fiber.HeaderUpgrade) == ""
}

// replaceKey gives the browser's session a new key: one that someone saw while its owner had other rights is worth
// nothing. When old is given and has been replaced already, the browser gets its cookie with the answer to that other
// request.
func (s *Server) replaceKey(c *fiber.Ctx, a chat.Actor, old string) error {
	key, err := s.Chat.Accounts.ReplaceKey(c.UserContext(), a, old)
	if err != nil || key == "" {
		return err
	}
	return s.sendKey(c, key)
}

// sendKey gives the browser the key of a session that has just begun, or that has just got it. One that was planted
// before is worth nothing: a key is never the browser's choice.
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

// renew sends the cookie anew, with its whole lifetime ahead.
func (s *Server) renew(c *fiber.Ctx) error {
	sess, err := s.sessions.Get(c)
	if err != nil || sess.Fresh() { // it has ended meanwhile
		return err
	}
	if err := sess.Save(); chat.ErrorCode(err) != chat.CodeNoSpace { // a later request will do it
		return err
	}
	return nil
}
