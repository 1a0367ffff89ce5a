package handlers

import (
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showVersions shows what a message said before each edit: a page, or for htmx the card alone.
func (s messageHandlers) showVersions(c *fiber.Ctx, a chat.Actor) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	before, err := strconv.ParseInt(c.Query("before", "0"), 10, 64)
	if err != nil {
		return errNotFound
	}
	p, err := s.Chat.Messages.Versions(c.UserContext(), a, address, seq, before)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, views.VersionsDialog(p), func(l views.Layout) templ.Component {
		l.Current = p.Message.In()
		return views.VersionsPage(l, p)
	})
}
