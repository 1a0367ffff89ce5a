package handlers

import (
	"fmt"
	"hash/fnv"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s settingsHandlers) showMe(c *fiber.Ctx, a chat.Actor) error {
	return s.renderMe(c, a, views.Rename{Name: a.Name, Saved: c.Query("saved") != ""})
}

func (s settingsHandlers) renderMe(c *fiber.Ctx, a chat.Actor, f views.Rename) error {
	return s.respond(c, a, f.Status, views.RenameForm(f),
		func(l views.Layout) templ.Component { return views.MePage(l, f) })
}

func (s settingsHandlers) updateName(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.renames, a),
		do: func(values url.Values) (func() error, error) {
			user, err := s.Chat.Users.Rename(c.UserContext(), a, values.Get("name"))
			return func() error {
				if htmx(c) {
					return render(c, fiber.StatusOK, views.RenameForm(views.Rename{Name: user.Name, Saved: true}))
				}
				return c.Redirect("/me?saved=1", fiber.StatusSeeOther)
			}, err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderMe(c, a, views.Rename{Name: sanitizeEcho(values.Get("name")), Fault: fault})
		},
	})
}

// serveOwnCSS serves a style sheet that shows users the controls of their own messages: rows are the same for every
// reader.
func serveOwnCSS(c *fiber.Ctx, a chat.Actor) error {
	if param(c, "id") != a.ID.String() {
		return errNotFound
	}
	dropDocumentHeaders(c)
	css := views.OwnCSS(a.ID)
	digest := fnv.New64a()
	_, _ = digest.Write([]byte(css)) // it never fails
	if unchanged(c, fmt.Sprintf(`"%x"`, digest.Sum64())) {
		return nil
	}
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.SendString(css)
}
