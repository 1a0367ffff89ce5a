package handlers

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// setPendingSignIn sets the cookie with the secret of a sign-in that awaits two-factor authentication; "" removes it.
func (s signInHandlers) setPendingSignIn(c *fiber.Ctx, secret string) {
	lifetime := 10 * time.Minute
	if secret == "" {
		lifetime = -time.Hour
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-second"), Value: secret, Path: "/", MaxAge: int(lifetime.Seconds()),
		Expires: time.Now().Add(lifetime),
		Secure:  s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func (s signInHandlers) pendingSecret(c *fiber.Ctx) string {
	return strings.Clone(c.Cookies(s.cookie("-second")))
}

// twoFactorURL returns where a sign-in continues after the password.
func twoFactorURL(next string) string {
	if next == "/" {
		return "/signin/two-factor"
	}
	return "/signin/two-factor?next=" + url.QueryEscape(next)
}

func (s signInHandlers) showTwoFactorSignIn(c *fiber.Ctx) error {
	next := localPath(strings.Clone(c.Query("next")))
	user, err := s.Chat.Accounts.PendingSignIn(c.UserContext(), s.pendingSecret(c))
	if chat.ErrorCode(err) == chat.CodeNotFound {
		return redirect(c, signInURL(next))
	}
	if err != nil {
		return err
	}
	return render(c, fiber.StatusOK, views.TwoFactorSignInPage(s.twoFactorView(c, user, next, views.Fault{})))
}

func (s signInHandlers) twoFactorView(c *fiber.Ctx, p chat.PendingSignIn, next string,
	fault views.Fault) views.TwoFactorSignIn {
	_, possible := s.relyingParty(c)
	return views.TwoFactorSignIn{Name: p.Name, Next: next, Fault: fault, Code: p.Code, Passkey: p.Passkey && possible}
}

func (s signInHandlers) finishSignIn(c *fiber.Ctx) error {
	limited := s.limitSignIns(c)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	next := localPath(values.Get("next"))
	user, err := s.Chat.Accounts.PendingSignIn(c.UserContext(), s.pendingSecret(c))
	if limited != nil && chat.ErrorCode(err) == chat.CodeNotFound {
		return limited
	}
	if err == nil {
		if err = limited; err == nil {
			err = s.twoFactor.take(c, user.ID.String(), s.address(c), s.ownDevice(c, user.ID))
		}
	}
	var a chat.Actor
	if err == nil {
		if a, err = s.Chat.Accounts.FinishSignIn(s.device(c), s.pendingSecret(c), values.Get("code")); err == nil {
			s.twoFactor.right(user.ID.String(), s.address(c))
		}
	}
	if err != nil {
		return s.refuseTwoFactor(c, user, next, err)
	}
	s.setPendingSignIn(c, "")
	return s.completeSignIn(c, a, next)
}

// refuseTwoFactor shows the form for the code again, or the sign-in form if the attempt expired or the user may not
// sign in. It does not use submit, because the form shown may be another than the one sent.
func (s signInHandlers) refuseTwoFactor(c *fiber.Ctx, user chat.PendingSignIn, next string, err error) error {
	fault, ok := formFault(err)
	if ok {
		return render(c, fault.Status, views.TwoFactorSignInPage(s.twoFactorView(c, user, next, fault)))
	}
	switch chat.ErrorCode(err) {
	case chat.CodeNotFound:
		fault.Status = fiber.StatusUnprocessableEntity
	case chat.CodeForbidden:
	default:
		return err
	}
	s.setPendingSignIn(c, "")
	fault.Field = "name"
	return render(c, fault.Status, views.SignInPage(views.SignIn{
		Workspace: s.Chat.Admin.Workspace(), Passkeys: s.hasPasskeys(c), Next: next, Fault: fault, Password: true,
	}))
}

// showTwoFactor shows the settings page of two-factor authentication.
func (s settingsHandlers) showTwoFactor(c *fiber.Ctx, a chat.Actor) error {
	return s.renderTwoFactor(c, a, views.TwoFactor{Off: c.Query("off") != ""})
}

func (s settingsHandlers) renderTwoFactor(c *fiber.Ctx, a chat.Actor, f views.TwoFactor) error {
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
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.TwoFactorPage(l, f) })
}

// twoFactorForm makes a handler of a change that requires the password or a code, and shows refusals on the page.
func (s settingsHandlers) twoFactorForm(
	change func(*fiber.Ctx, chat.Actor, url.Values) (func() error, error)) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		return submit(c, submission{
			limited: s.limitPasswords(c, a),
			do:      func(values url.Values) (func() error, error) { return change(c, a, values) },
			show: func(_ url.Values, fault views.Fault) error {
				return s.renderTwoFactor(c, a, views.TwoFactor{Fault: fault})
			},
		})
	}
}

func (s settingsHandlers) startTwoFactor(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	_, err := s.Chat.Accounts.StartTwoFactor(c.UserContext(), a, values.Get("current"))
	return to(c, "/me/two-factor"), err
}

func (s settingsHandlers) confirmTwoFactor(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	codes, err := s.Chat.Accounts.ConfirmTwoFactor(c.UserContext(), a, values.Get("code"))
	return func() error { return s.renderTwoFactor(c, a, views.TwoFactor{Codes: codes}) }, err
}

func (s settingsHandlers) createRecoveryCodes(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	codes, err := s.Chat.Accounts.CreateRecoveryCodes(c.UserContext(), a, values.Get("current"))
	return func() error { return s.renderTwoFactor(c, a, views.TwoFactor{Codes: codes}) }, err
}

func (s settingsHandlers) disableTwoFactor(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	err := s.Chat.Accounts.DisableTwoFactor(c.UserContext(), a, values.Get("current"))
	return to(c, "/me/two-factor?off=1"), err
}
