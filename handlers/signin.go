package handlers

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s *Server) showSignIn(c *fiber.Ctx) error {
	next := localPath(strings.Clone(c.Query("next")))
	if a, known, err := s.visitor(c); err != nil {
		return err
	} else if known {
		return s.onward(c, a, next)
	}
	return render(c, fiber.StatusOK,
		views.SignInPage(views.SignIn{Workspace: s.Chat.Admin.Workspace(), Passkeys: s.hasPasskeys(c), Next: next,
			Ended: c.Query("ended") != "", Form: s.newFormNonce(c, "")}))
}

// formLifetime is how long a browser keeps the nonce of the form it was shown.
const formLifetime = time.Hour

// newFormNonce gives the browser a secret that stands for one sign-in form: what it returns goes into the form, and
// both have to come back. A form that comes back with its faults keeps the nonce it had.
func (s *Server) newFormNonce(c *fiber.Ctx, nonce string) string {
	if nonce == "" {
		nonce = rand.Text()
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-form"), Value: nonce, Path: "/", MaxAge: int(formLifetime.Seconds()),
		Expires: time.Now().Add(formLifetime),
		Secure:  s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	return nonce
}

// formNonce is the nonce of a sign-in form, "" when there is none: other programs need not send one.
func (s *Server) formNonce(c *fiber.Ctx, values url.Values) string {
	nonce := values.Get("form")
	if len(nonce) != len(rand.Text()) ||
		subtle.ConstantTimeCompare([]byte(nonce), []byte(c.Cookies(s.cookie("-form")))) == 0 {
		return ""
	}
	return nonce
}

// keepsCookies refuses a form whose page came with a cookie that has not come back: whoever signs in by it would be
// signed out at once, and their name, or the link that they used up, lost. A form without the secret is another
// program's. The error is for no field.
func (s *Server) keepsCookies(c *fiber.Ctx, values url.Values) error {
	if values.Get("form") == "" || c.Cookies(s.cookie("-form")) != "" {
		return nil
	}
	do := "allow cookies for this address"
	if s.PublicURL != "" {
		do = "open " + s.PublicURL + " in place of this address, and allow cookies there"
	}
	return chat.Errorf(chat.CodeInvalid,
		"Nothing was done: this page was open for too long, or your browser keeps no cookies here, and would forget you at "+
			"once. Try once more. If this comes again, %s.", do)
}

// limitTries counts one more try to sign in, and returns whose password it is that is tried, as guesses counts. A
// device in which that person has come in before is counted by itself: strangers at the same address use up nothing of
// it. Who tries a name that nobody has hears no difference.
func (s *Server) limitTries(c *fiber.Ctx, name, password string) (person string, limited, err error) {
	if password == "" {
		return "", s.limitSignIns(c), nil
	}
	id, err := s.Chat.Accounts.UserIDByName(c.UserContext(), name)
	if err != nil {
		return "", nil, err
	}
	if person = id.String(); id == 0 {
		person = "nobody " + chat.NameKey(name)
	}
	device := s.ownDevice(c, id)
	if device == "" {
		limited = s.limitSignIns(c)
	}
	if limited == nil {
		limited = s.passwords.take(c, person, s.address(c), device)
	}
	return person, limited, nil
}

// errSignedInHere refuses a form for signing in where a name would be lost by it.
var errSignedInHere = chat.Invalid("name", "Nothing was done: somebody has signed in here meanwhile.")

func (s *Server) signIn(c *fiber.Ctx) error {
	values, err := form(c, maxForm)
	if err != nil {
		return errors.Join(s.limitSignIns(c), err)
	}
	name, password, next := values.Get("name"), values.Get("password"), localPath(values.Get("next"))
	nonce := s.formNonce(c, values)
	var out views.Displaced
	refuse := func(err error) error {
		fault, ok := formFault(err)
		if !ok && chat.ErrorCode(err) != chat.CodeForbidden { // who is banned reads it in the form
			return err
		}
		if fault.Field != "password" {
			fault.Field = "name"
		}
		return render(c, fault.Status, views.SignInPage(views.SignIn{
			Workspace: s.Chat.Admin.Workspace(), Passkeys: s.hasPasskeys(c), Name: sanitizeEcho(name), Next: next, Fault: fault,
			Password: password != "" || chat.ErrorCode(err) == chat.CodeInvalid, Form: s.newFormNonce(c, nonce), Displaced: out,
		}))
	}
	person, limited, err := s.limitTries(c, name, password)
	if err != nil {
		return err
	}
	if cookieless := s.keepsCookies(c, values); limited == nil && cookieless != nil {
		limited = cookieless
	}
	if limited != nil {
		return refuse(limited)
	}
	before, known, err := s.visitor(c)
	switch {
	case err != nil:
		return err
	case known && chat.NameKey(name) == chat.NameKey(before.Name):
		return s.onward(c, before, next) // a second tab, or the button pressed twice
	case known && values.Get("lose") == "":
		if out, err = s.displaced(c, 0); err != nil {
			return err
		}
		if out.Lost {
			return refuse(errSignedInHere)
		}
	}
	var a chat.Actor
	if password != "" {
		a, err = s.Chat.Accounts.SignInWithPassword(s.device(c), name, password)
	} else {
		a, err = s.signInOnce(c, nonce, name)
	}
	second, half := errors.AsType[*chat.TwoFactorRequired](err)
	if password != "" && (half || err == nil) {
		s.passwords.right(person, s.address(c))
	}
	if half {
		s.setSecond(c, second.Secret)
		return redirect(c, secondURL(next))
	}
	if err != nil {
		return refuse(err)
	}
	return s.completeSignIn(c, a, next)
}

// completeSignIn begins the session of someone who has just signed in, in place of the one that this browser had
// before.
func (s *Server) completeSignIn(c *fiber.Ctx, a chat.Actor, next string) error {
	if before, known, err := s.visitor(c); err != nil {
		return err
	} else if known && before.Session != a.Session {
		if err := s.Chat.Accounts.SignOut(c.UserContext(), before); err != nil {
			return err
		}
	}
	c.Locals(actorLocal, a)
	if err := s.sendKey(c, a.Key); err != nil {
		return err
	}
	if protected, err := s.Chat.Accounts.Protected(c.UserContext(), a); err != nil {
		return err
	} else if protected {
		if err := s.setDevice(c, a.ID); err != nil {
			return err
		}
	}
	s.flashSignedIn(c, time.Minute)
	return s.onward(c, a, next)
}

// signInOnce signs in. A form that comes again signs in whom it made the first time: the browser has thrown that
// answer away, with its cookie, and the name would be lost to the person who has just taken it.
func (s *Server) signInOnce(c *fiber.Ctx, nonce, name string) (chat.Actor, error) {
	ctx := c.UserContext()
	if nonce == "" || len(name) > maxKeyed {
		return s.Chat.Accounts.SignIn(s.device(c), name)
	}
	key := chat.NameKey(name)
	form, first, again := s.signUps.enter(nonce + key)
	defer s.signUps.leave(form)
	if again {
		in, err := s.Chat.Accounts.AuthenticateKey(ctx, first.Key)
		if err == nil && chat.NameKey(in.Actor.Name) == key {
			in.Actor.Key = first.Key
			return in.Actor, nil
		}
		if err != nil && chat.ErrorCode(err) != chat.CodeSignedOut {
			return chat.Actor{}, err
		}
	}
	a, err := s.Chat.Accounts.SignIn(s.device(c), name)
	if err == nil {
		s.signUps.remember(form, a)
	}
	return a, err
}

func (s *Server) showSignOut(c *fiber.Ctx, a chat.Actor) error {
	protected, err := s.Chat.Accounts.Protected(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.SignOutPage(l, protected) })
}

func (s *Server) signOut(c *fiber.Ctx) error {
	if err := s.changes.ip.take(c, network(s.address(c))); err != nil {
		return err
	}
	a, err := s.actor(c)
	if err == nil {
		err = s.Chat.Accounts.SignOut(c.UserContext(), a)
	}
	if err != nil && chat.ErrorCode(err) != chat.CodeSignedOut {
		return err
	}
	sess, err := s.sessions.Get(c)
	if err != nil {
		return err
	}
	if err := sess.Destroy(); err != nil {
		return err
	}
	c.Set("Clear-Site-Data", `"cache"`) // the next person at this machine shall not find files there
	return redirect(c, "/signin")
}

// flashSignedIn lets the next page know that it is the first one after signing in; a negative time takes it back.
func (s *Server) flashSignedIn(c *fiber.Ctx, lifetime time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-arrived"), Value: "1", Path: "/", MaxAge: int(lifetime.Seconds()), Expires: time.Now().Add(lifetime),
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// arriving reports whether this is the first page after signing in. Whoever shows it takes flashSignedIn back.
func (s *Server) arriving(c *fiber.Ctx) bool { return c.Cookies(s.cookie("-arrived")) != "" }
