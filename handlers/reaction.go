package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// changeReaction is a verb of chat that sets whether the actor reacts to a message with an emoji.
type changeReaction func(ctx context.Context, a chat.Actor, slug string, seq int64, emoji string) (chat.Row, error)

// createReaction adds the field emoji to the actor's reactions. The field toggle instead adds its emoji, or removes it
// if it is there: so the buttons of rows, which are the same for all readers, need not know.
func (s messageHandlers) createReaction(c *fiber.Ctx, a chat.Actor) error {
	return s.answerReaction(c, a, s.Chat.Messages.React)
}

func (s messageHandlers) deleteReaction(c *fiber.Ctx, a chat.Actor) error {
	return s.answerReaction(c, a, s.Chat.Messages.Unreact)
}

// maxReactionForm is larger than any form with an emoji.
const maxReactionForm = 4 << 10

func (s messageHandlers) answerReaction(c *fiber.Ctx, a chat.Actor, change changeReaction) error {
	if err := s.rateLimit(c, s.reactions, a); err != nil {
		return err
	}
	values, err := form(c, maxReactionForm)
	if err != nil {
		return err
	}
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	emoji := values.Get("emoji")
	if toggled := values.Get("toggle"); toggled != "" {
		emoji, change = toggled, s.Chat.Messages.ToggleReaction
	}
	row, err := change(c.UserContext(), a, address, seq, emoji)
	if err != nil {
		return err
	}
	return answerRow(c, row, messagePath(address, seq))
}
