package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// showHome redirects to the user's last channel. It is not a page, so signed-out users are sent to sign in without a
// message.
func (s *Server) showHome(c *fiber.Ctx) error {
	a, err := s.actor(c)
	if err != nil {
		return err
	}
	to, err := s.start(c, a)
	if err != nil {
		return err
	}
	return redirect(c, to)
}

// start returns the path of the user's first page.
func (s *Server) start(c *fiber.Ctx, a chat.Actor) (string, error) {
	ch, err := s.Chat.Channels.Last(c.UserContext(), a)
	if chat.ErrorCode(err) == chat.CodeNotFound && err != nil {
		return "/c", nil // a guest who is in no channel
	}
	return channelPath(ch.Slug), err
}
