package handlers

import (
	"context"
	"errors"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s *Server) showUsers(c *fiber.Ctx, a chat.Actor) error {
	return s.renderUsers(c, a, fiber.StatusOK, views.Users{Done: c.Query("done") != ""})
}

func (s *Server) renderUsers(c *fiber.Ctx, a chat.Actor, status int, f views.Users) error {
	var err error
	if f.List, err = s.Chat.Admin.ListUsers(c.UserContext(), a, listQuery(c)); err != nil {
		return err
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.UsersPage(sh, f) })
}

func (s *Server) showRoles(c *fiber.Ctx, a chat.Actor) error {
	return s.respond(c, a, fiber.StatusOK, nil, views.RolesPage)
}

func (s *Server) updateRole(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	return s.changePerson(c, a, func(ctx context.Context, a chat.Actor, user chat.ID) error {
		return s.Chat.Admin.SetRole(ctx, a, user, chat.Role(values.Get("role")))
	})
}

func (s *Server) deactivateUser(c *fiber.Ctx, a chat.Actor) error {
	return s.changePerson(c, a, s.Chat.Admin.Deactivate)
}

func (s *Server) reactivateUser(c *fiber.Ctx, a chat.Actor) error {
	return s.changePerson(c, a, s.Chat.Admin.Reactivate)
}

func (s *Server) deleteUser(c *fiber.Ctx, a chat.Actor) error {
	return s.changePerson(c, a, s.Chat.Admin.DeleteUser)
}

// changePerson is what the forms of the table of people have in common.
func (s *Server) changePerson(c *fiber.Ctx, a chat.Actor, change func(context.Context, chat.Actor, chat.ID) error) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	err = change(c.UserContext(), a, id)
	if e, ok := errors.AsType[*chat.Error](err); ok && e.Code != chat.CodeNotFound {
		return s.renderUsers(c, a, statuses[e.Code], views.Users{Error: e.Message})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/admin/people?done=1")
}
