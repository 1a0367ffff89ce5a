package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

var (
	keyPattern  = regexp.MustCompile(`<p class="secret">([A-Z2-7]+)</p>`)
	codePattern = regexp.MustCompile(`<code>([a-z2-7-]+)</code>`)
)

// secondStep turns two-factor authentication on, and returns the app's secret and the recovery codes.
func (p *testClient) secondStep() (secret string, codes []string) {
	p.t.Helper()
	p.post("/me/second/start", url.Values{"current": {goodPassword}}).to("/me/second")
	m := keyPattern.FindStringSubmatch(p.get("/me/second").
		want(200, `class="qr"`, `autocomplete="one-time-code" inputmode="numeric"`).body)
	if m == nil {
		p.t.Fatal("no key")
	}
	code, err := totp.GenerateCode(m[1], time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	page := p.post("/me/second/confirm", url.Values{"code": {code}}).want(200, "recovery codes")
	for _, found := range codePattern.FindAllStringSubmatch(page.body, -1) {
		codes = append(codes, found[1])
	}
	return m[1], codes
}

func TestSecondStep(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.get("/me/second").want(200, "/me/password").wantNot("/me/second/start")
	ada.post("/me/second/start", nil).want(422)
	ada.post("/me/second/confirm", url.Values{"code": {"123456"}}).want(404)
	ada.protectName(goodPassword)
	ada.post("/me/second/start", url.Values{"current": {"wrong"}}).want(422, "not your password")
	secret, codes := ada.secondStep()
	if len(codes) != 8 {
		t.Fatal(codes)
	}
	ada.get("/me/second").want(200, "8 recovery codes").wantNot(codes[0], secret)

	p := s.newClient()
	p.get("/signin/second?next=%2Fme").to("/signin?next=%2Fme")
	p.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}, "next": {"/me"}}).
		to("/signin/second?next=%2Fme")
	p.get("/me").to("/signin?next=%2Fme") // not signed in yet
	p.get("/signin/second?next=%2Fme").want(200, "Ada", `value="/me"`)
	p.post("/signin/second", url.Values{"code": {"1"}, "next": {"/me"}}).want(422, "not right", `value="/me"`)
	next, err := totp.GenerateCode(secret, time.Now().Add(30*time.Second)) // the current one was used to turn it on
	if err != nil {
		t.Fatal(err)
	}
	p.post("/signin/second", url.Values{"code": {next}, "next": {"https://evil.example"}}).to(general)
	p.get("/me").want(200, `value="Ada"`)

	q := s.newClient()
	q.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to("/signin/second")
	for range 5 {
		q.post("/signin/second", url.Values{"code": {next}}).want(422)
	}
	q.post("/signin/second", url.Values{"code": {codes[0]}}).want(422, "Begin with your name")
	q.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to("/signin/second")
	q.post("/signin/second", url.Values{"code": {codes[0]}}).to(general)
	q.get("/me/second").want(200, "7 recovery codes")
	q.post("/me/second/off", url.Values{"current": {"wrong"}}).want(422, "not your password")
	q.post("/me/second/codes", url.Values{"current": {goodPassword}}).want(200, "<code>").wantNot(codes[1])
	q.post("/me/second/off", url.Values{"current": {goodPassword}}).to("/me/second?off=1")
	s.newClient().post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to(general)
	if log := s.log.String(); strings.Contains(log, secret) || strings.Contains(log, codes[0]) {
		t.Error("a secret is in the log")
	}
}

func TestTwoFactorLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Passwords = 4 })
	ada := s.signedIn("Ada")
	ada.protectName(goodPassword)
	ada.secondStep()
	p := s.newClient()
	p.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to("/signin/second")
	for range 4 {
		p.post("/signin/second", url.Values{"code": {"1"}}).want(422)
	}
	if a := p.post("/signin/second", url.Values{"code": {"1"}, "next": {"/me"}}).
		want(429, "Ada", `value="/me"`); a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
