package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s messageHandlers) showReport(c *fiber.Ctx, a chat.Actor) error {
	return s.renderReport(c, a, views.ReportForm{})
}

func (s messageHandlers) renderReport(c *fiber.Ctx, a chat.Actor, f views.ReportForm) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	m, again, err := s.Chat.Moderation.Reportable(c.UserContext(), a, address, seq)
	if err != nil {
		return err
	}
	f.Done = again && f.Message == ""
	return s.respond(c, a, f.Status, views.ReportFragment(m, f), func(l views.Layout) templ.Component {
		l.Current = m.In()
		return views.ReportPage(l, m, f)
	})
}

// createReport reports a message to the moderators.
func (s messageHandlers) createReport(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.reports, a),
		do: func(values url.Values) (func() error, error) {
			address, seq, err := place(c)
			if err != nil {
				return nil, err
			}
			err = s.Chat.Moderation.Report(c.UserContext(), a, address, seq, values.Get("reason"))
			return func() error {
				if htmx(c) {
					return s.renderReport(c, a, views.ReportForm{})
				}
				return redirect(c, messagePath(address, seq)+"/report")
			}, err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderReport(c, a, views.ReportForm{Reason: sanitizeEcho(values.Get("reason")), Fault: fault})
		},
	})
}
