package handlers

import (
	"errors"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s signInHandlers) showSignIn(c *fiber.Ctx) error {
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

// limitTries counts an attempt to sign in, and returns the key of the user whose password is tried, for guesses.
// Devices on which that user has signed in before are counted separately: strangers at the same address use up nothing
// of theirs. Unknown names behave the same.
func (s signInHandlers) limitTries(c *fiber.Ctx, name, password string) (user string, limited, err error) {
	if password == "" {
		return "", s.limitSignIns(c), nil
	}
	id, err := s.Chat.Accounts.UserIDByName(c.UserContext(), name)
	if err != nil {
		return "", nil, err
	}
	if user = id.String(); id == 0 {
		user = "nobody " + chat.NameKey(name)
	}
	device := s.ownDevice(c, id)
	if device == "" {
		limited = s.limitSignIns(c)
	}
	if limited == nil {
		limited = s.passwords.take(c, user, s.address(c), device)
	}
	return user, limited, nil
}

// errSignedInHere refuses a sign-in by which the user signed in here would lose their name.
var errSignedInHere = chat.Invalid("name", "Nothing was done: somebody has signed in here meanwhile.")

func (s signInHandlers) signIn(c *fiber.Ctx) error {
	values, err := form(c, maxForm)
	if err != nil {
		return errors.Join(s.limitSignIns(c), err)
	}
	name, password, next := values.Get("name"), values.Get("password"), localPath(values.Get("next"))
	nonce := s.formNonce(c, values)
	var out views.Displaced
	refuse := func(err error) error {
		fault, ok := formFault(err)
		if !ok && chat.ErrorCode(err) != chat.CodeForbidden { // the form tells banned users why
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
	user, limited, err := s.limitTries(c, name, password)
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
		return s.onward(c, before, next) // a second tab, or the button was pressed twice
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
	pending, twoFactor := errors.AsType[*chat.TwoFactorRequired](err)
	if password != "" && (twoFactor || err == nil) {
		s.passwords.right(user, s.address(c))
	}
	if twoFactor {
		s.setPendingSignIn(c, pending.Secret)
		return redirect(c, twoFactorURL(next))
	}
	if err != nil {
		return refuse(err)
	}
	return s.completeSignIn(c, a, next)
}

// completeSignIn begins the session of a user who has just signed in, and ends the browser's previous one.
func (s signInHandlers) completeSignIn(c *fiber.Ctx, a chat.Actor, next string) error {
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

// signInOnce signs in. A repeated form returns the user whom the first one created: the browser has discarded that
// answer and its cookie, and the new user would lose their name.
func (s signInHandlers) signInOnce(c *fiber.Ctx, nonce, name string) (chat.Actor, error) {
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

func (s signInHandlers) showSignOut(c *fiber.Ctx, a chat.Actor) error {
	protected, err := s.Chat.Accounts.Protected(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.SignOutPage(l, protected) })
}

func (s signInHandlers) signOut(c *fiber.Ctx) error {
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
	c.Set("Clear-Site-Data", `"cache"`) // the next user of this computer must not find files there
	return redirect(c, "/signin")
}

// flashSignedIn marks the next page as the first one after signing in; a negative lifetime removes the mark.
func (s *Server) flashSignedIn(c *fiber.Ctx, lifetime time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-arrived"), Value: "1", Path: "/", MaxAge: int(lifetime.Seconds()), Expires: time.Now().Add(lifetime),
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// arriving reports whether this is the first page after signing in. Its caller removes the mark by flashSignedIn.
func (s *Server) arriving(c *fiber.Ctx) bool { return c.Cookies(s.cookie("-arrived")) != "" }

// onward redirects to next. If that is home, it redirects to home's target directly and saves a round trip.
func (s signInHandlers) onward(c *fiber.Ctx, a chat.Actor, next string) error {
	if next == "/" {
		if to, err := s.start(c, a); err == nil { // on error home reports it
			next = to
		}
	}
	return redirect(c, next)
}
