package handlers

import (
	"slices"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

const mentionsPath = "/mentions"

// showMentions shows what mentions the user, and the reactions to their messages; with ?type= only one of these.
func (s messageHandlers) showMentions(c *fiber.Ctx, a chat.Actor) error {
	before, ok := chat.ParseListPlace(c.Query("before"))
	filter := chat.MentionFilter(c.Query("type"))
	i := slices.Index(chat.MentionFilters, filter)
	if !ok || i < 0 {
		return errNotFound
	}
	p, err := s.Chat.Messages.Mentions(c.UserContext(), a, chat.MentionFilters[i], before)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component {
		return views.MentionsPage(l, p, c.Query("before") == "")
	})
}
