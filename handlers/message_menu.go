package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showMenu shows what the user may do with a message now: a page, or for htmx the menu alone.
func (s messageHandlers) showMenu(c *fiber.Ctx, a chat.Actor) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	state, err := s.Chat.Messages.State(c.UserContext(), a, address, seq)
	if err != nil {
		return err
	}
	m := views.Menu{MessageState: state, Link: s.baseURL(c) + messagePath(address, seq)}
	return s.respond(c, a, fiber.StatusOK, views.MenuDialog(m), func(l views.Layout) templ.Component {
		l.Current = m.Message.In()
		return views.MenuPage(l, m)
	})
}
