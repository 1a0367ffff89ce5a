package handlers

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s settingsHandlers) showDeviceLinks(c *fiber.Ctx, a chat.Actor) error {
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.DeviceLinksPage(l, nil) })
}

func (s settingsHandlers) createDeviceLink(c *fiber.Ctx, a chat.Actor) error {
	if err := s.rateLimit(c, s.invites, a); err != nil { // a link signs a user in, as an invitation does
		return err
	}
	secret, err := s.Chat.Accounts.CreateDeviceLink(c.UserContext(), a)
	if err != nil {
		return err
	}
	link, err := s.newLink(c, "/link/"+secret)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.DeviceLinksPage(l, link) })
}

// showDeviceLink asks for confirmation: link previews and scanners that open the link use none up.
func (s signInHandlers) showDeviceLink(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	link, err := s.linkOf(c, s.Chat.Accounts.DeviceLinkUser)
	if err != nil {
		return err
	}
	link.Form = s.newFormNonce(c, "")
	return render(c, fiber.StatusOK, views.DeviceLinkPage(link))
}

// linkOf returns what the request's link would do in this browser. user is who its secret signs in.
func (s signInHandlers) linkOf(c *fiber.Ctx,
	user func(context.Context, string) (chat.User, error)) (link views.DeviceLink, err error) {
	if link.User, err = user(c.UserContext(), param(c, "token")); err != nil {
		return link, err
	}
	link.Displaced, err = s.displaced(c, link.User.ID)
	return link, err
}

// displaced returns the user whom signing in another would sign out in this browser. 0 means a new user.
func (s signInHandlers) displaced(c *fiber.Ctx, next chat.ID) (d views.Displaced, err error) {
	before, known, err := s.visitor(c)
	if err != nil || !known || before.ID == next {
		return d, err
	}
	protected, err := s.Chat.Accounts.Protected(c.UserContext(), before)
	return views.Displaced{Before: &before.User, Lost: !protected}, err
}

func (s signInHandlers) useDeviceLink(c *fiber.Ctx) error {
	use := func(url.Values) (chat.Actor, error) {
		return s.Chat.Accounts.UseDeviceLink(s.device(c), param(c, "token"))
	}
	return s.submitLink(c, s.Chat.Accounts.DeviceLinkUser, views.DeviceLinkPage, use)
}

// submitLink signs in by a link's form, unless a user without a password would lose their name by it.
func (s signInHandlers) submitLink(c *fiber.Ctx, user func(context.Context, string) (chat.User, error),
	page func(views.DeviceLink) templ.Component, signIn func(url.Values) (chat.Actor, error)) error {
	if err := s.limitSignIns(c); err != nil { // otherwise the answer would tell a guesser that a link is valid
		return err
	}
	return submit(c, submission{
		do: func(values url.Values) (func() error, error) {
			link, err := s.linkOf(c, user)
			if err != nil {
				return nil, err
			}
			if err := s.keepsCookies(c, values); err != nil {
				return nil, err
			}
			if link.Lost && values.Get("lose") == "" {
				return nil, chat.Invalid("lose", "Tick the box first, or stay as you are.")
			}
			a, err := signIn(values)
			return func() error { return s.completeSignIn(c, a, "/") }, err
		},
		show: func(values url.Values, fault views.Fault) error {
			link, err := s.linkOf(c, user)
			if err != nil {
				return err
			}
			link.Form, link.Fault = s.newFormNonce(c, s.formNonce(c, values)), fault
			return render(c, fault.Status, page(link))
		},
	})
}

func (s signInHandlers) showPasswordReset(c *fiber.Ctx) error {
	if err := s.limitSignIns(c); err != nil {
		return err
	}
	link, err := s.linkOf(c, s.Chat.Accounts.PasswordResetUser)
	if err != nil {
		return err
	}
	link.Form = s.newFormNonce(c, "")
	return render(c, fiber.StatusOK, views.PasswordResetPage(link))
}

func (s signInHandlers) resetPassword(c *fiber.Ctx) error {
	reset := func(values url.Values) (chat.Actor, error) {
		return s.Chat.Accounts.ResetPassword(s.device(c), param(c, "token"), values.Get("password"))
	}
	return s.submitLink(c, s.Chat.Accounts.PasswordResetUser, views.PasswordResetPage, reset)
}

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

// newLink returns an absolute link to path, with its QR code.
func (s *Server) newLink(c *fiber.Ctx, path string) (*views.Link, error) {
	base := s.PublicURL
	if base == "" { // then the client knows best by which name it reaches the server
		base = c.Protocol() + "://" + hostOf(c)
		if s.TLS {
			base = "https://" + hostOf(c)
		}
	}
	code, err := newQR(base + path)
	return &views.Link{URL: base + path, QR: code}, err
}

// newQR encodes a text as a QR code: an SVG path with a square for each dark module.
func newQR(text string) (views.QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return views.QR{}, err
	}
	var b strings.Builder
	size := code.Bounds().Dx()
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return views.QR{Path: b.String(), Size: size, Text: text}, nil
}
