package handlers

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

const sidebarPath = "/sidebar"

// showSidebar shows the page that arranges the sidebar.
func (s channelHandlers) showSidebar(c *fiber.Ctx, a chat.Actor) error {
	return s.renderSidebar(c, a, views.SidebarForms{Saved: c.Query("saved") != ""})
}

func (s channelHandlers) renderSidebar(c *fiber.Ctx, a chat.Actor, f views.SidebarForms) error {
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.SidebarPage(l, f) })
}

// changeSidebar folds a section or unfolds it, or hides what is read or shows it. Its buttons are in the sidebar of
// every page: htmx gets an answer without content, since the page's socket brings the change, and others return to the
// page that they came from.
func (s channelHandlers) changeSidebar(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	if read := values.Get("read"); read != "" {
		err = s.Chat.Channels.HideRead(c.UserContext(), a, read == "hide")
	} else {
		fold := values.Get("fold")
		err = changeSection(fold+values.Get("unfold"), func(id chat.ID) error {
			return s.Chat.Channels.FoldSection(c.UserContext(), a, id, fold != "")
		})
	}
	if err != nil {
		return err
	}
	c.Vary("HX-Request")
	if htmx(c) {
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect(cameFrom(c), fiber.StatusSeeOther)
}

// cameFrom returns the page of this server on which a form was sent: "/" if the browser does not say.
func cameFrom(c *fiber.Ctx) string {
	u, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil {
		return "/"
	}
	return localPath(strings.Clone(u.RequestURI()))
}

// changeSection calls do for the section with this id.
func changeSection(id string, do func(chat.ID) error) error {
	section, err := chat.ParseID(id)
	if err != nil {
		return errNotFound
	}
	return do(section)
}

func (s channelHandlers) createSection(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.changes, a),
		do: func(values url.Values) (func() error, error) {
			_, err := s.Chat.Channels.CreateSection(c.UserContext(), a, values.Get("name"))
			return to(c, sidebarPath+"?saved=1"), err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderSidebar(c, a, views.SidebarForms{Name: sanitizeEcho(values.Get("name")), Fault: fault})
		},
	})
}

func (s channelHandlers) updateSection(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	return submit(c, submission{
		limited: s.rateLimit(c, s.changes, a),
		do: func(values url.Values) (func() error, error) {
			err := s.Chat.Channels.UpdateSection(c.UserContext(), a, chat.Section{ID: id, Name: values.Get("name"),
				Folded: values.Get("folded") != "", Sort: chat.Sort(values.Get("sort"))})
			return to(c, sidebarPath+"?saved=1"), err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderSidebar(c, a, views.SidebarForms{Section: id, Name: sanitizeEcho(values.Get("name")), Fault: fault})
		},
	})
}

// moveSection puts a section before the one in the field before; 0: at the end.
func (s channelHandlers) moveSection(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	var before chat.ID
	if to := values.Get("before"); to != "0" {
		if before, err = chat.ParseID(to); err != nil {
			return errNotFound
		}
	}
	err = changeSection(param(c, "id"), func(id chat.ID) error {
		return s.Chat.Channels.MoveSection(c.UserContext(), a, id, before)
	})
	if err != nil {
		return err
	}
	return redirect(c, sidebarPath+"?saved=1")
}

func (s channelHandlers) deleteSection(c *fiber.Ctx, a chat.Actor) error {
	err := changeSection(param(c, "id"), func(id chat.ID) error {
		return s.Chat.Channels.DeleteSection(c.UserContext(), a, id)
	})
	if err != nil {
		return err
	}
	return redirect(c, sidebarPath+"?saved=1")
}

// placeConversations puts conversations into sections. A field is named by a conversation and the section that it was
// in, and those that stay there are left alone.
func (s channelHandlers) placeConversations(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	to := make(map[chat.ID]chat.ID)
	for name := range values {
		conversation, was, _ := strings.Cut(name, ".")
		if values.Get(name) == was {
			continue
		}
		id, err := chat.ParseID(conversation)
		if err != nil {
			return errNotFound
		}
		if to[id], err = chat.ParseID(values.Get(name)); err != nil {
			return errNotFound
		}
	}
	if len(to) > 0 {
		if err := s.Chat.Channels.PutInto(c.UserContext(), a, to); err != nil {
			return err
		}
	}
	return redirect(c, sidebarPath+"?saved=1")
}
