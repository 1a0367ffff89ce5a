package handlers

import (
	"cmp"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

const htmlType = "text/html; charset=utf-8"

// htmx reports whether htmx requests a fragment. Boosted links and history restores want the whole page.
func htmx(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-Boosted") != "true" && c.Get("HX-History-Restore-Request") != "true"
}

// render sends one component. A status of 0 means 200: a form's page passes the status of its fault.
func render(c *fiber.Ctx, status int, component templ.Component) error {
	c.Status(cmp.Or(status, fiber.StatusOK)).Set(fiber.HeaderContentType, htmlType)
	c.Vary("HX-Request")
	return component.Render(c.UserContext(), c.Response().BodyWriter())
}

// respond sends a fragment or a page, as choose decides.
func (s *Server) respond(c *fiber.Ctx, a chat.Actor, status int, fragment templ.Component,
	page func(views.Layout) templ.Component) error {
	return s.choose(c, a, status, fragment, func(l views.Layout) error { return render(c, status, page(l)) })
}

// choose decides between page and fragment; nothing else does. A nil fragment means that there is only a page.
func (s *Server) choose(c *fiber.Ctx, a chat.Actor, status int, fragment templ.Component,
	page func(views.Layout) error) error {
	if fragment != nil && htmx(c) {
		return render(c, status, fragment)
	}
	layout, err := s.layout(c, a)
	if err != nil {
		return err
	}
	return page(layout)
}

// answerRow sends a row to htmx, and redirects other clients to the page that shows it.
func answerRow(c *fiber.Ctx, row chat.Row, to string) error {
	c.Vary("HX-Request")
	if !htmx(c) {
		return c.Redirect(to, fiber.StatusSeeOther)
	}
	c.Set(fiber.HeaderContentType, htmlType)
	return c.Send(row.HTML)
}

// redirect redirects to another page; htmx follows it as a browser does.
func redirect(c *fiber.Ctx, to string) error {
	c.Vary("HX-Request")
	if htmx(c) {
		c.Set("HX-Redirect", to)
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// layout returns the layout of signed-in users' pages.
func (s *Server) layout(c *fiber.Ctx, a chat.Actor) (views.Layout, error) {
	list, err := s.Chat.Channels.Sidebar(c.UserContext(), a)
	if err != nil {
		return views.Layout{}, err
	}
	threads, err := s.Chat.Threads.UnreadThreads(c.UserContext(), a)
	if err != nil {
		return views.Layout{}, err
	}
	drafts, err := s.Chat.Drafts.Count(c.UserContext(), a)
	if err != nil {
		return views.Layout{}, err
	}
	reports, err := s.Chat.Moderation.OpenReports(c.UserContext(), a)
	return views.Layout{Theme: views.ThemeOf(c.UserContext()), Reports: reports, Workspace: s.Chat.Admin.Workspace(),
		Role: a.Role, Me: a.User, Sidebar: list, Threads: threads, Drafts: drafts, Online: s.Chat.Live.OnlineCount(a),
		ProfileRev: s.Chat.Users.ProfileRev()}, err
}
