package handlers

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// behindProxy lets tests choose the address of a client.
func behindProxy(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// from returns the header by which a proxy reports the client's address.
func from(addr string) []string { return []string{"X-Forwarded-For", addr} }

// An attacker who knows a name cannot lock its owner out by guessing passwords: from one address it blocks only that
// address, and from very many all except those from which the owner has signed in before.
func TestGuessersLockNobodyOut(t *testing.T) {
	t.Parallel()
	const most, wide = 3, 4
	s := newTestServer(t, behindProxy, func(o *Options) { o.Passwords = most })
	if s.passwords.here.most != most || s.passwords.everywhere.most != 20*most {
		t.Error("the limits are not those of the settings")
	}
	s.passwords = newGuesses(most, time.Minute, wide)
	s.signedIn("Ada").protectName(goodPassword)
	wrong, right := url.Values{"name": {"Ada"}, "password": {"wrong"}}, url.Values{"name": {"ada"},
		"password": {goodPassword}}
	for range most {
		s.newClient().post("/signin", wrong, from("203.0.113.1")...).want(422)
	}
	for range 2 * wide { // none of them counts for the total
		if a := s.newClient().post("/signin", right, from("203.0.113.1")...).
			want(429, "too often"); a.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	s.newClient().post("/signin", right, from("198.51.100.7")...).to(general)

	t.Run("who has many addresses is slowed", func(t *testing.T) {
		all := s.passwords.everywhere
		all.mu.Lock()
		all.counts = make(map[uint64]int)
		all.mu.Unlock()
		refused := 0
		for i := range wide + 5 {
			for range most {
				if a := s.newClient().post("/signin", wrong, from(fmt.Sprintf("203.0.113.%d", 10+i))...); a.StatusCode == 429 {
					refused++
				}
			}
		}
		if want := 5 * most; refused != want {
			t.Errorf("%d tries were refused, want %d", refused, want)
		}
		// a new address
		s.newClient().in(t).post("/signin", right, from("192.0.2.9")...).want(429)
		// an address that she has used before
		s.newClient().in(t).post("/signin", right, from("198.51.100.7")...).to(general)
		// others are not affected
		s.newClient().in(t).post("/signin", url.Values{"name": {"Eva"}, "password": {"x"}}, from("192.0.2.9")...).want(422)
	})
}

// The same applies to two-factor authentication, whose guesser knows the password.
func TestCodeGuessersLockNobodyOut(t *testing.T) {
	t.Parallel()
	const most, wide = 3, 5
	s := newTestServer(t, behindProxy, func(o *Options) { o.Passwords = most })
	ada := s.signedIn("Ada")
	ada.protectName(goodPassword)
	_, codes := ada.enableTwoFactor()
	if s.twoFactor.here.most != most || s.twoFactor.here.window != 15*60 || s.twoFactor.everywhere.most != wide*most {
		t.Error("the limits are not those of the settings")
	}
	s.passwords, s.twoFactor = newGuesses(0, time.Minute, 20), newGuesses(most, time.Minute, wide)
	in := func(addr string) *testClient {
		p := s.newClient().in(t)
		p.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}, from(addr)...).to("/signin/two-factor")
		return p
	}
	for i := range wide - 1 {
		addr := fmt.Sprintf("203.0.113.%d", i)
		p := in(addr)
		for range most {
			p.post("/signin/two-factor", url.Values{"code": {"1"}}, from(addr)...).want(422)
		}
		p.post("/signin/two-factor", url.Values{"code": {"1"}}, from(addr)...).want(429, "too often", "Ada")
	}
	owner := in("198.51.100.7")
	owner.post("/signin/two-factor", url.Values{"code": {codes[0]}}, from("198.51.100.7")...).to(general)

	p := in("203.0.113.50")
	for range most - 1 { // and with these, all together have tried as often as they may
		p.post("/signin/two-factor", url.Values{"code": {"1"}}, from("203.0.113.50")...).want(422)
	}
	in("203.0.113.51").post("/signin/two-factor", url.Values{"code": {"1"}}, from("203.0.113.51")...).want(429)
	in("198.51.100.7").post("/signin/two-factor", url.Values{"code": {codes[1]}}, from("198.51.100.7")...).to(general)
}

// Beyond the bound, the addresses that were proved longest ago are forgotten, and never recent ones.
func TestForgetsTheOldestProofs(t *testing.T) {
	g := newGuesses(1, time.Minute, 1)
	addr := func(n int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}) }
	known := func(n int) bool { return g.knows("ada " + network(addr(n))) }
	for n := range maxProved {
		g.right("ada", addr(n))
	}
	g.right("ada", addr(0)) // she still uses it
	if !known(0) || !known(maxProved/2) || !known(maxProved-1) {
		t.Fatal("an address was forgotten too early")
	}
	for n := range maxProved/2 - 1 {
		g.right("ada", addr(maxProved+n))
	}
	if len(g.proved)+len(g.older) > maxProved {
		t.Errorf("%d addresses are remembered", len(g.proved)+len(g.older))
	}
	if known(1) || known(maxProved/2-1) {
		t.Error("the oldest are remembered")
	}
	if !known(0) || !known(maxProved/2) || !known(3*maxProved/2-2) {
		t.Error("what is newer was forgotten")
	}
}

// TestStrangersCannotLockOwnDevicesOut: however many passwords strangers try, from whatever addresses, users can sign
// in on devices they have used before, and change their password while signed in.
func TestStrangersCannotLockOwnDevicesOut(t *testing.T) {
	t.Parallel()
	const most = 3
	// strangers at her address use up both limits
	s := newTestServer(t, behindProxy, func(o *Options) { o.Passwords, o.SignIns = most, 2*most })
	ada := s.signedIn("Ada")
	ada.protectName(goodPassword)
	mallory := s.signedIn("Mallory")
	mallory.protectName(goodPassword)
	forged := "chitchat-device=" +
		strings.Replace(deviceOf(t, mallory), mallory.actor().ID.String(), ada.actor().ID.String(), 1)
	ada.post("/signout", nil).to("/signin")
	wrong, right := url.Values{"name": {"Ada"}, "password": {"wrong"}}, url.Values{"name": {"Ada"},
		"password": {goodPassword}}
	flood := func() {
		for i := range 21 {
			for range most {
				s.newClient().post("/signin", wrong, from(fmt.Sprintf("203.0.113.%d", i))...)
			}
		}
		for range 2 * most { // from her address too
			s.newClient().post("/signin", wrong)
		}
	}
	flood()
	s.newClient().post("/signin", right).want(429)
	s.newClient().post("/signin", right, from("192.0.2.9")...).want(429)
	mallory.post("/signin", right, from("192.0.2.9")...).want(429) // another user's device counts as unknown
	s.newClient().post("/signin", right, "Cookie", forged).want(429)
	old := "chitchat-device=" + deviceOf(t, ada)
	ada.post("/signin", right).to(general)
	ada.post("/me/password", url.Values{"current": {goodPassword}, "password": {goodPassword + "!"}}).
		to("/me/password?saved=1")
	if deviceOf(t, ada) == strings.TrimPrefix(old, "chitchat-device=") {
		t.Error("the device is the same as before the password was changed")
	}
	changed := url.Values{"name": {"Ada"}, "password": {goodPassword + "!"}}
	s.newClient().post("/signin", changed, "Cookie", old).want(429) // an old cookie counts as an unknown device
	for range most - 1 {
		ada.post("/me/password", url.Values{"current": {"wrong"}, "password": {goodPassword}}).want(422)
	}
	// a holder of her session has the same limit
	ada.post("/me/password", url.Values{"current": {"wrong"}, "password": {goodPassword}}).want(429)
}

func deviceOf(t *testing.T, p *testClient) string {
	t.Helper()
	_, rest, ok := strings.Cut(cookies(p), "chitchat-device=")
	if !ok {
		t.Fatal("no device")
	}
	token, _, _ := strings.Cut(rest, ";")
	return token
}

// TestLimitersAreBounded: neither long names nor many addresses fill the memory.
func TestLimitersAreBounded(t *testing.T) {
	l := newLimiter(1)
	app := fiber.New()
	c := app.AcquireCtx(new(fasthttp.RequestCtx))
	defer app.ReleaseCtx(c)
	refused := 0
	for i := range maxCounted + 10*crowdedKeys {
		if l.take(c, fmt.Sprint(i)) != nil {
			refused++
		}
	}
	if len(l.counts) > maxCounted+crowdedKeys || refused < 8*crowdedKeys {
		t.Errorf("%d are counted, and %d of those that were too many were refused", len(l.counts), refused)
	}
	if l.take(c, "0") == nil {
		t.Error("who was counted before does more than is allowed")
	}
}
