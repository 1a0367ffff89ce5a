package handlers

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func pinsPath(slug string) string { return channelPath(slug) + "/pins" }

// showPins shows what is pinned to a channel.
func (s messageHandlers) showPins(c *fiber.Ctx, a chat.Actor) error {
	before, err := strconv.ParseInt(c.Query("before", "0"), 10, 64)
	if err != nil {
		return errNotFound
	}
	p, err := s.Chat.Messages.Pins(c.UserContext(), a, param(c, "slug"), before)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component {
		l.Current = p.Channel.ID
		return views.PinsPage(l, p)
	})
}

// pinMessage pins a message to its channel.
func (s messageHandlers) pinMessage(c *fiber.Ctx, a chat.Actor) error {
	return s.keepMessage(c, func(slug string, seq int64, _ url.Values) (templ.Component, error) {
		return views.PinnedNotice(slug), s.Chat.Messages.Pin(c.UserContext(), a, slug, seq)
	})
}

// unpinMessage takes a message from its channel's pins.
func (s messageHandlers) unpinMessage(c *fiber.Ctx, a chat.Actor) error {
	return s.keepMessage(c, func(slug string, seq int64, _ url.Values) (templ.Component, error) {
		return views.UnpinnedNotice(), s.Chat.Messages.Unpin(c.UserContext(), a, slug, seq)
	})
}
