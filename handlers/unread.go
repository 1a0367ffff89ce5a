package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// markUnread marks a channel as unread from a message on. It redirects to the list of channels, since the channel's own
// page would mark it as read again. For htmx it returns a sentence for the notice: no row changes, and the user's pages
// get the count and the mark from the socket.
func (s messageHandlers) markUnread(c *fiber.Ctx, a chat.Actor) error {
	seq, err := seqParam(c)
	if err != nil {
		return err
	}
	if err := s.Chat.Channels.MarkUnread(c.UserContext(), a, param(c, "slug"), seq); err != nil {
		return err
	}
	if htmx(c) {
		return render(c, fiber.StatusOK, views.Notice(
			"Marked as unread from this message on. It stays so until you scroll, or come back."))
	}
	return redirect(c, "/c")
}
