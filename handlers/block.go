package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s userHandlers) showBlocks(c *fiber.Ctx, a chat.Actor) error {
	return s.renderBlocks(c, a, views.Blocks{})
}

func (s userHandlers) renderBlocks(c *fiber.Ctx, a chat.Actor, b views.Blocks) error {
	var err error
	if b.List, err = s.Chat.Moderation.Blocked(c.UserContext(), a); err != nil {
		return err
	}
	return s.respond(c, a, b.Status, nil, func(l views.Layout) templ.Component { return views.BlocksPage(l, b) })
}

func (s userHandlers) createBlock(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.changes, a),
		do: func(values url.Values) (func() error, error) {
			_, err := s.Chat.Moderation.Block(c.UserContext(), a, values.Get("name"))
			return to(c, "/me/blocks"), err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderBlocks(c, a, views.Blocks{Name: sanitizeEcho(values.Get("name")), Fault: fault})
		},
	})
}

func (s userHandlers) deleteBlock(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Moderation.Unblock(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/me/blocks")
}
