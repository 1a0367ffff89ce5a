package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tricks are addresses that some browser reads as another site's, or as something other than a page of ours.
var tricks = []string{
	"//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "\t//evil.example",
	"/\n/evil.example",
	" //evil.example", "/%2F/evil.example", "/%5Cevil.example", "https://evil.example", "https:evil.example",
	"https:/evil.example",
	"javascript:alert(1)", "data:text/html,x", "/.//evil.example", "/c/../..//evil.example", "//evil.example@127.0.0.1",
	"/@evil.example",
	"http://127.0.0.1@evil.example", "/c/x\r\nLocation: https://evil.example", "?//evil.example", "#//evil.example",
	"/\x00/evil.example",
}

var nextPattern = regexp.MustCompile(`name="next" value="([^"]*)"`)

// here tests that a redirect stays on this site, as every URL parser reads it.
func (a response) here(trick string) {
	a.t.Helper()
	location := a.Header.Get("Location")
	to, err := a.Request.URL.Parse(location)
	if a.StatusCode != 303 || err != nil || to.Host != a.Request.URL.Host || to.Scheme != a.Request.URL.Scheme ||
		to.User != nil ||
		strings.HasPrefix(location, "//") || strings.ContainsAny(location, "\\\t\r\n") ||
		len(a.Header.Values("Location")) != 1 {
		a.t.Errorf("%s %s: %q leads to %q (%d)", a.Request.Method, a.Request.URL.Path, trick, location, a.StatusCode)
	}
}

// Whatever next a link has, and whatever page it requests, every way of signing in leads to a page of ours.
func TestNextStaysHere(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	in, ada := s.signedIn("In"), s.signedIn("Ada")
	ada.protectName(goodPassword)
	ada.enableTwoFactor()
	for _, trick := range tricks {
		next := url.QueryEscape(trick)
		s.newClient().post("/signin",
			url.Values{"name": {"New " + strings.Repeat("n", 1+len(trick)%20)}, "next": {trick}, "password": {""}}).stays(trick)
		in.get("/signin?next=" + next).here(trick)
		s.newClient().get("/signin/two-factor?next=" + next).here(trick)
		shown := s.newClient().get("/signin?next=" + next).want(200)
		for _, m := range nextPattern.FindAllStringSubmatch(shown.body, -1) {
			if again := localPath(strings.ReplaceAll(m[1], "&amp;", "&")); again != m[1] && again != "/" ||
				strings.HasPrefix(m[1], "//") {
				t.Errorf("%q is kept as %q", trick, m[1])
			}
		}
		half := s.newClient()
		half.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}, "next": {trick}}).here(trick)
		half.post("/signin/passkey/finish", url.Values{"state": {token}, "response": {"{}"}, "next": {trick}}).stays(trick)
	}
	for _, path := range []string{"//evil.example", "//evil.example/%2e%2e", "/c/%2F%2Fevil.example",
		"/c//evil.example/1"} {
		for name, p := range map[string]*testClient{"nobody": s.newClient(), "a person": in} {
			if a := p.get(path); a.StatusCode < 400 {
				a.here(name + " asks for " + path)
			}
		}
	}
}

// stays is here for answers that may also show the form again.
func (a response) stays(trick string) {
	a.t.Helper()
	if a.StatusCode < 400 {
		a.here(trick)
	} else if to := a.Header.Get("Location"); to != "" {
		a.t.Errorf("%q: %d with a location, %q", trick, a.StatusCode, to)
	}
}

// Signing in leads to no page that is for users who are signed out, nor to one that signs out or serves no page: such
// routes are named a second time in localPath.
func TestNextIsAPageOfUsers(t *testing.T) {
	allowed := []string{"GET /", "GET /healthz", "GET /readyz", "GET /favicon.ico", "GET /manifest.json", "GET /assets/*",
		"GET /i/:token"} // which users accept too
	for route, e := range matrix {
		path, get := strings.CutPrefix(route, "GET ")
		if !get || slices.Contains(allowed, route) || e.row == "" || e.row[0] == 'i' && !strings.HasPrefix(path, "/sign") {
			continue
		}
		if e.row == redirected && !strings.Contains(path, ":token") && !strings.HasPrefix(path, "/sign") {
			continue // leads to a page of users
		}
		if to := localPath(path); to != "/" {
			t.Errorf("next may be %s", to)
		}
	}
}
