package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s settingsHandlers) showSessions(c *fiber.Ctx, a chat.Actor) error {
	sessions, err := s.Chat.Accounts.Sessions(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component {
		return views.SessionsPage(l, sessions, c.Query("ended") != "")
	})
}

func (s settingsHandlers) endSession(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if id == a.Session {
		return redirect(c, "/signout")
	}
	if err := s.Chat.Accounts.EndSession(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/me/sessions?ended=1")
}

func (s settingsHandlers) endOtherSessions(c *fiber.Ctx, a chat.Actor) error {
	if _, err := s.Chat.Accounts.EndOtherSessions(c.UserContext(), a); err != nil {
		return err
	}
	return redirect(c, "/me/sessions?ended=1")
}
