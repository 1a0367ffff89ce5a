package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// banMember bans a member from a channel, on behalf of its managers.
func (s channelHandlers) banMember(c *fiber.Ctx, a chat.Actor) error {
	slug := param(c, "slug")
	return submit(c, submission{
		limited: s.rateLimit(c, s.changes, a),
		do: func(values url.Values) (func() error, error) {
			user, err := s.Chat.Moderation.BanFromChannel(c.UserContext(), a, slug, newBan(values))
			return to(c, channelPath(slug)+"/members?banned="+escape(user.Name)), err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderMembers(c, a, views.Members{Ban: typedBan(values, fault)})
		},
	})
}

func (s channelHandlers) unbanMember(c *fiber.Ctx, a chat.Actor) error {
	return changeMembers(c, a, s.Chat.Moderation.UnbanFromChannel)
}
