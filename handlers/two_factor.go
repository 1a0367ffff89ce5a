package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

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
