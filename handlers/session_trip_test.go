package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// trips counts the writes that a request needs. The program's own at its start may interfere: the minimum of several
// runs counts.
func trips(t *testing.T, s *testServer, most int, do func()) {
	t.Helper()
	var queries []string
	for range 20 {
		s.queries.cut()
		do()
		var n int
		queries = s.queries.cut()
		for _, q := range queries {
			if q == "BEGIN" {
				n++
			}
		}
		if n == most {
			return
		}
	}
	t.Errorf("it never took %d changes:\n%s", most, strings.Join(queries, "\n"))
}

// Each write waits for the disk: signing in takes one, and so does signing out.
func TestSessionsAreWrittenOnce(t *testing.T) {
	s := newTestServer(t)
	s.own("Olga", "open")
	ada := s.signedIn("Ada")
	ada.protectName(goodPassword)
	var p *testClient
	people := 0
	name := func() string { people++; return "Person " + strconv.Itoa(people) }
	trips(t, s, 1, func() { p = s.signedIn(name()) })
	trips(t, s, 1, func() {
		p = s.newClient()
		p.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).want(303)
	})
	trips(t, s, 2, func() { p.post("/signin", url.Values{"name": {name()}, "lose": {"1"}}).want(303) }) // one session ends
	trips(t, s, 0, func() { p.get("/me").want(200) })
	trips(t, s, 2, func() { s.signedIn(name()).post("/signout", nil).to("/signin") }) // in and out
}

// To resolve a cookie to its user takes no query on a warm page, and one otherwise.
func TestCookieIsLookedUpOnce(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ada")
	p.get("/me").want(200)
	asked := func() (n int) {
		s.queries.cut()
		p.get("/me").want(200)
		for _, q := range s.queries.cut() {
			if strings.Contains(q, "sessions") {
				n++
			}
		}
		return n
	}
	cold := func() int {
		if _, err := s.Chat.Accounts.CreateSetupLink(t.Context()); err != nil { // a change empties the cache
			t.Fatal(err)
		}
		return asked()
	}
	// the least of several: what the program removes at its start asks for sessions too
	if least := min(asked(), asked(), asked()); least != 0 {
		t.Errorf("warm: %d questions", least)
	}
	if least := min(cold(), cold(), cold()); least != 1 {
		t.Errorf("cold: %d questions", least)
	}
}

// An old cookie is sent again, unchanged and with its full lifetime; then it is not old.
func TestCookieIsRenewed(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ada")
	key := cookies(p)
	sent := func() *http.Cookie {
		for _, c := range p.get("/me").want(200).Cookies() {
			if c.Name == "chitchat" {
				return c
			}
		}
		return nil
	}
	if sent() != nil {
		t.Error("a new cookie was renewed")
	}
	if _, err := s.db.ExecContext(t.Context(), `UPDATE sessions SET key_sent_at = 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Chat.Accounts.CreateSetupLink(t.Context()); err != nil { // a change empties the cache
		t.Fatal(err)
	}
	if c := sent(); c == nil || !strings.Contains(key, c.Value) || c.MaxAge < 80*24*3600 {
		t.Errorf("the old cookie came again as %v", c)
	}
	if sent() != nil {
		t.Error("it was renewed twice")
	}
}
