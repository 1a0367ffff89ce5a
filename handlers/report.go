package handlers

import (
	"cmp"
	"errors"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s *Server) showReport(c *fiber.Ctx, a chat.Actor) error {
	return s.renderReport(c, a, fiber.StatusOK, views.ReportForm{})
}

func (s *Server) renderReport(c *fiber.Ctx, a chat.Actor, status int, f views.ReportForm) error {
	seq, err := seqParam(c)
	if err != nil {
		return err
	}
	m, again, err := s.Chat.Moderation.Reportable(c.UserContext(), a, param(c, "slug"), seq)
	if err != nil {
		return err
	}
	f.Done = again && f.Error == ""
	return s.respond(c, a, status, views.ReportFragment(m, f), func(sh views.Shell) templ.Component {
		sh.Current = m.ChannelID
		return views.ReportPage(sh, m, f)
	})
}

// createReport shows a message to those who moderate.
func (s *Server) createReport(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.reports, a)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	slug := param(c, "slug")
	seq, err := seqParam(c)
	if err != nil {
		return err
	}
	if err = limited; err == nil {
		err = s.Chat.Moderation.Report(c.UserContext(), a, slug, seq, values.Get("reason"))
	}
	if status, sentence, ok := formError(err); ok {
		return s.renderReport(c, a, status, views.ReportForm{Reason: sanitizeEcho(values.Get("reason")), Error: sentence})
	}
	if err != nil {
		return err
	}
	if htmx(c) {
		return s.renderReport(c, a, fiber.StatusOK, views.ReportForm{})
	}
	return redirect(c, messagePath(slug, seq)+"/report")
}

// reports lists those that are open, or closed.
func (s *Server) showReports(closed bool) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		return s.renderReports(c, a, fiber.StatusOK, closed, "")
	}
}

func (s *Server) renderReports(c *fiber.Ctx, a chat.Actor, status int, closed bool, fault string) error {
	t, err := s.Chat.Moderation.Reports(c.UserContext(), a, listQuery(c), closed)
	if err != nil {
		return err
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.ReportsPage(sh, t, closed, fault) })
}

// showReported shows the whole of a message that was reported, which may be too long for the list.
func (s *Server) showReported(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	r, err := s.Chat.Moderation.ReportOf(c.UserContext(), a, id)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(sh views.Shell) templ.Component { return views.ReportedPage(sh, r) })
}

func (s *Server) closeReport(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Moderation.CloseReport(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/admin/reports")
}

func (s *Server) deleteReported(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	files, err := s.Chat.Moderation.RemoveReportedMessage(c.UserContext(), a, id)
	if e, ok := errors.AsType[*chat.Error](err); ok && e.Code == chat.CodeForbidden {
		return s.renderReports(c, a, statuses[e.Code], false, e.Message)
	}
	if err != nil {
		return err
	}
	s.removeFiles(c, files)
	return redirect(c, "/admin/reports")
}
