package handlers

import (
	"context"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s adminHandlers) showUsers(c *fiber.Ctx, a chat.Actor) error {
	return s.renderUsers(c, a, views.Users{Done: c.Query("done") != ""})
}

func (s adminHandlers) renderUsers(c *fiber.Ctx, a chat.Actor, f views.Users) error {
	var err error
	if f.List, err = s.Chat.Admin.ListUsers(c.UserContext(), a, listQuery(c)); err != nil {
		return err
	}
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.UsersPage(l, f) })
}

func (s adminHandlers) showRoles(c *fiber.Ctx, a chat.Actor) error {
	return s.respond(c, a, fiber.StatusOK, nil, views.RolesPage)
}

func (s adminHandlers) updateRole(c *fiber.Ctx, a chat.Actor) error {
	return s.submitUser(c, a, func(ctx context.Context, a chat.Actor, user chat.ID, values url.Values) error {
		return s.Chat.Admin.SetRole(ctx, a, user, chat.Role(values.Get("role")))
	})
}

func (s adminHandlers) deactivateUser(c *fiber.Ctx, a chat.Actor) error {
	return s.changeUser(c, a, s.Chat.Admin.Deactivate)
}

func (s adminHandlers) reactivateUser(c *fiber.Ctx, a chat.Actor) error {
	return s.changeUser(c, a, s.Chat.Admin.Reactivate)
}

func (s adminHandlers) deleteUser(c *fiber.Ctx, a chat.Actor) error {
	return s.changeUser(c, a, s.Chat.Admin.DeleteUser)
}

// changeUser is submitUser for a button.
func (s adminHandlers) changeUser(c *fiber.Ctx, a chat.Actor,
	change func(context.Context, chat.Actor, chat.ID) error) error {
	return s.submitUser(c, a, func(ctx context.Context, a chat.Actor, user chat.ID, _ url.Values) error {
		return change(ctx, a, user)
	})
}

// submitUser is shared by the forms of the user table.
func (s adminHandlers) submitUser(c *fiber.Ctx, a chat.Actor,
	change func(context.Context, chat.Actor, chat.ID, url.Values) error) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	return submit(c, submission{
		forbidden: true,
		do: func(values url.Values) (func() error, error) {
			return to(c, "/admin/people?done=1"), change(c.UserContext(), a, id, values)
		},
		show: func(_ url.Values, fault views.Fault) error { return s.renderUsers(c, a, views.Users{Fault: fault}) },
	})
}
