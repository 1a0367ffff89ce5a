package handlers

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showDirect shows the page to start a direct conversation.
func (s userHandlers) showDirect(c *fiber.Ctx, a chat.Actor) error {
	query, err := url.ParseQuery(string(c.Context().QueryArgs().QueryString()))
	if err != nil {
		return fiber.ErrBadRequest
	}
	return s.renderDirect(c, a, query, views.Fault{})
}

func (s userHandlers) renderDirect(c *fiber.Ctx, a chat.Actor, values url.Values, fault views.Fault) error {
	const most = 50
	ctx := c.UserContext()
	f := views.NewDirect{Query: sanitizeEcho(values.Get("q")), Fault: fault}
	page, _ := strconv.Atoi(values.Get("page")) // anything but a number means the first page
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
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.DirectPage(l, f) })
}

func (s userHandlers) createDirect(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.newChannels, a), forbidden: true,
		do: func(values url.Values) (func() error, error) {
			var people []chat.ID
			for _, with := range values["with"] {
				id, err := chat.ParseID(with)
				if err != nil {
					return nil, fiber.ErrBadRequest
				}
				people = append(people, id)
			}
			ch, err := s.Chat.Channels.CreateDirect(c.UserContext(), a, people)
			return to(c, channelPath(ch.Slug)), err
		},
		show: func(values url.Values, fault views.Fault) error { return s.renderDirect(c, a, values, fault) },
	})
}
