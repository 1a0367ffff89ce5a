package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s signInHandlers) hasPasskeys(c *fiber.Ctx) bool {
	_, ok := s.relyingParty(c)
	return ok
}

// beginPasskeySignIn begins a sign-in with a passkey, instead of a name or after the password.
func (s signInHandlers) beginPasskeySignIn(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	return s.beginCeremony(c, "")
}

func (s signInHandlers) beginTwoFactorPasskey(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	pending := s.pendingSecret(c)
	if pending == "" {
		return redirect(c, "/signin")
	}
	return s.beginCeremony(c, pending)
}

func (s signInHandlers) beginCeremony(c *fiber.Ctx, pending string) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	next := localPath(values.Get("next"))
	party, ok := s.relyingParty(c)
	if !ok {
		return errNoRelyingParty
	}
	var out views.Displaced
	if pending == "" && values.Get("lose") == "" { // after the password, that was asked before
		if out, err = s.displaced(c, 0); err != nil {
			return err
		}
	}
	if out.Lost {
		return s.refusePasskey(c, next, out, errSignedInHere)
	}
	ceremony, err := s.Chat.Accounts.BeginPasskeySignIn(c.UserContext(), party, pending)
	if err != nil {
		return s.refusePasskey(c, next, out, err)
	}
	return render(c, fiber.StatusOK, views.PasskeyPage(views.Passkey{Next: next, Ceremony: ceremony}))
}

// refusePasskey shows the sign-in form again, with the reason.
func (s signInHandlers) refusePasskey(c *fiber.Ctx, next string, out views.Displaced, err error) error {
	fault, ok := formFault(err)
	switch code := chat.ErrorCode(err); {
	case code == chat.CodeNotFound:
		fault.Status = fiber.StatusUnprocessableEntity
	case !ok && code != chat.CodeForbidden:
		return err
	}
	fault.Field = "name"
	return render(c, fault.Status, views.SignInPage(views.SignIn{
		Workspace: s.Chat.Admin.Workspace(), Passkeys: true, Next: next, Fault: fault, Displaced: out,
	}))
}

func (s signInHandlers) finishPasskeySignIn(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	next := localPath(values.Get("next"))
	party, ok := s.relyingParty(c)
	if !ok {
		return errNoRelyingParty
	}
	pending := s.pendingSecret(c)
	var limited error
	if pending != "" {
		// without a pending sign-in, the passkey does not come after a password
		if user, err := s.Chat.Accounts.PendingSignIn(c.UserContext(), pending); err == nil {
			limited = s.twoFactor.take(c, user.ID.String(), s.address(c), s.ownDevice(c, user.ID))
		}
	}
	var a chat.Actor
	if err = limited; err == nil {
		a, err = s.Chat.Accounts.FinishPasskeySignIn(s.device(c), party, values.Get("state"), pending, values.Get("response"))
	}
	if err != nil {
		return s.refusePasskey(c, next, views.Displaced{}, err)
	}
	s.setPendingSignIn(c, "")
	return s.completeSignIn(c, a, next)
}
