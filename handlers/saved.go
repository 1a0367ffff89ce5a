package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

const savedPath = "/saved"

// showSaved shows the messages that the user has saved for later; with ?done=1 those that are done.
func (s messageHandlers) showSaved(c *fiber.Ctx, a chat.Actor) error {
	before, err := strconv.ParseInt(c.Query("before", "0"), 10, 64)
	if err != nil {
		return errNotFound
	}
	p, err := s.Chat.Messages.Saved(c.UserContext(), a, c.Query("done") != "", before)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component {
		return views.SavedPage(l, p, before)
	})
}

// saveMessage puts a message on the user's list: to do, or with the field done, done.
func (s messageHandlers) saveMessage(c *fiber.Ctx, a chat.Actor) error {
	return s.keepMessage(c, func(slug string, seq int64, values url.Values) (templ.Component, error) {
		done := values.Get("done") != ""
		return views.SavedNotice(done), s.Chat.Messages.Save(c.UserContext(), a, slug, seq, done)
	})
}

// unsaveMessage takes a message from the user's list.
func (s messageHandlers) unsaveMessage(c *fiber.Ctx, a chat.Actor) error {
	return s.keepMessage(c, func(slug string, seq int64, _ url.Values) (templ.Component, error) {
		return views.UnsavedNotice(), s.Chat.Messages.Unsave(c.UserContext(), a, slug, seq)
	})
}

// maxKeepForm is larger than any form of keepMessage.
const maxKeepForm = 4 << 10

// keepMessage answers a form that changes nothing in the message's row: htmx gets a notice, others are redirected to
// the page of saved or pinned messages in the field back, or to the message.
func (s messageHandlers) keepMessage(c *fiber.Ctx,
	change func(slug string, seq int64, values url.Values) (templ.Component, error)) error {
	values, err := form(c, maxKeepForm)
	if err != nil {
		return err
	}
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	notice, err := change(address, seq, values)
	if err != nil {
		return err
	}
	if htmx(c) {
		return render(c, fiber.StatusOK, notice)
	}
	return redirect(c, keptURL(values.Get("back"), address, seq))
}

// keptURL returns the page that keepMessage redirects to. back is from the form, so it may be anything.
func keptURL(back, address string, seq int64) string {
	u, err := url.Parse(back)
	slug, _, _ := strings.Cut(address, "/")
	if err != nil || u.Path != savedPath && u.EscapedPath() != pinsPath(slug) {
		return messagePath(address, seq)
	}
	to := url.URL{Path: u.Path, RawQuery: u.Query().Encode()}
	return to.String()
}
