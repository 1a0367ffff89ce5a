package handlers

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// guesses limits attempts at the secret of a user whose name others know.
//
//   - Devices on which the user has signed in before have attempts of their own, each: strangers cannot lock the user
//     out. See chat.DeviceToken.
//   - Each address has a number of attempts per window and user. They count for that address only: attempts from
//     elsewhere cannot lock the user out.
//   - All addresses together have a multiple of it per user, to slow guessers with many addresses.
//   - Addresses that gave the right secret are exempt from that: a guesser with very many addresses cannot lock users
//     out where they have signed in before. The newest are remembered until the program stops: see maxProved.
//
// limitSignIns limits the attempts from one address for all users together. Safe for concurrent use.
type guesses struct {
	own, here, everywhere *limiter

	mu sync.Mutex
	// user and address; when proved is half of maxProved, it replaces older
	proved, older map[string]struct{}
}

// maxProved bounds how many addresses are remembered. Beyond it, the half that was proved longest ago is forgotten.
const maxProved = 100_000

// newGuesses returns limits of most attempts from one address per window of whole seconds, and of wide times as many
// from all addresses; 0 is no limit.
func newGuesses(most int, window time.Duration, wide int) *guesses {
	return &guesses{own: newLimiterOf(most, window), here: newLimiterOf(most, window),
		everywhere: newLimiterOf(wide*most, window), proved: make(map[string]struct{})}
}

// take counts an attempt, and refuses it when the limit is reached. device names one of the user's own devices; ""
// means an unknown device.
func (g *guesses) take(c *fiber.Ctx, user string, from netip.Addr, device string) error {
	if device != "" {
		return g.own.take(c, "device "+device)
	}
	at := at(user, from)
	if err := g.here.take(c, at); err != nil {
		return err // and does not count for everywhere: one address must not use that up
	}
	if g.knows(at) {
		return nil
	}
	return g.everywhere.take(c, user)
}

// at returns the key of a user and an address.
func at(user string, from netip.Addr) string { return user + " " + network(from) }

func (g *guesses) knows(at string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, proved := g.proved[at]
	if !proved {
		_, proved = g.older[at]
	}
	return proved
}

// right records that the address gave the right secret.
func (g *guesses) right(user string, from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.proved) >= maxProved/2 {
		g.proved, g.older = make(map[string]struct{}), g.proved
	}
	g.proved[at(user, from)] = struct{}{}
}

// deviceLifetime is how long a device stays known after signing in.
const deviceLifetime = 365 * 24 * time.Hour

// ownDevice returns the name of the request's device if the user has signed in on it before; else, or if the lookup
// fails, "".
func (s *Server) ownDevice(c *fiber.Ctx, user chat.ID) string {
	device, err := s.Chat.Accounts.KnownDevice(c.UserContext(), strings.Clone(c.Cookies(s.cookie("-device"))), user)
	if err != nil {
		s.Log.Error("looking for a device", "error", err)
	}
	return device
}

// setDevice makes the browser a known device of the user.
func (s *Server) setDevice(c *fiber.Ctx, user chat.ID) error {
	if s.ownDevice(c, user) != "" {
		return nil
	}
	token, err := s.Chat.Accounts.DeviceToken(c.UserContext(), user)
	if err != nil {
		return err
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-device"), Value: token, Path: "/", MaxAge: int(deviceLifetime.Seconds()),
		Expires: time.Now().Add(deviceLifetime), Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	return nil
}
