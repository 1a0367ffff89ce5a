package handlers

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// renderDirect is where one chooses whom to write to.
func (s *Server) showDirect(c *fiber.Ctx, a chat.Actor) error {
	query, err := url.ParseQuery(string(c.Context().QueryArgs().QueryString()))
	if err != nil {
		return fiber.ErrBadRequest
	}
	return s.renderDirect(c, a, fiber.StatusOK, query, "")
}

func (s *Server) renderDirect(c *fiber.Ctx, a chat.Actor, status int, values url.Values, fault string) error {
	const most = 50
	ctx := c.UserContext()
	f := views.NewDirect{Query: sanitizeEcho(values.Get("q")), Error: fault}
	page, _ := strconv.Atoi(values.Get("page")) // what is no number is the first page
	var err error
	if f.All, err = s.Chat.Channels.ListDirect(ctx, a, page-1); err != nil {
		return err
	}
	var chosen []chat.ID
	for _, with := range values["with"][:min(len(values["with"]), most)] {
		if id, err := chat.ParseID(with); err == nil {
			chosen = append(chosen, id)
		}
	}
	if f.Chosen, err = s.Chat.Users.Visible(ctx, a, chosen); err != nil {
		return err
	}
	found, err := s.Chat.Users.Search(ctx, a, f.Query, most+len(chosen)+1)
	if err != nil {
		return err
	}
	f.People = slices.DeleteFunc(found, func(p chat.UserPresence) bool { return slices.Contains(chosen, p.ID) })
	if len(f.People) > most {
		f.People, f.More = f.People[:most], true
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.DirectPage(sh, f) })
}

func (s *Server) createDirect(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.newChannels, a)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	var people []chat.ID
	for _, with := range values["with"] {
		id, err := chat.ParseID(with)
		if err != nil {
			return fiber.ErrBadRequest
		}
		people = append(people, id)
	}
	var ch chat.Channel
	if err = limited; err == nil {
		ch, err = s.Chat.Channels.CreateDirect(c.UserContext(), a, people)
	}
	if e, ok := errors.AsType[*chat.Error](err); ok && statuses[e.Code] != 0 && e.Code != chat.CodeSignedOut {
		return s.renderDirect(c, a, statuses[e.Code], values, e.Message)
	}
	if err != nil {
		return err
	}
	return redirect(c, channelPath(ch.Slug))
}

// hideChannel leads home: the conversation is out of the list.
func (s *Server) hideChannel(c *fiber.Ctx, a chat.Actor) error {
	if err := s.Chat.Channels.Hide(c.UserContext(), a, param(c, "slug")); err != nil {
		return err
	}
	return redirect(c, "/c")
}
