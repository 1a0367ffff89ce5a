package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

const goodPassword = "seven green otters"

// protectName gives a user a password.
func (p *testClient) protectName(password string) {
	p.t.Helper()
	p.post("/me/password", url.Values{"password": {password}}).to("/me/password?saved=1")
}

func TestPassword(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.say("I was here")
	ada.get("/me/password").want(200, "Protect your name").wantNot(`name="current"`)
	ada.post("/me/password", url.Values{"password": {"short"}}).want(422, "too short").wantNot(`value="short"`)
	ada.post("/me/password", url.Values{"password": {"password1"}}).want(422, "guess")
	before := cookies(ada)
	ada.protectName(goodPassword)
	ada.get("/me/password").want(200, "Change your password", `name="current"`)
	ada.get("/signout").want(200, "your password")

	t.Run("changes the cookie", func(t *testing.T) {
		if cookies(ada) == before {
			t.Error("the cookie is the same")
		}
		s.newClient().in(t).get("/me", "Cookie", before).to("/signin?next=%2Fme")
	})
	t.Run("signs in from elsewhere", func(t *testing.T) {
		p := s.newClient().in(t)
		p.post("/signin", url.Values{"name": {"Ada"}, "next": {"/me"}}).want(422, "taken", `type="password"`, `value="/me"`)
		wrong := p.post("/signin", url.Values{"name": {"Ada"}, "password": {"wrong one"}, "next": {"/me"}}).
			want(422, `value="Ada"`, `value="/me"`, "do not belong together").wantNot("wrong one")
		nobody := p.post("/signin", url.Values{"name": {"Eva"}, "password": {"wrong one"}, "next": {"/me"}}).want(422)
		if strings.ReplaceAll(withoutNonce(nobody.body), "Eva", "Ada") != withoutNonce(wrong.body) {
			t.Error("a wrong name and a wrong password look different")
		}
		p.post("/signin", url.Values{"name": {"ada"}, "password": {goodPassword}, "next": {"/me"}}).to("/me")
		p.get("/me").want(200, `value="Ada"`)
	})
	t.Run("changes with the old one alone, and signs the others out", func(t *testing.T) {
		other := s.newClient().in(t)
		other.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to(general)
		ada.post("/me/password", url.Values{"current": {"wrong"}, "password": {"another good one"}}).
			want(422, "not your password")
		ada.post("/me/password", url.Values{"password": {"another good one"}}).want(422)
		other.get("/me").want(200)
		ada.post("/me/password", url.Values{"current": {goodPassword}, "password": {"another good one"}}).
			to("/me/password?saved=1")
		other.get("/me").to("/signin?next=%2Fme")
		ada.get("/me").want(200)
	})
	if log := s.log.String(); strings.Contains(log, "otters") || strings.Contains(log, "another good") {
		t.Error("a password is in the log")
	}
}

func TestPasswordLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Passwords = 3 })
	s.signedIn("Ada").protectName(goodPassword)
	p := s.newClient()
	form := url.Values{"name": {"ADA"}, "password": {"wrong"}, "next": {"/c"}}
	codes := map[int]int{}
	for range 8 { // a minute may end meanwhile
		a := p.post("/signin", form)
		codes[a.StatusCode]++
		if a.StatusCode == http.StatusTooManyRequests && (a.Header.Get("Retry-After") == "" ||
			!strings.Contains(a.body, `value="ADA"`) || !strings.Contains(a.body, `value="/c"`)) {
			t.Error("no Retry-After, or the form was emptied")
		}
	}
	if codes[429] < 1 || codes[422] > 6 {
		t.Error(codes)
	}
	s.newClient().post("/signin", url.Values{"name": {"Someone"}, "password": {"else"}}).want(422)
}

var endPattern = regexp.MustCompile(`/me/sessions/[0-9a-z]+/end`)

func TestSessions(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.protectName(goodPassword)
	ada.get("/me/sessions").want(200, "This device", "127.0.0.1").wantNot("all other devices")
	signIn := func() *testClient {
		p := s.newClient()
		p.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}},
			"User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 "+
				"Mobile Safari/604.1").to(general)
		return p
	}
	first, second, third := signIn(), signIn(), signIn()
	page := ada.get("/me/sessions").want(200, "Safari on iPhone", "all other devices")
	ends := endPattern.FindAllString(page.body, -1)
	if len(ends) != 3 {
		t.Fatal(ends)
	}
	s.signedIn("Eve").post(ends[0], nil).want(404)
	ada.get(ends[0]).want(405)
	ada.post(ends[2], nil).to("/me/sessions?ended=1") // the list has the latest first
	first.get("/me").to("/signin?next=%2Fme")
	second.get("/me").want(200)
	ada.post(ends[2], nil).want(404)
	ada.post("/me/sessions/nonsense/end", nil).want(404)
	ada.post("/me/sessions/end", nil).to("/me/sessions?ended=1")
	second.get("/me").to("/signin?next=%2Fme")
	third.get("/me").to("/signin?next=%2Fme")
	ada.get("/me/sessions?ended=1").want(200, "Done").wantNot("all other devices")
}
