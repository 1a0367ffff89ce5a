package handlers

import (
	"cmp"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// setSecond keeps the secret of a sign-in that lacks its second step; "" forgets it.
func (s *Server) setSecond(c *fiber.Ctx, secret string) {
	lifetime := 10 * time.Minute
	if secret == "" {
		lifetime = -time.Hour
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-second"), Value: secret, Path: "/", MaxAge: int(lifetime.Seconds()), Expires: time.Now().Add(lifetime),
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func (s *Server) secondOf(c *fiber.Ctx) string { return strings.Clone(c.Cookies(s.cookie("-second"))) }

// secondURL is where a sign-in goes on after the password.
func secondURL(next string) string {
	if next == "/" {
		return "/signin/second"
	}
	return "/signin/second?next=" + url.QueryEscape(next)
}

func (s *Server) showTwoFactorSignIn(c *fiber.Ctx) error {
	next := localPath(strings.Clone(c.Query("next")))
	user, err := s.Chat.Accounts.PendingSignIn(c.UserContext(), s.secondOf(c))
	if chat.ErrorCode(err) == chat.CodeNotFound {
		return redirect(c, signInURL(next))
	}
	if err != nil {
		return err
	}
	return render(c, fiber.StatusOK, views.TwoFactorSignInPage(s.second(c, user, next, "")))
}

func (s *Server) second(c *fiber.Ctx, h chat.PendingSignIn, next, fault string) views.TwoFactorSignIn {
	_, possible := s.site(c)
	return views.TwoFactorSignIn{Name: h.Name, Next: next, Error: fault, Code: h.Code, Passkey: h.Passkey && possible}
}

func (s *Server) finishSignIn(c *fiber.Ctx) error {
	limited := s.limitSignIns(c)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	next := localPath(values.Get("next"))
	user, err := s.Chat.Accounts.PendingSignIn(c.UserContext(), s.secondOf(c))
	if limited != nil && chat.ErrorCode(err) == chat.CodeNotFound {
		return limited
	}
	if err == nil {
		if err = limited; err == nil {
			err = s.seconds.take(c, user.ID.String(), s.address(c), s.ownDevice(c, user.ID))
		}
	}
	var a chat.Actor
	if err == nil {
		if a, err = s.Chat.Accounts.FinishSignIn(s.device(c), s.secondOf(c), values.Get("code")); err == nil {
			s.seconds.right(user.ID.String(), s.address(c))
		}
	}
	switch e, ok := errors.AsType[*chat.Error](err); {
	case ok && (e.Code == chat.CodeNotFound || e.Code == chat.CodeForbidden):
		s.setSecond(c, "")
		status := statuses[e.Code]
		if e.Code == chat.CodeNotFound {
			status = fiber.StatusUnprocessableEntity
		}
		return render(c, status, views.SignInPage(views.SignIn{
			Workspace: s.Chat.Admin.Workspace(), Passkeys: s.hasPasskeys(c), Next: next, Error: e.Message, Field: "name", Password: true,
		}))
	case ok:
		return render(c, statuses[e.Code], views.TwoFactorSignInPage(s.second(c, user, next, e.Message)))
	case err != nil:
		return err
	}
	s.setSecond(c, "")
	return s.completeSignIn(c, a, next)
}

// showTwoFactor is the page of settings on which the second step is turned on and off.
func (s *Server) showTwoFactor(c *fiber.Ctx, a chat.Actor) error {
	return s.renderTwoFactor(c, a, fiber.StatusOK, views.TwoFactor{Off: c.Query("off") != ""})
}

func (s *Server) renderTwoFactor(c *fiber.Ctx, a chat.Actor, status int, f views.TwoFactor) error {
	var err error
	if f.Account, err = s.Chat.Accounts.Get(c.UserContext(), a); err != nil {
		return err
	}
	if key, err := s.Chat.Accounts.PendingTOTPKey(c.UserContext(), a); err == nil && f.Account.Password {
		code, err := newQR(key.URL)
		if err != nil {
			return err
		}
		f.Key = &views.Key{Secret: key.Secret, QR: code}
	} else if chat.ErrorCode(err) != chat.CodeNotFound && err != nil {
		return err
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.TwoFactorPage(sh, f) })
}

// twoFactorForm makes a handler of a change that begins with the password or a code, and refuses on the page.
func (s *Server) twoFactorForm(change func(*fiber.Ctx, chat.Actor, url.Values) error) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		values, err := form(c, maxForm)
		if err != nil {
			return err
		}
		if err = s.limitPasswords(c, a); err == nil {
			err = change(c, a, values)
		}
		if e, ok := errors.AsType[*chat.Error](err); ok && (e.Code == chat.CodeInvalid || e.Code == chat.CodeTooOften) {
			return s.renderTwoFactor(c, a, statuses[e.Code], views.TwoFactor{Field: e.Field, Error: e.Message})
		}
		return err
	}
}

func (s *Server) startTwoFactor(c *fiber.Ctx, a chat.Actor, values url.Values) error {
	if _, err := s.Chat.Accounts.StartTwoFactor(c.UserContext(), a, values.Get("current")); err != nil {
		return err
	}
	return redirect(c, "/me/second")
}

func (s *Server) confirmTwoFactor(c *fiber.Ctx, a chat.Actor, values url.Values) error {
	codes, err := s.Chat.Accounts.ConfirmTwoFactor(c.UserContext(), a, values.Get("code"))
	if err != nil {
		return err
	}
	return s.renderTwoFactor(c, a, fiber.StatusOK, views.TwoFactor{Codes: codes})
}

func (s *Server) createRecoveryCodes(c *fiber.Ctx, a chat.Actor, values url.Values) error {
	codes, err := s.Chat.Accounts.CreateRecoveryCodes(c.UserContext(), a, values.Get("current"))
	if err != nil {
		return err
	}
	return s.renderTwoFactor(c, a, fiber.StatusOK, views.TwoFactor{Codes: codes})
}

func (s *Server) disableTwoFactor(c *fiber.Ctx, a chat.Actor, values url.Values) error {
	if err := s.Chat.Accounts.DisableTwoFactor(c.UserContext(), a, values.Get("current")); err != nil {
		return err
	}
	return redirect(c, "/me/second?off=1")
}
