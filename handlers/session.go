package handlers

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/session"

	"chitchat/chat"
	"chitchat/views"
)

// What a session holds: ids only, so that two requests at once cannot undo each other's changes.
const (
	userKey    = "user"
	sessionKey = "session"
	roleKey    = "role"    // when the cookie got its value
	renewedKey = "renewed" // when the cookie was last sent, in seconds
)

// renewAfter is how old a cookie gets before it is sent anew, with its whole lifetime ahead.
func (s *Server) renewAfter() time.Duration { return min(24*time.Hour, s.SessionLifetime/4) }

func newSessions(s *Server) *session.Store {
	return session.New(session.Config{
		Storage:        s.Chat.Storage(),
		Expiration:     s.SessionLifetime,
		KeyLookup:      "cookie:" + s.cookie(""),
		KeyGenerator:   rand.Text,
		CookiePath:     "/",
		CookieSecure:   s.secure(),
		CookieHTTPOnly: true,
		CookieSameSite: "Lax",
	})
}

// cookie is the name of a cookie of ours. Over TLS the prefix keeps other hosts of the domain from setting it.
func (s *Server) cookie(suffix string) string {
	if s.secure() {
		return "__Host-chitchat" + suffix
	}
	return "chitchat" + suffix
}

// as makes a handler of one that needs to know who asks. It counts searches: every table takes its words as q.
func (s *Server) as(handle func(*fiber.Ctx, chat.Actor) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		a, err := s.actor(c)
		if err != nil {
			return err
		}
		if c.Query("q") != "" {
			if err := s.often(c, s.searches, a); err != nil {
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
	t, err := s.ticket(c)
	if err != nil {
		return chat.Actor{}, err
	}
	if t.user == 0 || t.session == 0 {
		return chat.Actor{}, errSignedOut
	}
	a, err := s.Chat.Authenticate(s.device(c), t.user, t.session)
	if err != nil {
		return chat.Actor{}, err
	}
	switch {
	case t.role != string(a.Role) && opens(c):
		err = s.begin(c, a)
	case time.Since(t.renewed) > s.renewAfter():
		err = s.renew(c)
	}
	if err != nil {
		return chat.Actor{}, err
	}
	c.Locals(actorLocal, a)
	return a, nil
}

// ticket returns what the request's cookie stands for: nobody when there is none.
func (s *Server) ticket(c *fiber.Ctx) (ticket, error) {
	cookie := c.Cookies(s.cookie(""))
	if cookie == "" {
		return ticket{}, nil
	}
	known, changes, ok := s.tickets.find(cookie)
	if ok {
		return known, nil
	}
	now := time.Now()
	sess, err := s.sessions.Get(c)
	if err != nil {
		return ticket{}, err
	}
	user, _ := sess.Get(userKey).(int64)
	id, _ := sess.Get(sessionKey).(int64)
	renewed, _ := sess.Get(renewedKey).(int64)
	role, _ := sess.Get(roleKey).(string)
	known = ticket{user: chat.ID(user), session: chat.ID(id), role: strings.Clone(role), renewed: time.Unix(renewed, 0), read: now}
	if user != 0 && id != 0 {
		s.tickets.keep(cookie, known, changes)
	}
	return known, nil
}

// renew sends the cookie anew, with its whole lifetime ahead.
func (s *Server) renew(c *fiber.Ctx) error {
	defer s.tickets.forget(strings.Clone(c.Cookies(s.cookie(""))))
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

func (s *Server) signInPage(c *fiber.Ctx) error {
	next := localPath(strings.Clone(c.Query("next")))
	if _, err := s.actor(c); err == nil {
		return redirect(c, next)
	} else if chat.ErrorCode(err) != chat.CodeSignedOut {
		return err
	}
	return render(c, fiber.StatusOK, views.SignInPage(views.SignIn{Place: s.Chat.Place(), Passkeys: s.hasPasskeys(c), Next: next, Ended: c.Query("ended") != "", Form: s.mintForm(c, "")}))
}

// formLifetime is how long a browser keeps the nonce of the form it was shown.
const formLifetime = time.Hour

// mintForm gives the browser a secret that stands for one sign-in form: what it returns goes into the form, and
// both have to come back. A form that comes back with its faults keeps the nonce it had.
func (s *Server) mintForm(c *fiber.Ctx, nonce string) string {
	if nonce == "" {
		nonce = rand.Text()
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-form"), Value: nonce, Path: "/", MaxAge: int(formLifetime.Seconds()), Expires: time.Now().Add(formLifetime),
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	return nonce
}

// formNonce is the nonce of a sign-in form, "" when there is none: other programs need not send one.
func (s *Server) formNonce(c *fiber.Ctx, values url.Values) string {
	nonce := values.Get("form")
	if len(nonce) != len(rand.Text()) || subtle.ConstantTimeCompare([]byte(nonce), []byte(c.Cookies(s.cookie("-form")))) == 0 {
		return ""
	}
	return nonce
}

func (s *Server) signIn(c *fiber.Ctx) error {
	limited := s.manySignIns(c)
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	name, password, next := values.Get("name"), values.Get("password"), localPath(values.Get("next"))
	nonce := s.formNonce(c, values)
	refuse := func(err error) error {
		if e, ok := errors.AsType[*chat.Error](err); ok {
			field := "name"
			if e.Field == "password" {
				field = e.Field
			}
			return render(c, statuses[e.Code], views.SignInPage(views.SignIn{
				Place: s.Chat.Place(), Passkeys: s.hasPasskeys(c),
				Name: shown(name), Next: next, Error: e.Message, Field: field, Password: password != "" || e.Code == chat.CodeInvalid,
				Form: s.mintForm(c, nonce),
			}))
		}
		return err
	}
	if limited == nil && password != "" {
		limited = s.passwords.take(c, chat.NameKey(name))
	}
	if limited != nil {
		return refuse(limited)
	}
	before, err := s.actor(c)
	switch {
	case err == nil && chat.NameKey(name) == chat.NameKey(before.Name):
		return redirect(c, next) // a second tab, or the button pressed twice
	case err != nil && chat.ErrorCode(err) != chat.CodeSignedOut:
		return err
	}
	var a chat.Actor
	if password != "" {
		a, err = s.Chat.SignInWithPassword(s.device(c), name, password)
	} else {
		a, err = s.signInOnce(c, nonce, name)
	}
	if second, ok := errors.AsType[*chat.SecondStep](err); ok {
		s.setSecond(c, second.Secret)
		return redirect(c, secondURL(next))
	}
	if err != nil {
		return refuse(err)
	}
	return s.welcome(c, a, next)
}

// welcome begins the session of someone who has just signed in, in place of the one that this browser had before.
func (s *Server) welcome(c *fiber.Ctx, a chat.Actor, next string) error {
	if before, err := s.actor(c); err == nil && before.Session != a.Session {
		if err := s.Chat.SignOut(c.UserContext(), before); err != nil {
			return err
		}
	} else if chat.ErrorCode(err) != chat.CodeSignedOut {
		return err
	}
	c.Locals(actorLocal, a)
	if err := s.begin(c, a); err != nil {
		return err
	}
	s.setArrived(c, time.Minute)
	return redirect(c, next)
}

// device is the request's context, with what chat keeps of where a request comes from.
func (s *Server) device(c *fiber.Ctx) context.Context {
	d := chat.Device{Agent: strings.Clone(c.Get(fiber.HeaderUserAgent))}
	if addr := s.address(c); addr.IsValid() {
		d.Address = addr.String()
	}
	return chat.From(c.UserContext(), d)
}

// opens reports whether the request opens a page, and nothing else is asked with the same cookie at the same time.
func opens(c *fiber.Ctx) bool {
	mode := c.Get("Sec-Fetch-Mode")
	return c.Method() == fiber.MethodGet && !htmx(c) && (mode == "navigate" || mode == "") && c.Get(fiber.HeaderUpgrade) == ""
}

// signInOnce signs in. A form that comes again signs in whom it made the first time: the browser has thrown that
// answer away, with its cookie, and the name would be lost to the person who has just taken it.
func (s *Server) signInOnce(c *fiber.Ctx, nonce, name string) (chat.Actor, error) {
	ctx := c.UserContext()
	if nonce == "" || len(name) > maxKeyed {
		return s.Chat.SignIn(s.device(c), name)
	}
	key := chat.NameKey(name)
	form, first, again := s.arrivals.enter(nonce + key)
	defer s.arrivals.leave(form)
	if again {
		a, err := s.Chat.Authenticate(ctx, first.ID, first.Session)
		if err == nil && chat.NameKey(a.Name) == key {
			return a, nil
		}
		if err != nil && chat.ErrorCode(err) != chat.CodeSignedOut {
			return chat.Actor{}, err
		}
	}
	a, err := s.Chat.SignIn(s.device(c), name)
	if err == nil {
		s.arrivals.remember(form, a)
	}
	return a, err
}

// begin gives the browser a session under a new key: one that was planted before, or that someone saw while its
// owner had other rights, is worth nothing.
func (s *Server) begin(c *fiber.Ctx, a chat.Actor) error {
	defer s.tickets.forget(strings.Clone(c.Cookies(s.cookie(""))))
	sess, err := s.sessions.Get(c)
	if err != nil {
		return err
	}
	if err := sess.Regenerate(); err != nil {
		return err
	}
	sess.Set(userKey, int64(a.ID))
	sess.Set(sessionKey, int64(a.Session))
	sess.Set(renewedKey, time.Now().Unix())
	sess.Set(roleKey, string(a.Role))
	return sess.Save()
}

func (s *Server) signOutPage(c *fiber.Ctx, a chat.Actor) error {
	account, err := s.Chat.Account(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.answer(c, a, fiber.StatusOK, nil, func(sh views.Shell) templ.Component { return views.SignOutPage(sh, account.Password) })
}

func (s *Server) signOut(c *fiber.Ctx) error {
	a, err := s.actor(c)
	if err == nil {
		err = s.Chat.SignOut(c.UserContext(), a)
	}
	if err != nil && chat.ErrorCode(err) != chat.CodeSignedOut {
		return err
	}
	defer s.tickets.forget(strings.Clone(c.Cookies(s.cookie(""))))
	sess, err := s.sessions.Get(c)
	if err != nil {
		return err
	}
	if err := sess.Destroy(); err != nil {
		return err
	}
	return redirect(c, "/signin")
}

// setArrived lets the next page know that it is the first one after signing in; a negative time takes it back.
func (s *Server) setArrived(c *fiber.Ctx, lifetime time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-arrived"), Value: "1", Path: "/", MaxAge: int(lifetime.Seconds()), Expires: time.Now().Add(lifetime),
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// arrived reports, once, that this is the first page after signing in.
func (s *Server) arrived(c *fiber.Ctx) bool {
	if c.Cookies(s.cookie("-arrived")) == "" {
		return false
	}
	s.setArrived(c, -time.Hour)
	return true
}

// param is a part of the path, decoded and copied; "" when it is not what a URL may hold.
func param(c *fiber.Ctx, name string) string {
	s, err := url.PathUnescape(c.Params(name))
	if err != nil {
		return ""
	}
	return strings.Clone(s)
}
