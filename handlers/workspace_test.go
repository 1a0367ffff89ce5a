package handlers

import (
	"context"
	"net/url"
	"strings"
	"testing"
)

func ownership(changes ...string) url.Values {
	f := url.Values{"workspace": {"The Works"}, "name": {"Ada"}, "password": {goodPassword}, "access": {"open"}}
	for i := 0; i < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
	}
	return f
}

// setupLink returns the path that the program prints.
func (s *testServer) setupLink() string {
	s.t.Helper()
	secret, err := s.Chat.Accounts.CreateSetupLink(context.Background())
	if err != nil || secret == "" {
		s.t.Fatal(secret, err)
	}
	return "/owner/" + secret
}

// own makes a user the owner of the workspace, open or by invitation.
func (s *testServer) own(name, access string) *testClient {
	s.t.Helper()
	p := s.newClient()
	p.post(s.setupLink(), ownership("name", name, "access", access)).to(general)
	return p
}

func TestOwner(t *testing.T) {
	s := newTestServer(t)
	link := s.setupLink()
	p := s.newClient()
	for _, wrong := range []string{"/owner/", "/owner/x", "/owner/" + strings.Repeat("A", 26), link + "A"} {
		p.get(wrong).want(404)
		p.post(wrong, ownership()).want(404)
	}
	p.get(link).want(200, `name="workspace"`, `name="password"`, `value="open" checked`)
	p.post(link, ownership("password", "short")).want(422, "too short", `value="The Works"`, `value="Ada"`).
		wantNot("short\"")
	p.post(link, ownership("workspace", "")).want(422, "give the workspace a name", `value="Ada"`)
	p.post(link, ownership("access", "all", "workspace", "A\x00")).want(422)
	p.post(link, ownership("name", "<b>")).want(422, `value="&lt;b&gt;"`)
	p.post(link, ownership(), "Sec-Fetch-Site", "cross-site").want(403)
	p.post(link, ownership("access", "invite")).to(general)
	p.get(general).want(200, "The Works")
	p.get(link).want(404, "does not work any more")
	s.newClient().post(link, ownership("name", "Eve")).want(404)
	if log := s.log.String(); strings.Contains(log, strings.TrimPrefix(link, "/owner/")) ||
		strings.Contains(log, "otters") {
		t.Error("the link or the password is in the log")
	}

	t.Run("by invitation, the form asks for both", func(t *testing.T) {
		q := s.newClient().in(t)
		q.get("/signin").want(200, "The Works", `type="password"`, "Sign in").wantNot("<details")
		known := q.post("/signin", url.Values{"name": {"Ada"}}).want(422)
		unknown := q.post("/signin", url.Values{"name": {"Eva"}}).want(422)
		if strings.ReplaceAll(withoutNonce(unknown.body), "Eva", "Ada") != withoutNonce(known.body) {
			t.Error("a known and an unknown name look different")
		}
		q.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to(general)
	})
}
