package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

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
