package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s settingsHandlers) showDeviceLinks(c *fiber.Ctx, a chat.Actor) error {
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.DeviceLinksPage(l, nil) })
}

func (s settingsHandlers) createDeviceLink(c *fiber.Ctx, a chat.Actor) error {
	if err := s.rateLimit(c, s.invites, a); err != nil { // a link signs a user in, as an invitation does
		return err
	}
	secret, err := s.Chat.Accounts.CreateDeviceLink(c.UserContext(), a)
	if err != nil {
		return err
	}
	link, err := s.newLink(c, "/link/"+secret)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.DeviceLinksPage(l, link) })
}
