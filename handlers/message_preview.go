package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// previewMessage shows a text as it will be, without sending it: the text alone for htmx, else the form that it is in,
// whose files are kept.
func (s messageHandlers) previewMessage(c *fiber.Ctx, a chat.Actor) error {
	acc, err := s.Chat.Messages.AccessToPost(c.UserContext(), a, param(c, "slug"))
	if err != nil {
		return err
	}
	if refusal := acc.PostRefusal(); refusal != nil {
		return refusal
	}
	in, err := s.receive(c, a, !htmx(c))
	defer in.discard(s.Files)
	if err != nil {
		return err
	}
	m, err := s.Chat.Messages.Preview(c.UserContext(), a, acc, in.values.Get("body"))
	if htmx(c) {
		if err != nil {
			return err
		}
		return render(c, fiber.StatusOK, views.Preview(m))
	}
	if err != nil {
		in.fault = err
	} else {
		in.preview = &m
	}
	files, err := s.store(in.files)
	if err != nil {
		return s.refuse(c, a, acc, in, nil, err)
	}
	return s.refuse(c, a, acc, in, files, in.fault)
}
