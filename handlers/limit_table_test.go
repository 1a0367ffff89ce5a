package handlers

import (
	"hash/maphash"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// limitTo sets all limits to so many a minute; 0 removes them.
func (s *testServer) limitTo(most int) {
	s.signIns = newLimiter(most)
	s.passwords, s.twoFactor = newGuesses(most, time.Minute, 20), newGuesses(most, time.Minute, 5)
	all := func() userAndIPLimiter { return userAndIPLimiter{newLimiter(most), newLimiter(most)} }
	s.posts, s.uploads, s.newChannels, s.renames, s.reports = all(), all(), all(), all(), all()
	s.searches, s.changes, s.invites, s.handshakes, s.reactions = all(), all(), all(), all(), all()
	s.drafts = all()
}

// Every route that changes anything is limited: with a limit of one, the second request in a minute is refused,
// whatever the first returned.
func TestEveryChangeIsLimited(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	for _, r := range c.app.GetRoutes(true) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			continue
		}
		route := r.Method + " " + r.Path
		e, known := matrix[route]
		if !known {
			t.Errorf("%s has no row in the matrix", route)
			continue
		}
		if e.row == redirected { // it changes nothing; where it leads is limited
			continue
		}
		c.limitTo(0)
		if e.changesUser {
			c.clients[owner] = c.makeViewer(owner)
		}
		if e.rows != nil { // the previous request may have deleted it
			c.channels[public] = c.buildChannel(public)
		}
		asker := owner
		if strings.HasSuffix(route, "/edit") { // users who may not edit get that answer first
			asker = member
		}
		path := c.pathFor(pattern(route, e), asker, c.channels[public])
		values, err := url.ParseQuery(strings.NewReplacer("{n}", "Of Limits", "{someone}", "Nobody").Replace(e.form))
		if err != nil {
			t.Fatal(err)
		}
		c.limitTo(1)
		var a response
		for range 2 {
			if a = c.clients[asker].post(path, values); a.StatusCode == http.StatusTooManyRequests {
				break
			}
		}
		if a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" ||
			!strings.Contains(a.body, "too often") {
			t.Errorf("%s is not limited: %d\n%s", route, a.StatusCode, a.excerpt())
		}
	}
}

// searchForm finds a search form, and its text field.
var searchForm = regexp.MustCompile(`(?s)<form[^>]* method="get".*? name="(q|name)".*?</form>`)

// Every page with a search limits it.
func TestEverySearchIsLimited(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	found := 0
	for _, r := range c.app.GetRoutes(true) {
		route := r.Method + " " + r.Path
		e, known := matrix[route]
		if r.Method != http.MethodGet || !known {
			continue
		}
		c.limitTo(0)
		path := c.pathFor(pattern(route, e), owner, c.channels[public])
		form := searchForm.FindStringSubmatch(c.clients[owner].get(path).body)
		if form == nil {
			continue
		}
		found++
		c.limitTo(1)
		for i, want := range []int{http.StatusOK, http.StatusTooManyRequests} {
			joint := "?"
			if strings.Contains(path, "?") {
				joint = "&"
			}
			if a := c.clients[owner].get(path + joint + form[1] + "=x"); a.StatusCode != want {
				t.Errorf("search %d of %s by %s: %d, want %d", i+1, route, form[1], a.StatusCode, want)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d pages with a search were found", found)
	}
}

// TestHandshakesAreLimited: each costs the list of channels and the presence of a page.
func TestHandshakesAreLimited(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	s.limitTo(2)
	for n := range 3 {
		for _, p := range []*testClient{ada, s.newClient()} {
			conn, res, err := p.connect()
			if err == nil {
				_ = conn.Close()
			}
			if _ = res.Body.Close(); (res.StatusCode == http.StatusTooManyRequests) != (n > 0) {
				t.Errorf("handshake %d: %d", n, res.StatusCode)
			}
		}
	}
}

// A form refused by a rate limit is shown again as it was sent.
func TestRefusedFormsKeepTheirText(t *testing.T) {
	c := openFixtures(t)
	someone := c.signedIn("Somebody Else")
	c.clients[owner].post("/c/"+c.channels[public].slug+"/messages", url.Values{"body": {"mine"}}).want(303)
	ruler, slug, id := c.clients[owner], "/c/"+c.channels[public].slug, someone.actor().ID.String()
	for path, form := range map[string]url.Values{
		slug + "/settings":    {"name": {"Zeppelin"}, "topic": {"Quetzal"}, "description": {"Xylophone"}},
		slug + "/members":     {"name": {"Zeppelin"}},
		slug + "/bans":        {"name": {"Zeppelin"}, "reason": {"Quetzal"}, "days": {"17"}},
		"/admin/bans":         {"name": {"Zeppelin"}, "reason": {"Quetzal"}, "days": {"17"}},
		"/admin/reset-access": {"name": {"Zeppelin"}},
		"/admin/settings":     {"workspace": {"Zeppelin"}, "access": {"open"}},
		"/me/blocks":          {"name": {"Zeppelin"}},
		"/me/profile":         {"handle": {"zeppelin"}, "title": {"Quetzal"}},
		"/me/status":          {"emoji": {"🎈"}, "status": {"Zeppelin"}, "until": {""}},
		"/c":                  {"name": {"Zeppelin"}},
		"/d":                  {"with": {id}},
		"/me":                 {"name": {"Zeppelin"}},
		"/sections":           {"name": {"Zeppelin"}},
		slug + "/2/edit":      {"body": {"Zeppelin"}},
		slug + "/messages":    {"body": {"Zeppelin"}},
		slug + "/draft":       {"body": {"Zeppelin"}},
		slug + "/1/report":    {"reason": {"Zeppelin"}},
		slug + "/1/forward":   {"to": {"general-talk"}, "body": {"Zeppelin"}},
		"/admin/emoji":        {"name": {"zeppelin"}},
		"/admin/invitations":  {"days": {"17"}, "uses": {"23"}},
	} {
		t.Run(path, func(t *testing.T) {
			p := ruler.in(t)
			c.limitTo(1)
			// Used up, whichever of them applies.
			key, from := p.actor().ID.String(), "127.0.0.1"
			for _, d := range []userAndIPLimiter{c.posts, c.newChannels, c.renames, c.reports, c.changes, c.invites,
				c.drafts} {
				minute := limitClock().Unix() / 60
				d.user.minute, d.user.counts = minute, map[uint64]int{maphash.String(limitSeed, key): 1}
				d.ip.minute, d.ip.counts = minute, map[uint64]int{maphash.String(limitSeed, from): 1}
			}
			a := p.post(path, form).want(429, "too often")
			if a.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			for field, typed := range form {
				if field != "access" && !strings.Contains(a.body, typed[0]) {
					t.Errorf("what was typed as %s is lost", field)
				}
			}
		})
	}
}
