package handlers

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// banMember keeps someone out of a channel, for those who run it.
func (s *Server) banMember(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	slug := param(c, "slug")
	user, err := s.Chat.BanFromChannel(c.UserContext(), a, slug, newBan(values))
	if e, ok := errors.AsType[*chat.Error](err); ok && e.Code == chat.CodeInvalid {
		return s.showMembers(c, a, statuses[e.Code], views.Members{Ban: views.BanForm{
			Name: shown(values.Get("name")), Reason: shown(values.Get("reason")), Days: shown(values.Get("days")), Field: e.Field, Error: e.Message,
		}})
	}
	if err != nil {
		return err
	}
	return redirect(c, channelPath(slug)+"/people?banned="+escape(user.Name))
}

func (s *Server) liftMember(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	slug := param(c, "slug")
	if err := s.Chat.LiftFromChannel(c.UserContext(), a, slug, id); err != nil {
		return err
	}
	return redirect(c, channelPath(slug)+"/people")
}
