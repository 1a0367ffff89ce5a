package handlers

import (
	"cmp"
	"net/url"
	"strings"
	"time"

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
