package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var linkPattern = regexp.MustCompile(`href="(http://[^"]+)(/(?:link|reset)/[A-Z2-7]{26})"`)

// link returns the path of the link on a page.
func link(t *testing.T, a response) string {
	t.Helper()
	m := linkPattern.FindStringSubmatch(a.want(200, `class="qr"`).body)
	if m == nil {
		t.Fatal(a.excerpt())
	}
	return m[2]
}

func TestDeviceLink(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.get("/me/link").want(200, "Make a link").wantNot("class=\"qr\"")
	path := link(t, ada.post("/me/link", nil))
	phone := s.signedIn("Visitor")
	phone.get(path).want(200, "<b>Ada</b>")
	phone.get(path).want(200) // opening it does not use it up
	phone.post(path, nil, "Sec-Fetch-Site", "cross-site").want(403)
	before := cookies(phone)
	phone.get(path).want(200, "You are signed in as <b>Visitor</b>", "nobody can sign in with it again", `name="lose"`)
	phone.post(path, nil).want(422, "Tick the box first") // one click on another user's link must not lose a name
	phone.get("/me").want(200, `value="Visitor"`)
	phone.post(path, url.Values{"lose": {"1"}}).to(general)
	phone.get("/me").want(200, `value="Ada"`)
	s.newClient().get("/me", "Cookie", before).to("/signin?next=%2Fme")
	ada.get("/me").want(200)
	for _, wrong := range []string{path, "/link/x", "/link/" + strings.Repeat("A", 26)} {
		s.newClient().get(wrong).want(404)
		s.newClient().post(wrong, nil).want(404)
	}
	if strings.Contains(s.log.String(), path[len("/link/"):]) {
		t.Error("the link is in the log")
	}
}

// TestForeignLink: a user with a password loses only their session by it, and is told so.
func TestForeignLink(t *testing.T) {
	s := newTestServer(t)
	mallory, victim := s.signedIn("Mallory"), s.signedIn("Victim")
	victim.protectName(goodPassword)
	path := link(t, mallory.post("/me/link", nil))
	victim.get(path).want(200, "Sign Victim out here?", "<b>Mallory</b>", "Stay Victim").wantNot(`name="lose"`)
	victim.post(path, nil).to(general)
	victim.get("/me").want(200, `value="Mallory"`)

	path = link(t, mallory.post("/me/link", nil))
	mallory.get(path).want(200, "Sign in here?").wantNot("Stay Mallory")
	mallory.post("/signout", nil).to("/signin")
	s.newClient().get(path).want(404) // it ended with the session that made it
}

func TestLinksUseThePublicURL(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.PublicURL = "http://chat.example.com" })
	ada := s.signedIn("Ada")
	ada.post("/me/link", nil, "X-Forwarded-Host", "evil.example", "Cookie", cookies(ada)).
		want(200, "http://chat.example.com/link/").wantNot("evil.example")
}

func TestPasswordReset(t *testing.T) {
	s := newTestServer(t)
	owner := s.own("Owner", "open")
	ada := s.signedIn("Ada")
	ada.protectName(goodPassword)
	ada.get("/admin/reset-access").want(404)
	ada.post("/admin/reset-access", url.Values{"name": {"Owner"}}).want(404)
	ada.get("/me").want(200).wantNot("/admin/reset-access")
	owner.get("/me").want(200, "/admin/reset-access")
	owner.get("/admin/reset-access").want(200)
	owner.post("/admin/reset-access", url.Values{"name": {"Nobody"}}).want(422, `value="Nobody"`)
	path := link(t, owner.post("/admin/reset-access", url.Values{"name": {"ada"}}))
	p := s.newClient()
	p.get(path).want(200, "<b>Ada</b>", `type="password"`)
	p.post(path, url.Values{"password": {"short"}}).want(422, "too short")
	p.post(path, url.Values{"password": {"another good one"}}).to(general)
	p.get("/me").want(200, `value="Ada"`)
	ada.get("/me").to("/signin?next=%2Fme")
	s.newClient().post(path, url.Values{"password": {"another good one"}}).want(404)
	s.newClient().post("/signin", url.Values{"name": {"Ada"}, "password": {"another good one"}}).to(general)

	fay := s.signedIn("Fay") // in whose browser such a link is opened hears whose name it is that would be lost
	path = link(t, owner.post("/admin/reset-access", url.Values{"name": {"ada"}}))
	fay.get(path).want(200, "You are signed in here as <b>Fay</b>", `name="lose"`)
	fay.post(path, url.Values{"password": {goodPassword}}).want(422, "Tick the box first")
	fay.get("/me").want(200, `value="Fay"`)
	fay.post(path, url.Values{"password": {goodPassword}, "lose": {"1"}}).to(general)
	fay.get("/me").want(200, `value="Ada"`)
}

// A tab may not know who has signed in in another: no name without a password is lost by that.
func TestSignInInTwoTabs(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.PublicURL = "http://localhost" }) // where browsers have passkeys
	p := s.signedIn("Hal")
	p.post("/signin", url.Values{"name": {"Hal Two"}}).
		want(422, "You are signed in here as <b>Hal</b>", `name="lose"`, `value="Hal Two"`)
	p.get("/me").want(200, `value="Hal"`)
	p.post("/signin/passkey", nil).want(422, "You are signed in here as <b>Hal</b>", `name="lose"`)
	p.post("/signin/passkey", url.Values{"lose": {"1"}}).want(200, "passkey")
	p.post("/signin", url.Values{"name": {"Hal Two"}, "lose": {"1"}}).to(general)
	p.get("/me").want(200, `value="Hal Two"`)
	p.protectName(goodPassword)
	p.post("/signin", url.Values{"name": {"Hal Three"}}).to(general) // a user who can sign in again is not asked
}
