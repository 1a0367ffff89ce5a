package handlers

import (
	"net/netip"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// relyingParty returns what passkeys are bound to. Browsers support them on HTTPS and on localhost, and for host names
// only: elsewhere ok is false.
func (s *Server) relyingParty(c *fiber.Ctx) (party chat.RelyingParty, ok bool) {
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err != nil || u.Scheme != "https" && u.Hostname() != "localhost" {
			return chat.RelyingParty{}, false
		}
		_, err = netip.ParseAddr(u.Hostname())
		return chat.RelyingParty{Host: u.Hostname(), Origin: s.PublicURL}, err != nil
	}
	host := hostOf(c)
	name := hostName(host)
	scheme := "http://"
	if s.TLS {
		scheme = "https://"
	}
	return chat.RelyingParty{Host: name, Origin: scheme + host}, name == "localhost"
}

var errNoRelyingParty = chat.Errorf(chat.CodeForbidden,
	"Passkeys need HTTPS and a name, not a number, in the address: whoever runs the server sets --url.")

func (s settingsHandlers) showPasskeys(c *fiber.Ctx, a chat.Actor) error {
	return s.renderPasskeys(c, a, views.Passkeys{})
}

func (s settingsHandlers) renderPasskeys(c *fiber.Ctx, a chat.Actor, f views.Passkeys) error {
	var err error
	if f.List, err = s.Chat.Accounts.Passkeys(c.UserContext(), a); err != nil {
		return err
	}
	if f.Account, err = s.Chat.Accounts.Get(c.UserContext(), a); err != nil {
		return err
	}
	_, f.Possible = s.relyingParty(c)
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.PasskeysPage(l, f) })
}

// passkeyForm makes a handler of a change to the user's passkeys; refusals are shown on their page.
func (s settingsHandlers) passkeyForm(
	change func(*fiber.Ctx, chat.Actor, url.Values) (func() error, error)) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		return submit(c, submission{
			limited: s.rateLimit(c, s.changes, a), forbidden: true,
			do: func(values url.Values) (func() error, error) {
				if values.Get("current") != "" {
					if err := s.limitPasswords(c, a); err != nil {
						return nil, err
					}
				}
				return change(c, a, values)
			},
			show: func(_ url.Values, fault views.Fault) error {
				return s.renderPasskeys(c, a, views.Passkeys{Fault: fault})
			},
		})
	}
}

func (s settingsHandlers) beginPasskey(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	party, ok := s.relyingParty(c)
	if !ok {
		return nil, errNoRelyingParty
	}
	ceremony, err := s.Chat.Accounts.BeginPasskeyRegistration(c.UserContext(), a, party, values.Get("current"))
	return func() error { return s.renderPasskeys(c, a, views.Passkeys{Ceremony: &ceremony}) }, err
}

func (s settingsHandlers) createPasskey(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	party, ok := s.relyingParty(c)
	if !ok {
		return nil, errNoRelyingParty
	}
	err := s.Chat.Accounts.FinishPasskeyRegistration(c.UserContext(), a, party,
		values.Get("state"), values.Get("name"), values.Get("response"))
	return to(c, "/me/passkeys"), err
}

func (s settingsHandlers) deletePasskey(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	err := s.Chat.Accounts.DeletePasskey(c.UserContext(), a, values.Get("id"), values.Get("current"))
	return to(c, "/me/passkeys"), err
}

func (s settingsHandlers) requirePasskey(c *fiber.Ctx, a chat.Actor, values url.Values) (func() error, error) {
	err := s.Chat.Accounts.RequirePasskey(c.UserContext(), a, values.Get("required") == "yes", values.Get("current"))
	return to(c, "/me/passkeys"), err
}
