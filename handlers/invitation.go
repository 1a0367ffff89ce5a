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

// showInvitation asks for confirmation: link previews and scanners that open the link use none up.
func (s signInHandlers) showInvitation(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	return s.renderInvitation(c, views.Invite{Form: s.newFormNonce(c, "")})
}

func (s signInHandlers) renderInvitation(c *fiber.Ctx, f views.Invite) error {
	secret := param(c, "token")
	inv, err := s.Chat.Accounts.Invitation(c.UserContext(), secret)
	if err != nil {
		return err
	}
	f.Workspace, f.Invitation, f.Path = s.Chat.Admin.Workspace(), inv, "/i/"+secret
	f.NeedsPassword = s.Chat.Accounts.NeedsPassword(inv)
	if a, known, err := s.visitor(c); err != nil {
		return err
	} else if known {
		f.Me = &a.User
	}
	return render(c, f.Status, views.InvitePage(f))
}

// acceptInvitation accepts an invitation, for a new user or a signed-in one.
func (s signInHandlers) acceptInvitation(c *fiber.Ctx) error {
	return submit(c, submission{
		limited: s.limitSignIns(c), forbidden: true,
		do: func(values url.Values) (func() error, error) { return s.enter(c, values) },
		show: func(values url.Values, fault views.Fault) error {
			return s.renderInvitation(c, views.Invite{
				Name: sanitizeEcho(values.Get("name")), Form: s.newFormNonce(c, s.formNonce(c, values)), Fault: fault,
			})
		},
	})
}

// enter accepts the path's invitation and returns what to do next.
func (s signInHandlers) enter(c *fiber.Ctx, values url.Values) (answer func() error, err error) {
	a, known, err := s.visitor(c)
	if err != nil {
		return nil, err
	}
	if known {
		err = s.rateLimit(c, s.invites, a)
	} else {
		err = s.keepsCookies(c, values)
	}
	if err != nil {
		return nil, err
	}
	token := param(c, "token")
	inv, err := s.Chat.Accounts.Invitation(c.UserContext(), token)
	if err != nil {
		return nil, err
	}
	if !known {
		a, err = s.Chat.Accounts.AcceptInvitationAsNew(s.device(c), token, values.Get("name"), values.Get("password"))
		return func() error { return s.completeSignIn(c, a, s.landingPath(c, a, inv)) }, err
	}
	a.Role, err = s.Chat.Accounts.AcceptInvitation(c.UserContext(), a, token)
	return func() error {
		if err := s.replaceKey(c, a, ""); err != nil { // the role may have changed
			return err
		}
		return redirect(c, s.landingPath(c, a, inv))
	}, err
}

// landingPath returns where accepting an invitation leads: to its first channel.
func (s signInHandlers) landingPath(c *fiber.Ctx, a chat.Actor, inv chat.Invitation) string {
	for _, ch := range inv.Channels {
		if _, err := s.Chat.Channels.Get(c.UserContext(), a, ch.Slug); err == nil {
			return channelPath(ch.Slug)
		}
	}
	return "/"
}
