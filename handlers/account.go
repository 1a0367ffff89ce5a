package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s settingsHandlers) showPassword(c *fiber.Ctx, a chat.Actor) error {
	return s.renderPassword(c, a, views.PasswordForm{Saved: c.Query("saved") != ""})
}

func (s settingsHandlers) renderPassword(c *fiber.Ctx, a chat.Actor, f views.PasswordForm) error {
	var err error
	if f.Account, err = s.Chat.Accounts.Get(c.UserContext(), a); err != nil {
		return err
	}
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.PasswordPage(l, f) })
}

func (s settingsHandlers) updatePassword(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.limitPasswords(c, a), // even with the wrong old password: each attempt costs a hash
		do: func(values url.Values) (func() error, error) {
			err := s.Chat.Accounts.SetPassword(c.UserContext(), a, values.Get("current"), values.Get("password"))
			return func() error {
				if err := s.replaceKey(c, a, ""); err != nil { // makes copies of the old cookie useless
					return err
				}
				if err := s.setDevice(c, a.ID); err != nil {
					return err
				}
				return redirect(c, "/me/password?saved=1")
			}, err
		},
		show: func(_ url.Values, fault views.Fault) error { // "password" is the field that is always shown
			return s.renderPassword(c, a, views.PasswordForm{Fault: fault.Beside("password")})
		},
	})
}
