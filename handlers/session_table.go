package handlers

import (
	"context"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s adminHandlers) showSessionTable(c *fiber.Ctx, a chat.Actor) error {
	return s.renderSessionTable(c, a, views.SessionTable{Done: c.Query("done") != ""})
}

func (s adminHandlers) renderSessionTable(c *fiber.Ctx, a chat.Actor, v views.SessionTable) error {
	var err error
	if v.List, err = s.Chat.Admin.ListSessions(c.UserContext(), a, listQuery(c)); err != nil {
		return err
	}
	v.Idle, v.Most = s.Chat.Admin.SessionLifetimes()
	return s.respond(c, a, v.Status, nil, func(l views.Layout) templ.Component { return views.SessionTablePage(l, v) })
}

func (s adminHandlers) endUserSession(c *fiber.Ctx, a chat.Actor) error {
	return s.endSessionsBy(c, a, s.Chat.Admin.EndSessionOf)
}

func (s adminHandlers) endUserSessions(c *fiber.Ctx, a chat.Actor) error {
	return s.endSessionsBy(c, a, s.Chat.Admin.EndSessionsOf)
}

// endSessionsBy is shared by the forms of the session table: the id is a session's or a user's.
func (s adminHandlers) endSessionsBy(c *fiber.Ctx, a chat.Actor,
	end func(context.Context, chat.Actor, chat.ID) error) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	return submit(c, submission{
		forbidden: true,
		do: func(values url.Values) (func() error, error) {
			return to(c, returnURL("/admin/sessions", values)), end(c.UserContext(), a, id)
		},
		show: func(_ url.Values, fault views.Fault) error {
			return s.renderSessionTable(c, a, views.SessionTable{Fault: fault})
		},
	})
}
