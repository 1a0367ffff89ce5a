package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showQuote shows what a permalink in another message leads to, if the reader may see that. A quote is a fragment only:
// the page of its address is the message's own.
func (s messageHandlers) showQuote(c *fiber.Ctx, a chat.Actor) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	m, ch, err := s.Chat.Messages.Quote(c.UserContext(), a, address, seq)
	if chat.ErrorCode(err) == chat.CodeNotFound && err != nil && htmx(c) {
		return c.SendStatus(fiber.StatusNoContent) // no fault of the page: it asks for every link
	}
	if err != nil {
		return err
	}
	if !htmx(c) {
		return redirect(c, messagePath(m.Address(), m.Seq))
	}
	return render(c, fiber.StatusOK, views.Quote(m, ch))
}
