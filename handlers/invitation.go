package handlers

import (
	"cmp"
	"errors"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s *Server) showInvitations(c *fiber.Ctx, a chat.Actor) error {
	return s.renderInvitations(c, a, fiber.StatusOK, views.InvitationForm{Role: chat.RoleMember, Days: "7", Uses: "1"})
}

func (s *Server) renderInvitations(c *fiber.Ctx, a chat.Actor, status int, f views.InvitationForm) error {
	t, err := s.Chat.Admin.Invitations(c.UserContext(), a, listQuery(c))
	if err != nil {
		return err
	}
	return s.respond(c, a, status, nil, func(sh views.Shell) templ.Component { return views.InvitationsPage(sh, t, f) })
}

func (s *Server) createInvitation(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayInvite) {
		return errNotFound
	}
	limited := s.rateLimit(c, s.invites, a)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	f := views.InvitationForm{
		Role: chat.Role(values.Get("role")), Days: sanitizeEcho(values.Get("days")), Uses: sanitizeEcho(values.Get("uses")), Channels: values["channel"],
	}
	uses, usesErr := strconv.Atoi(f.Uses)
	days, _ := strconv.Atoi(f.Days) // what is no number is no time, and refused
	if usesErr != nil {
		uses = -1
	}
	var made chat.Invitation
	var secret string
	if err = limited; err == nil {
		made, secret, err = s.Chat.Admin.CreateInvitation(c.UserContext(), a, chat.NewInvitation{
			Role: f.Role, Channels: f.Channels, Lifetime: time.Duration(min(days, 10_000)) * 24 * time.Hour, MaxUses: uses,
		})
	}
	if status, sentence, ok := formError(err); ok {
		if e, ok := errors.AsType[*chat.Error](err); ok {
			f.Field = e.Field
		}
		f.Error = sentence
		return s.renderInvitations(c, a, status, f)
	}
	if err != nil {
		return err
	}
	f.Made = &made
	if f.Link, err = s.newLink(c, "/i/"+secret); err != nil {
		return err
	}
	return s.renderInvitations(c, a, fiber.StatusOK, f)
}

func (s *Server) revokeInvitation(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Admin.RevokeInvitation(c.UserContext(), a, id); err != nil {
		return err
	}
	return redirect(c, "/admin/invitations")
}

// showInvitation asks before it lets anyone in: programs that look at links ahead of people use none up.
func (s *Server) showInvitation(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	return s.renderInvitation(c, fiber.StatusOK, views.Invite{Form: s.newFormNonce(c, "")})
}

func (s *Server) renderInvitation(c *fiber.Ctx, status int, f views.Invite) error {
	secret := param(c, "token")
	inv, err := s.Chat.Accounts.Invitation(c.UserContext(), secret)
	if err != nil {
		return err
	}
	f.Workspace, f.Invitation, f.NeedsPassword, f.Path = s.Chat.Admin.Workspace(), inv, s.Chat.Accounts.NeedsPassword(inv), "/i/"+secret
	if a, known, err := s.visitor(c); err != nil {
		return err
	} else if known {
		f.Me = &a.User
	}
	return render(c, status, views.InvitePage(f))
}

// acceptInvitation lets in a new person, or one who is signed in.
func (s *Server) acceptInvitation(c *fiber.Ctx) error {
	limited := s.limitSignIns(c)
	values, err := form(c, maxForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	a, known, err := s.visitor(c)
	if err != nil {
		return err
	}
	if known && limited == nil {
		limited = s.rateLimit(c, s.invites, a)
	}
	if cookieless := s.keepsCookies(c, values); limited == nil && cookieless != nil && !known {
		limited = cookieless
	}
	inv, gone := s.Chat.Accounts.Invitation(c.UserContext(), param(c, "token"))
	switch {
	case limited != nil:
		err = limited
	case gone != nil:
		err = gone
	case known:
		a.Role, err = s.Chat.Accounts.AcceptInvitation(c.UserContext(), a, param(c, "token"))
	default:
		a, err = s.Chat.Accounts.AcceptInvitationAsNew(s.device(c), param(c, "token"), values.Get("name"), values.Get("password"))
	}
	if e, ok := errors.AsType[*chat.Error](err); ok && e.Code != chat.CodeNotFound {
		return s.renderInvitation(c, statuses[e.Code], views.Invite{
			Name: sanitizeEcho(values.Get("name")), Field: e.Field, Error: e.Message, Form: s.newFormNonce(c, s.formNonce(c, values)),
		})
	}
	if err != nil {
		return err
	}
	if !known {
		return s.completeSignIn(c, a, s.landingPath(c, a, inv))
	}
	if err := s.issueSession(c, a); err != nil { // the role may be another one
		return err
	}
	return redirect(c, s.landingPath(c, a, inv))
}

// landingPath is where someone lands who accepted an invitation: in the first channel that it leads to.
func (s *Server) landingPath(c *fiber.Ctx, a chat.Actor, inv chat.Invitation) string {
	for _, ch := range inv.Channels {
		if _, err := s.Chat.Channels.Get(c.UserContext(), a, ch.Slug); err == nil {
			return channelPath(ch.Slug)
		}
	}
	return "/"
}
