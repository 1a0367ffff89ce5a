package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s adminHandlers) showChannelTable(c *fiber.Ctx, a chat.Actor) error {
	t, hidden, err := s.Chat.Admin.ListChannels(c.UserContext(), a, listQuery(c))
	if err != nil {
		return err
	}
	v := views.ChannelTable{List: t, Hidden: hidden, Done: c.Query("done") != ""}
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.ChannelTablePage(l, v) })
}
