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

func (s adminHandlers) showInvitations(c *fiber.Ctx, a chat.Actor) error {
	return s.renderInvitations(c, a, views.InvitationForm{Role: chat.RoleMember, Days: "7", Uses: "1"})
}

func (s adminHandlers) renderInvitations(c *fiber.Ctx, a chat.Actor, f views.InvitationForm) error {
	t, err := s.Chat.Admin.Invitations(c.UserContext(), a, listQuery(c))
	if err != nil {
		return err
	}
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.InvitationsPage(l, t, f) })
}

func (s adminHandlers) createInvitation(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayInvite) {
		return errNotFound
	}
	return submit(c, submission{
		limited: s.rateLimit(c, s.invites, a),
		do: func(values url.Values) (func() error, error) {
			made, secret, err := s.Chat.Admin.CreateInvitation(c.UserContext(), a, newInvitation(values))
			return func() (err error) {
				f := typedInvitation(values)
				f.Made = &made
				if f.Link, err = s.newLink(c, "/i/"+secret); err != nil {
					return err
				}
				return s.renderInvitations(c, a, f)
			}, err
		},
		show: func(values url.Values, fault views.Fault) error {
			f := typedInvitation(values)
			f.Fault = fault
			return s.renderInvitations(c, a, f)
		},
	})
}

// typedInvitation returns the form as it was filled in.
func typedInvitation(values url.Values) views.InvitationForm {
	return views.InvitationForm{
		Role: chat.Role(values.Get("role")), Days: sanitizeEcho(values.Get("days")), Uses: sanitizeEcho(values.Get("uses")),
		Channels: values["channel"],
	}
}

// newInvitation returns the invitation that a form asks for.
func newInvitation(values url.Values) chat.NewInvitation {
	uses, err := strconv.Atoi(values.Get("uses"))
	if err != nil {
		uses = -1
	}
	days, _ := strconv.Atoi(values.Get("days")) // anything but a number means 0, which is refused
	return chat.NewInvitation{
		Role: chat.Role(values.Get("role")), Channels: values["channel"], MaxUses: uses,
		Lifetime: time.Duration(min(days, 10_000)) * 24 * time.Hour,
	}
}

func (s adminHandlers) revokeInvitation(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Admin.RevokeInvitation(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/admin/invitations")
}
