package handlers

import (
	"errors"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s *Server) showPassword(c *fiber.Ctx, a chat.Actor) error {
	return s.renderPassword(c, a, fiber.StatusOK, views.PasswordForm{Saved: c.Query("saved") != ""})
}

func (s *Server) renderPassword(c *fiber.Ctx, a chat.Actor, status int, f views.PasswordForm) error {
	var err error
	if f.Account, err = s.Chat.Accounts.Get(c.UserContext(), a); err != nil {
		return err
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.PasswordPage(sh, f) })
}

func (s *Server) updatePassword(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	if err = s.limitPasswords(c, a); err == nil { // with the old one or not: each costs a hash
		err = s.Chat.Accounts.SetPassword(c.UserContext(), a, values.Get("current"), values.Get("password"))
	}
	if e, ok := errors.AsType[*chat.Error](err); ok && (e.Code == chat.CodeInvalid || e.Code == chat.CodeTooOften) {
		f := views.PasswordForm{Field: e.Field, Error: e.Message}
		if f.Field == "" {
			f.Field = "password" // the one that is always there
		}
		return s.renderPassword(c, a, statuses[e.Code], f)
	}
	if err != nil {
		return err
	}
	if err := s.issueSession(c, a); err != nil { // whoever holds a copy of the old cookie is out
		return err
	}
	if err := s.setDevice(c, a.ID); err != nil {
		return err
	}
	return redirect(c, "/me/password?saved=1")
}
