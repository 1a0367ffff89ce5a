package handlers

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// listQuery is what the address asks of a table: ?q= and ?page=, counted from 1.
func listQuery(c *fiber.Ctx) chat.ListQuery {
	page, _ := strconv.Atoi(c.Query("page")) // what is no number is the first page
	return chat.ListQuery{Text: sanitizeEcho(strings.Clone(c.Query("q"))), Page: max(0, page-1)}
}

// returnURL is where a form of a table at path leads once it is done: to the page of the table on which it stood.
func returnURL(path string, form url.Values) string {
	asked := make(url.Values)
	if u, err := url.Parse(form.Get("back")); err == nil && u.Path == path {
		asked = u.Query()
	}
	asked.Set("done", "1")
	return path + "?" + asked.Encode()
}

func (s *Server) showWorkspace(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayManageWorkspace) {
		return errNotFound
	}
	return s.renderWorkspace(c, a, fiber.StatusOK, views.WorkspaceForm{Workspace: s.Chat.Workspace(), Saved: c.Query("saved") != ""})
}

func (s *Server) renderWorkspace(c *fiber.Ctx, a chat.Actor, status int, f views.WorkspaceForm) error {
	if f.Fixed = s.Chat.JoinPolicyFixed(); f.Fixed {
		f.Workspace.JoinPolicy = s.Chat.Workspace().JoinPolicy
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.WorkspacePage(sh, f) })
}

func (s *Server) updateWorkspace(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.changes, a)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	place := chat.Workspace{Name: values.Get("place"), JoinPolicy: chat.JoinPolicy(values.Get("access"))}
	if err = limited; err == nil {
		err = s.Chat.UpdateWorkspace(c.UserContext(), a, place)
	}
	if status, field, sentence, ok := formErrorAt(err, "place"); ok {
		place.Name = sanitizeEcho(place.Name)
		return s.renderWorkspace(c, a, status, views.WorkspaceForm{Workspace: place, Field: field, Error: sentence})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/admin/settings?saved=1")
}
