package handlers

import (
	"cmp"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s *Server) showBlocks(c *fiber.Ctx, a chat.Actor) error {
	return s.renderBlocks(c, a, fiber.StatusOK, views.Blocks{})
}

func (s *Server) renderBlocks(c *fiber.Ctx, a chat.Actor, status int, b views.Blocks) error {
	var err error
	if b.List, err = s.Chat.Moderation.Blocked(c.UserContext(), a); err != nil {
		return err
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.BlocksPage(sh, b) })
}

func (s *Server) createBlock(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.changes, a)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	if err = limited; err == nil {
		_, err = s.Chat.Moderation.Block(c.UserContext(), a, values.Get("name"))
	}
	if status, sentence, ok := formError(err); ok {
		return s.renderBlocks(c, a, status, views.Blocks{Name: sanitizeEcho(values.Get("name")), Error: sentence})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/me/blocks")
}

func (s *Server) deleteBlock(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Moderation.Unblock(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/me/blocks")
}
