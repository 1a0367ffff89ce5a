package handlers

import (
	"cmp"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// banMember keeps someone out of a channel, for those who manage it.
func (s *Server) banMember(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.changes, a)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	slug := param(c, "slug")
	var user chat.User
	if err = limited; err == nil {
		user, err = s.Chat.Moderation.BanFromChannel(c.UserContext(), a, slug, newBan(values))
	}
	if status, field, sentence, ok := formErrorAt(err, "name"); ok {
		f := typedBan(values)
		f.Field, f.Error = field, sentence
		return s.renderMembers(c, a, status, views.Members{Ban: f})
	}
	if err != nil {
		return err
	}
	return redirect(c, channelPath(slug)+"/people?banned="+escape(user.Name))
}

func (s *Server) unbanMember(c *fiber.Ctx, a chat.Actor) error {
	return s.changeMembers(c, a, s.Chat.Moderation.UnbanFromChannel)
}
