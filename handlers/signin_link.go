package handlers

import (
	"context"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showDeviceLink asks for confirmation: link previews and scanners that open the link use none up.
func (s signInHandlers) showDeviceLink(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	link, err := s.linkOf(c, s.Chat.Accounts.DeviceLinkUser)
	if err != nil {
		return err
	}
	link.Form = s.newFormNonce(c, "")
	return render(c, fiber.StatusOK, views.DeviceLinkPage(link))
}

// linkOf returns what the request's link would do in this browser. user is who its secret signs in.
func (s signInHandlers) linkOf(c *fiber.Ctx,
	user func(context.Context, string) (chat.User, error)) (link views.DeviceLink, err error) {
	if link.User, err = user(c.UserContext(), param(c, "token")); err != nil {
		return link, err
	}
	link.Displaced, err = s.displaced(c, link.User.ID)
	return link, err
}

// displaced returns the user whom signing in another would sign out in this browser. 0 means a new user.
func (s signInHandlers) displaced(c *fiber.Ctx, next chat.ID) (d views.Displaced, err error) {
	before, known, err := s.visitor(c)
	if err != nil || !known || before.ID == next {
		return d, err
	}
	protected, err := s.Chat.Accounts.Protected(c.UserContext(), before)
	return views.Displaced{Before: &before.User, Lost: !protected}, err
}

func (s signInHandlers) useDeviceLink(c *fiber.Ctx) error {
	use := func(url.Values) (chat.Actor, error) {
		return s.Chat.Accounts.UseDeviceLink(s.device(c), param(c, "token"))
	}
	return s.submitLink(c, s.Chat.Accounts.DeviceLinkUser, views.DeviceLinkPage, use)
}

// submitLink signs in by a link's form, unless a user without a password would lose their name by it.
func (s signInHandlers) submitLink(c *fiber.Ctx, user func(context.Context, string) (chat.User, error),
	page func(views.DeviceLink) templ.Component, signIn func(url.Values) (chat.Actor, error)) error {
	if err := s.limitSignIns(c); err != nil { // otherwise the answer would tell a guesser that a link is valid
		return err
	}
	return submit(c, submission{
		do: func(values url.Values) (func() error, error) {
			link, err := s.linkOf(c, user)
			if err != nil {
				return nil, err
			}
			if err := s.keepsCookies(c, values); err != nil {
				return nil, err
			}
			if link.Lost && values.Get("lose") == "" {
				return nil, chat.Invalid("lose", "Tick the box first, or stay as you are.")
			}
			a, err := signIn(values)
			return func() error { return s.completeSignIn(c, a, "/") }, err
		},
		show: func(values url.Values, fault views.Fault) error {
			link, err := s.linkOf(c, user)
			if err != nil {
				return err
			}
			link.Form, link.Fault = s.newFormNonce(c, s.formNonce(c, values)), fault
			return render(c, fault.Status, page(link))
		},
	})
}

func (s signInHandlers) showPasswordReset(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	link, err := s.linkOf(c, s.Chat.Accounts.PasswordResetUser)
	if err != nil {
		return err
	}
	link.Form = s.newFormNonce(c, "")
	return render(c, fiber.StatusOK, views.PasswordResetPage(link))
}

func (s signInHandlers) resetPassword(c *fiber.Ctx) error {
	reset := func(values url.Values) (chat.Actor, error) {
		return s.Chat.Accounts.ResetPassword(s.device(c), param(c, "token"), values.Get("password"))
	}
	return s.submitLink(c, s.Chat.Accounts.PasswordResetUser, views.PasswordResetPage, reset)
}
