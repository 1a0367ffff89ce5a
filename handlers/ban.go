package handlers

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s adminHandlers) showBans(c *fiber.Ctx, a chat.Actor) error {
	return s.renderBans(c, a, views.BanForm{Name: sanitizeEcho(c.Query("name")), Banned: sanitizeEcho(c.Query("banned"))})
}

func (s adminHandlers) renderBans(c *fiber.Ctx, a chat.Actor, f views.BanForm) error {
	t, err := s.Chat.Moderation.Bans(c.UserContext(), a, listQuery(c))
	if err != nil {
		return err
	}
	f.Open = s.open()
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.BansPage(l, t, f) })
}

// open reports whether a name is enough to sign in.
func (s *Server) open() bool { return s.Chat.Admin.Workspace().JoinPolicy != chat.JoinByInvitation }

func (s adminHandlers) createBan(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.changes, a),
		do: func(values url.Values) (func() error, error) {
			user, err := s.Chat.Moderation.Ban(c.UserContext(), a, newBan(values))
			return to(c, "/admin/bans?banned="+escape(user.Name)), err
		},
		show: func(values url.Values, fault views.Fault) error { return s.renderBans(c, a, typedBan(values, fault)) },
	})
}

// typedBan returns the form as it was filled in, with its fault.
func typedBan(values url.Values, fault views.Fault) views.BanForm {
	return views.BanForm{
		Name: sanitizeEcho(values.Get("name")), Channel: sanitizeEcho(values.Get("channel")),
		Reason: sanitizeEcho(values.Get("reason")), Days: sanitizeEcho(values.Get("days")), Fault: fault.Beside("name"),
	}
}

// newBan returns the ban that a form asks for.
func newBan(values url.Values) chat.NewBan {
	days := 0
	if text := values.Get("days"); text != "" {
		var err error
		if days, err = strconv.Atoi(text); err != nil || days < 1 || days > 10_000 {
			days = -1 // refused by chat
		}
	}
	return chat.NewBan{
		Name: values.Get("name"), Channel: values.Get("channel"), Reason: values.Get("reason"),
		For: time.Duration(days) * 24 * time.Hour,
	}
}

func (s adminHandlers) deleteBan(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Moderation.Unban(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/admin/bans")
}
