package handlers

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// guesses limits how often a secret is tried that belongs to someone whom others know by name.
//
//   - Devices in which that person has come in before have tries of their own, each: whatever strangers try, they
//     cannot keep the person out. See chat.DeviceToken.
//   - From one address, so many tries a window for each person. They count for that address alone: whoever tries from
//     elsewhere cannot lock the person out.
//   - From all addresses together, a multiple of it, so that a guesser who has many is slowed too.
//   - The addresses from which the right secret came are left out of that: a guesser with very many addresses cannot
//     lock out who comes from where they have come in before. They are remembered until the program stops, the newest
//     of them: see maxProved.
//
// How much is tried from one address for all people together, limitSignIns limits. Safe for concurrent use.
type guesses struct {
	own, here, everywhere *limiter

	mu sync.Mutex
	// person and address; what fills proved becomes older, and what was older is forgotten
	proved, older map[string]struct{}
}

// maxProved bounds how many addresses are remembered; beyond it the half is forgotten from which the right secret has
// not come for longest.
const maxProved = 100_000

// newGuesses makes limits of so many from one address in a window of whole seconds, and wide times as many from all; 0
// is no limit.
func newGuesses(most int, window time.Duration, wide int) *guesses {
	return &guesses{own: newLimiterOf(most, window), here: newLimiterOf(most, window),
		everywhere: newLimiterOf(wide*most, window), proved: make(map[string]struct{})}
}

// take counts one more try, and refuses it when there were too many. device names one of the person's own; "" is a
// stranger's.
func (g *guesses) take(c *fiber.Ctx, person string, from netip.Addr, device string) error {
	if device != "" {
		return g.own.take(c, "device "+device)
	}
	at := at(person, from)
	if err := g.here.take(c, at); err != nil {
		return err // and does not count for all: one address has a small part in that
	}
	if g.knows(at) {
		return nil
	}
	return g.everywhere.take(c, person)
}

// at is the key of a person and an address.
func at(person string, from netip.Addr) string { return person + " " + network(from) }

func (g *guesses) knows(at string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, proved := g.proved[at]
	if !proved {
		_, proved = g.older[at]
	}
	return proved
}

// right remembers that the right secret came from there.
func (g *guesses) right(person string, from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.proved) >= maxProved/2 {
		g.proved, g.older = make(map[string]struct{}), g.proved
	}
	g.proved[at(person, from)] = struct{}{}
}

// deviceLifetime is how long a browser is known after someone has signed in there.
const deviceLifetime = 365 * 24 * time.Hour

// ownDevice names the device that asks, if the person has signed in there before; "" is a stranger's, and so is what
// cannot be looked up.
func (s *Server) ownDevice(c *fiber.Ctx, person chat.ID) string {
	device, err := s.Chat.Accounts.KnownDevice(c.UserContext(), strings.Clone(c.Cookies(s.cookie("-device"))), person)
	if err != nil {
		s.Log.Error("looking for a device", "error", err)
	}
	return device
}

// setDevice lets the browser be known as the person's.
func (s *Server) setDevice(c *fiber.Ctx, person chat.ID) error {
	if s.ownDevice(c, person) != "" {
		return nil
	}
	token, err := s.Chat.Accounts.DeviceToken(c.UserContext(), person)
	if err != nil {
		return err
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-device"), Value: token, Path: "/", MaxAge: int(deviceLifetime.Seconds()),
		Expires: time.Now().Add(deviceLifetime), Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	return nil
}
