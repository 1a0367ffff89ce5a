package handlers

import (
	"errors"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s *Server) profile(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	p, err := s.Chat.Profile(c.UserContext(), a, id)
	if err != nil {
		return err
	}
	return s.answer(c, a, fiber.StatusOK, nil, func(sh views.Shell) templ.Component { return views.ProfilePage(sh, p) })
}

func (s *Server) myProfile(c *fiber.Ctx, a chat.Actor) error {
	p, err := s.Chat.Profile(c.UserContext(), a, a.ID)
	if err != nil {
		return err
	}
	return s.showProfile(c, a, fiber.StatusOK, views.ProfileForm{Profile: p, Saved: c.Query("saved") != ""})
}

func (s *Server) showProfile(c *fiber.Ctx, a chat.Actor, status int, f views.ProfileForm) error {
	return s.answer(c, a, status, nil, func(sh views.Shell) templ.Component { return views.MyProfilePage(sh, f) })
}

func (s *Server) setProfile(c *fiber.Ctx, a chat.Actor) error {
	v, err := form(c, maxForm)
	if err != nil {
		return err
	}
	p := chat.Profile{
		Handle: shown(v.Get("handle")), Pronouns: shown(v.Get("pronouns")), Title: shown(v.Get("title")), TimeZone: shown(v.Get("zone")),
		StatusEmoji: shown(v.Get("emoji")), StatusText: shown(v.Get("status")),
	}
	if minutes, err := strconv.Atoi(v.Get("until")); err == nil && minutes > 0 && minutes <= 365*24*60 {
		p.StatusUntil = time.Now().Add(time.Duration(minutes) * time.Minute)
	}
	if v.Get("until") == "same" {
		before, err := s.Chat.Profile(c.UserContext(), a, a.ID)
		if err != nil {
			return err
		}
		p.StatusUntil = before.StatusUntil
	}
	err = s.Chat.SetProfile(c.UserContext(), a, p)
	if e, ok := errors.AsType[*chat.Error](err); ok && e.Code == chat.CodeInvalid {
		return s.showProfile(c, a, statuses[e.Code], views.ProfileForm{Profile: p, Field: e.Field, Error: e.Message})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/me/profile?saved=1")
}
