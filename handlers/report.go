package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showReports lists the open reports, or the closed ones.
func (s adminHandlers) showReports(closed bool) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		return s.renderReports(c, a, closed, views.Fault{})
	}
}

func (s adminHandlers) renderReports(c *fiber.Ctx, a chat.Actor, closed bool, fault views.Fault) error {
	t, err := s.Chat.Moderation.Reports(c.UserContext(), a, listQuery(c), closed)
	if err != nil {
		return err
	}
	return s.respond(c, a, fault.Status, nil,
		func(l views.Layout) templ.Component { return views.ReportsPage(l, t, closed, fault.Message) })
}

// showReported shows the whole text of a reported message, which may be too long for the list.
func (s adminHandlers) showReported(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	r, err := s.Chat.Moderation.ReportOf(c.UserContext(), a, id)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component { return views.ReportedPage(l, r) })
}

func (s adminHandlers) closeReport(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Moderation.CloseReport(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/admin/reports")
}

func (s adminHandlers) deleteReported(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	return submit(c, submission{
		forbidden: true,
		do: func(url.Values) (func() error, error) {
			files, err := s.Chat.Moderation.RemoveReportedMessage(c.UserContext(), a, id)
			return func() error {
				s.removeFiles(c, files)
				return redirect(c, "/admin/reports")
			}, err
		},
		show: func(_ url.Values, fault views.Fault) error { return s.renderReports(c, a, false, fault) },
	})
}
