package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s messageHandlers) showDelete(c *fiber.Ctx, a chat.Actor) error {
	m, err := s.changeable(c, a, chat.Access.RemoveRefusal)
	if err != nil {
		return err
	}
	own := m.Author.ID == a.ID
	return s.respond(c, a, fiber.StatusOK, views.DeleteFragment(m, own), func(l views.Layout) templ.Component {
		l.Current = m.In()
		return views.DeletePage(l, m)
	})
}

func (s messageHandlers) deleteMessage(c *fiber.Ctx, a chat.Actor) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	if err := s.rateLimit(c, s.posts, a); err != nil {
		return err
	}
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	row, files, err := s.Chat.Moderation.RemoveMessage(c.UserContext(), a, address, seq, values.Get("reason"))
	if err != nil {
		return err
	}
	s.removeFiles(c, files)
	return answerRow(c, row, messagePath(address, seq))
}
