package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var inviteLink = regexp.MustCompile(`/i/[A-Z2-7]{26}`)

// invite creates an invitation, and returns the path of its link.
func (p *testClient) invite(role string, channels ...string) string {
	p.t.Helper()
	f := url.Values{"role": {role}, "days": {"7"}, "uses": {"1"}, "channel": channels}
	link := inviteLink.FindString(p.post("/admin/invitations", f).want(200, "It is shown only now").body)
	if link == "" {
		p.t.Fatal("no link")
	}
	return link
}

func TestInvitation(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "invite")
	link := ada.invite("member", "general-talk")

	t.Run("lets in someone new", func(t *testing.T) {
		p := s.newClient().in(t)
		p.get(link).want(200, "The Works", "<b>Ada</b> invites you", "# General Talk", `name="password"`, "required")
		p.post(link, url.Values{"name": {"Bob"}}).want(422, `value="Bob"`, "password")
		p.post(link, url.Values{"name": {"Ada"}, "password": {goodPassword}}).want(422, "taken")
		p.post(link, url.Values{"name": {"Bob"}, "password": {goodPassword}}, "Sec-Fetch-Site", "cross-site").want(403)
		p.post(link, url.Values{"name": {"Bob"}, "password": {goodPassword}}).to("/c/general-talk")
		p.get(general).want(200)
		p.get(link).want(404, "does not work any more")
		for _, path := range []string{"/admin/invitations", "/admin/settings"} {
			p.get(path).want(404)
			p.post(path, url.Values{"role": {"guest"}, "days": {"7"}, "uses": {"1"}, "channel": {"general-talk"},
				"workspace": {"X"},
				"access":    {"open"}}).want(404)
		}
		p.get("/me").wantNot("/admin/invitations")
	})
	t.Run("wrong links look like none", func(t *testing.T) {
		p := s.newClient().in(t)
		for _, wrong := range []string{"/i/", "/i/x", "/i/" + strings.Repeat("A", 26), link + "A"} {
			p.get(wrong).want(404)
			p.post(wrong, url.Values{"name": {"Eve"}, "password": {goodPassword}}).want(404)
		}
	})
	t.Run("lets in who is signed in, under a new cookie", func(t *testing.T) {
		guest := s.newClient().in(t)
		guest.post(ada.invite("guest", "general-talk"), url.Values{"name": {"Gus"}, "password": {goodPassword}}).
			to("/c/general-talk")
		more := ada.invite("member")
		guest.get(more).want(200, "signed in as <b>Gus</b>", "Accept").wantNot(`name="name"`)
		before := cookies(guest)
		guest.post(more, nil).to("/")
		if cookies(guest) == before {
			t.Error("the cookie is the same")
		}
	})
	t.Run("is refused for what is wrong with the form", func(t *testing.T) {
		form := func(key, value string) url.Values {
			f := url.Values{"role": {"guest"}, "days": {"7"}, "uses": {"1"}, "channel": {"general-talk"}}
			f.Set(key, value)
			return f
		}
		q := ada.in(t)
		for key, values := range map[string][]string{"role": {"owner", "<b>"},
			"days": {"0", "-1", "x", "99999999999999999999"}, "uses": {"-1", "x", ""}} {
			for _, v := range values {
				q.post("/admin/invitations", form(key, v)).want(422, "checked", `role="alert"`)
			}
		}
		q.post("/admin/invitations", form("channel", "no-such")).want(404)
		f := form("days", "7")
		delete(f, "channel")
		q.post("/admin/invitations", f).want(422, "at least one")
	})
	t.Run("is taken back", func(t *testing.T) {
		q := ada.in(t)
		open := q.invite("member")
		revoke := regexp.MustCompile(`/admin/invitations/[0-9a-z]+/revoke`).
			FindString(q.get("/admin/invitations").want(200, "Used up").body)
		s.newClient().in(t).post(revoke, nil).want(401)
		q.post(revoke, nil).to("/admin/invitations")
		s.newClient().in(t).get(open).want(404)
		q.get("/admin/invitations?q=ada&page=1").want(200, "Taken back", "Page 1 of 1")
		q.get("/admin/invitations?q=%25&page=x").want(200, "Nothing was found")
		q.post("/admin/invitations/x/revoke", nil).want(404)
	})
	if strings.Contains(s.log.String(), strings.TrimPrefix(link, "/i/")) {
		t.Error("the link is in the log")
	}
}

func TestWorkspaceSettings(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	ada.get("/me").want(200, "/admin/settings")
	ada.get("/admin/settings").want(200, `value="The Works"`, `value="open" checked`)
	ada.post("/admin/settings", url.Values{"workspace": {""}, "access": {"invite"}}).
		want(422, `value="invite" checked`, "give the workspace a name")
	ada.post("/admin/settings", url.Values{"workspace": {"Club"}, "access": {"invite"}}).to("/admin/settings?saved=1")
	ada.get("/admin/settings?saved=1").want(200, "Saved.", `value="Club"`)
	s.newClient().post("/signin", url.Values{"name": {"Eve"}}).want(422)
}
