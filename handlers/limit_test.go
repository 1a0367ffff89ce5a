package handlers

import (
	"fmt"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"chitchat/chat"
)

// The limits, per user and per address.
//
//	everything that is no GET       TestEveryChangeIsLimited, and with what was typed TestRefusedFormsKeepTheirText
//	sign-in, two-factor, links      TestSignInLimit, TestTwoFactorLimit, TestPasswordLimit, guess_test.go, and here
//	posting, editing, deleting      TestPostLimit, TestEditsAndDeletionsCountAsPosts, and here
//	uploads                         TestUploadLimit, and here
//	channels and names              TestChangesLimit
//	invitations, searches           here

// refusedAfter repeats a request until it is refused, and tests that this happens after so many, with a page and a
// Retry-After.
func refusedAfter(t *testing.T, most int, ask func(i int) response) {
	t.Helper()
	for i := range most {
		if a := ask(i); a.StatusCode == 429 {
			t.Fatalf("refused after %d, %d are allowed", i, most)
		}
	}
	if a := ask(most).want(429, "too often"); a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestLimitsPerUser(t *testing.T) {
	const most = 3
	c := openFixtures(t)
	boss, bob := c.clients[admin], c.clients[nonMember]
	c.invites = newUserAndIPLimiter(most)
	t.Run("invitations made", func(t *testing.T) {
		refusedAfter(t, most, func(int) response {
			return boss.in(t).post("/admin/invitations", url.Values{"role": {"member"}, "days": {"1"}, "uses": {"1"}})
		})
		c.clients[owner].in(t).post("/admin/invitations", url.Values{"role": {"member"}, "days": {"1"}, "uses": {"1"}}).
			want(200)
	})
	t.Run("searches", func(t *testing.T) {
		c.searches = newUserAndIPLimiter(most)
		paths := []string{"/c?q=x", "/d?q=y", "/c?q=z", "/d?q=a"}
		refusedAfter(t, most, func(i int) response { return bob.in(t).get(paths[i]) })
		bob.in(t).get("/c").want(200)
	})
	t.Run("invitations accepted", func(t *testing.T) {
		c.invites = newUserAndIPLimiter(most)
		refusedAfter(t, most, func(int) response {
			_, secret, err := c.Chat.Admin.CreateInvitation(t.Context(), c.clients[owner].actor(),
				chat.NewInvitation{Role: chat.RoleMember, Lifetime: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			return bob.in(t).post("/i/"+secret, nil)
		})
	})
	t.Run("a passkey after the password", func(t *testing.T) {
		c.twoFactor = newGuesses(most, time.Minute, 5)
		c.PublicURL = "http://localhost"
		ada := c.signedIn("Ada Second")
		ada.protectName(goodPassword)
		ada.enableTwoFactor()
		p := c.newClient()
		p.post("/signin", url.Values{"name": {"Ada Second"}, "password": {goodPassword}}).to("/signin/two-factor")
		refusedAfter(t, most, func(int) response {
			return p.in(t).post("/signin/passkey/finish", url.Values{"state": {token}, "response": {"{}"}})
		})
	})
}

// All users of one address together may do perAddressFactor times as much as one user.
func TestLimitsPerAddress(t *testing.T) {
	const most = 4
	s := newTestServer(t)
	few := userAndIPLimiter{newLimiter(0), newLimiter(most)} // unlimited per user
	people := []*testClient{s.own("Ann", "open"), s.signedIn("Bob")}
	for name, ask := range map[string]func(p *testClient, i int) response{
		"posts": func(p *testClient, i int) response {
			return p.post(general+"/messages", url.Values{"body": {fmt.Sprint("post ", i)}}, asHTMX...)
		},
		"channels": func(p *testClient, i int) response {
			return p.post("/c", url.Values{"name": {fmt.Sprint("Channel ", i)}})
		},
		"names": func(p *testClient, i int) response {
			return p.post("/me", url.Values{"name": {fmt.Sprint(p.actor().Name, i)}})
		},
		"invitations": func(*testClient, int) response {
			return people[0].post("/admin/invitations", url.Values{"role": {"member"}, "days": {"1"}, "uses": {"1"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.posts, s.newChannels, s.renames, s.invites = few, few, few, few
			few.ip.counts = nil
			few.ip.minute = 0
			refusedAfter(t, most, func(i int) response { return ask(people[i%2].in(t), i) })
		})
	}
	t.Run("uploads", func(t *testing.T) {
		s.posts, s.uploads = newUserAndIPLimiter(0), userAndIPLimiter{newLimiter(0), newLimiter(most)}
		for i := range most + 1 {
			a := people[i%2].in(t).upload(general+"/messages", asHTMX, part{"body", "", "t"},
				part{"file", fmt.Sprint(i, ".txt"), "x"})
			if (a.StatusCode == 429) != (i == most) {
				t.Errorf("file %d: status %d", i, a.StatusCode)
			}
			if i == most && a.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
	})
	if newUserAndIPLimiter(3).ip.most != 3*perAddressFactor || newUserAndIPLimiter(0).ip.most != 0 {
		t.Error("an address does not stand for so many people")
	}
}

// The address of a client that is not a trusted proxy is the connection's, whatever it sends.
func TestForgedAddress(t *testing.T) {
	for _, proxies := range [][]netip.Prefix{nil, {netip.MustParsePrefix("10.0.0.0/8")}} {
		s := newTestServer(t, func(o *Options) { o.TrustedProxies, o.SignIns = proxies, 3 })
		refusedAfter(t, 3, func(i int) response {
			return s.newClient().post("/signin", url.Values{"name": {fmt.Sprint("Guest ", i)}},
				"X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i), "X-Real-Ip", fmt.Sprintf("203.0.113.%d",
					i), "Forwarded", fmt.Sprintf("for=203.0.113.%d", i))
		})
	}
}

// All keys reset with the window, and not before.
func TestLimitStartsAnew(t *testing.T) {
	for _, window := range []time.Duration{time.Minute, 15 * time.Minute} {
		s := newTestServer(t)
		now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
		s.posts.user = newLimiterOf(1, window)
		s.posts.user.now = func() time.Time { return now }
		p := s.signedIn("Ann")
		p.say("one")
		for _, passed := range []time.Duration{0, time.Second, window - time.Second} {
			now = now.Truncate(window).Add(passed)
			a := p.post(general+"/messages", url.Values{"body": {"two"}}, asHTMX...).want(429)
			if got, want := a.Header.Get("Retry-After"), fmt.Sprint(int((window - passed).Seconds())); got != want {
				t.Errorf("%v after the start of %v: wait %q, want %s", passed, window, got, want)
			}
		}
		now = now.Add(time.Second)
		p.say("three")
		p.post(general+"/messages", url.Values{"body": {"four"}}, asHTMX...).want(429)
	}
}
