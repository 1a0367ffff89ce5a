package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showResetAccess is the page on which an admin makes a link for a user who is locked out.
func (s adminHandlers) showResetAccess(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayManagePeople) {
		return errNotFound
	}
	return s.renderResetAccess(c, a, views.PasswordReset{Name: sanitizeEcho(c.Query("name"))})
}

func (s adminHandlers) renderResetAccess(c *fiber.Ctx, a chat.Actor, f views.PasswordReset) error {
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.ResetAccessPage(l, f) })
}

func (s adminHandlers) createPasswordReset(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayManagePeople) {
		return errNotFound
	}
	return submit(c, submission{
		limited: s.rateLimit(c, s.invites, a),
		do: func(values url.Values) (func() error, error) {
			secret, user, err := s.Chat.Accounts.CreatePasswordReset(c.UserContext(), a, values.Get("name"))
			return func() error {
				link, err := s.newLink(c, "/reset/"+secret)
				if err != nil {
					return err
				}
				return s.renderResetAccess(c, a, views.PasswordReset{Name: user.Name, Link: link})
			}, err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderResetAccess(c, a, views.PasswordReset{Name: sanitizeEcho(values.Get("name")), Fault: fault})
		},
	})
}
