package handlers

import (
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// forEver is for what never changes under its URL, as long as it is only for the one who asked.
const forEver = "private, max-age=31536000, immutable"

func (s *Server) me(c *fiber.Ctx, a chat.Actor) error {
	return s.showMe(c, a, fiber.StatusOK, views.Rename{Name: a.Name, Saved: c.Query("saved") != ""})
}

func (s *Server) showMe(c *fiber.Ctx, a chat.Actor, status int, f views.Rename) error {
	return s.answer(c, a, status, views.RenameForm(f), func(sh views.Shell) templ.Component { return views.MePage(sh, f) })
}

func (s *Server) rename(c *fiber.Ctx, a chat.Actor) error {
	limited := s.often(c, s.renames, a)
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	var user chat.User
	if err = limited; err == nil {
		user, err = s.Chat.Rename(c.UserContext(), a, values.Get("name"))
	}
	if status, sentence, ok := faulty(err); ok {
		return s.showMe(c, a, status, views.Rename{Name: shown(values.Get("name")), Error: sentence})
	}
	if err != nil {
		return err
	}
	if htmx(c) {
		return render(c, fiber.StatusOK, views.RenameForm(views.Rename{Name: user.Name, Saved: true}))
	}
	return c.Redirect("/me?saved=1", fiber.StatusSeeOther)
}

// ownCSS is a style sheet that shows the reader the controls of their own messages: rows are the same for everyone.
func (s *Server) ownCSS(c *fiber.Ctx, a chat.Actor) error {
	if param(c, "id") != a.ID.String() {
		return errNotFound
	}
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, forEver)
	return c.SendString(views.OwnCSS(a.ID))
}

// shown is what someone typed, fit to stand in a page again.
func shown(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
