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

// enableTwoFactor turns two-factor authentication on, and returns the app's secret and the recovery codes.
func (p *testClient) enableTwoFactor() (secret string, codes []string) {
	p.t.Helper()
	p.post("/me/two-factor/start", url.Values{"current": {goodPassword}}).to("/me/two-factor")
	m := keyPattern.FindStringSubmatch(p.get("/me/two-factor").
		want(200, `class="qr"`, `autocomplete="one-time-code" inputmode="numeric"`).body)
	if m == nil {
		p.t.Fatal("no key")
	}
	code, err := totp.GenerateCode(m[1], time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	page := p.post("/me/two-factor/confirm", url.Values{"code": {code}}).want(200, "recovery codes")
	for _, found := range codePattern.FindAllStringSubmatch(page.body, -1) {
		codes = append(codes, found[1])
	}
	return m[1], codes
}

func TestTwoFactorSignIn(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.get("/me/two-factor").want(200, "/me/password").wantNot("/me/two-factor/start")
	ada.post("/me/two-factor/start", nil).want(422)
	ada.post("/me/two-factor/confirm", url.Values{"code": {"123456"}}).want(404)
	ada.protectName(goodPassword)
	ada.post("/me/two-factor/start", url.Values{"current": {"wrong"}}).want(422, "not your password")
	secret, codes := ada.enableTwoFactor()
	if len(codes) != 8 {
		t.Fatal(codes)
	}
	ada.get("/me/two-factor").want(200, "8 recovery codes").wantNot(codes[0], secret)

	p := s.newClient()
	p.get("/signin/two-factor?next=%2Fme").to("/signin?next=%2Fme")
	p.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}, "next": {"/me"}}).
		to("/signin/two-factor?next=%2Fme")
	p.get("/me").to("/signin?next=%2Fme") // not in yet
	p.get("/signin/two-factor?next=%2Fme").want(200, "Ada", `value="/me"`)
	p.post("/signin/two-factor", url.Values{"code": {"1"}, "next": {"/me"}}).want(422, "not right", `value="/me"`)
	next, err := totp.GenerateCode(secret, time.Now().Add(30*time.Second)) // the one of now turned it on
	if err != nil {
		t.Fatal(err)
	}
	p.post("/signin/two-factor", url.Values{"code": {next}, "next": {"https://evil.example"}}).to(general)
	p.get("/me").want(200, `value="Ada"`)

	q := s.newClient()
	q.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to("/signin/two-factor")
	for range 5 {
		q.post("/signin/two-factor", url.Values{"code": {next}}).want(422)
	}
	q.post("/signin/two-factor", url.Values{"code": {codes[0]}}).want(422, "Begin with your name")
	q.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to("/signin/two-factor")
	q.post("/signin/two-factor", url.Values{"code": {codes[0]}}).to(general)
	q.get("/me/two-factor").want(200, "7 recovery codes")
	q.post("/me/two-factor/off", url.Values{"current": {"wrong"}}).want(422, "not your password")
	q.post("/me/two-factor/codes", url.Values{"current": {goodPassword}}).want(200, "<code>").wantNot(codes[1])
	q.post("/me/two-factor/off", url.Values{"current": {goodPassword}}).to("/me/two-factor?off=1")
	s.newClient().post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to(general)
	if log := s.log.String(); strings.Contains(log, secret) || strings.Contains(log, codes[0]) {
		t.Error("a secret is in the log")
	}
}

func TestTwoFactorLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Passwords = 4 })
	ada := s.signedIn("Ada")
	ada.protectName(goodPassword)
	ada.enableTwoFactor()
	p := s.newClient()
	p.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).to("/signin/two-factor")
	for range 4 {
		p.post("/signin/two-factor", url.Values{"code": {"1"}}).want(422)
	}
	if a := p.post("/signin/two-factor", url.Values{"code": {"1"}, "next": {"/me"}}).
		want(429, "Ada", `value="/me"`); a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
