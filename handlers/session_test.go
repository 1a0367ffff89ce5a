package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSignIn(t *testing.T) {
	s := newTestServer(t)

	t.Run("leads who is signed out to the form and back", func(t *testing.T) {
		p := s.newClient().in(t)
		p.get("/").to("/signin")
		p.get("/c/general-talk?before=7").to("/signin?next=%2Fc%2Fgeneral-talk%3Fbefore%3D7")
		p.get("/signin?next=%2Fc%2Fgeneral-talk").want(200, `name="name"`, `value="/c/general-talk"`)
		p.post("/signin", url.Values{"name": {"Back"}, "next": {"/c/general-talk"}}).to("/c/general-talk")
		p.get("/").to("/c/general-talk")
		p.get("/signin").to(general)
	})
	t.Run("tells whoever keeps passwords what the fields are", func(t *testing.T) {
		s.newClient().in(t).get("/signin").want(200, `autocomplete="username"`, `autocomplete="current-password"`)
		s.signedIn("Kept").in(t).get("/me").want(200, `name="name"`).wantNot(`autocomplete="username"`)
	})
	t.Run("refuses a taken name with the form still filled in", func(t *testing.T) {
		s.signedIn("Ann")
		s.newClient().in(t).post("/signin", url.Values{"name": {"aNN"}, "next": {"/c"}}).
			want(422, `value="aNN"`, `value="/c"`, "taken")
	})
	t.Run("refuses bad names", func(t *testing.T) {
		for _, name := range []string{"", "  ", strings.Repeat("x", 33), "a\x00b", "a\u202eb", "a\u200bb", "\xff", "<b>",
			"a/b"} {
			s.newClient().in(t).post("/signin", url.Values{"name": {name}}).want(422, `name="name"`).
				wantNot("<b>\"", "\x00", "\xff")
		}
	})
	t.Run("ends the session before when another name is taken", func(t *testing.T) {
		p := s.signedIn("First").in(t)
		old := cookies(p)
		p.post("/signin", url.Values{"name": {"Second"}, "lose": {"1"}}).to(general)
		p.get("/me").want(200, "Second")
		s.newClient().get("/me", "Cookie", old).to("/signin?next=%2Fme")
	})
	t.Run("tells once who is here", func(t *testing.T) {
		p := s.signedIn("Newcomer")
		first, second := p.get(general).want(200).body, p.get(general).want(200).body
		if first == second || !strings.Contains(first, "Welcome") && !strings.Contains(first, "here") {
			t.Error("the first page does not greet")
		}
	})
	t.Run("takes no cookie that was planted", func(t *testing.T) {
		p := s.newClient()
		p.post("/signin", url.Values{"name": {"Victim"}}, "Cookie", "chitchat=PLANTED").to(general)
		if c := cookies(p); strings.Contains(c, "PLANTED") {
			t.Error("the session has the planted key:", c)
		}
		s.newClient().get("/me", "Cookie", "chitchat=PLANTED").to("/signin?next=%2Fme")
	})
}

var noncePattern = regexp.MustCompile(`name="form" value="([^"]+)"`)

// nonce opens the sign-in form, and returns its nonce.
func (p *testClient) nonce() string {
	p.t.Helper()
	m := noncePattern.FindStringSubmatch(p.get("/signin").want(200).body)
	if m == nil {
		p.t.Fatal("the form has no nonce")
	}
	return m[1]
}

// again posts a sign-in form as a browser does that has received no answer yet: with the form's cookie only.
func (p *testClient) again(name, nonce, cookie string) response {
	p.t.Helper()
	q := p.newClient()
	return q.post("/signin", url.Values{"name": {name}, "form": {nonce}}, "Cookie", "chitchat-form="+cookie)
}

func TestSignInFormSentTwice(t *testing.T) {
	s := newTestServer(t)
	p := s.newClient()
	nonce := p.nonce()
	if len(nonce) < 26 || nonce == s.newClient().nonce() {
		t.Fatal("no secret of its own:", nonce)
	}

	t.Run("twenty times at once makes one user", func(t *testing.T) {
		var mu sync.Mutex
		users := make(map[string]bool)
		var all sync.WaitGroup
		for range 20 {
			q := s.newClient().in(t)
			all.Go(func() {
				a := q.post("/signin", url.Values{"name": {"Double"}, "form": {nonce}}, "Cookie", "chitchat-form="+nonce)
				a.to(general)
				mu.Lock() // also while it asks: a session may not ask for so much at once
				defer mu.Unlock()
				users[userPattern.FindString(q.get("/me").want(200, "Double").body)] = true
			})
		}
		all.Wait()
		if len(users) != 1 || users[""] {
			t.Error("users:", users)
		}
	})
	t.Run("knows the name in another spelling", func(t *testing.T) { p.in(t).again(" dOUBLE", nonce, nonce).to(general) })
	t.Run("is refused with any other secret", func(t *testing.T) {
		p := p.in(t)
		other := s.newClient().nonce()
		p.again("Double", other, other).want(422, "taken", `name="form" value="`+other+`"`)
		p.again("Double", nonce, other).want(422, "taken")
		p.again("Double", other, nonce).want(422, "taken")
		p.again("Double", nonce, "").want(422, "Nothing was done").wantNot(nonce) // see TestNothingIsMadeForWhoKeepsNoCookie
		p.again("Double", "", "").want(422, "taken")
		s.newClient().in(t).post("/signin", url.Values{"name": {"Double"}}).want(422, "taken")
	})
	t.Run("makes another user for another name", func(t *testing.T) { p.in(t).again("Another", nonce, nonce).to(general) })
	t.Run("leads on who goes back to it", func(t *testing.T) {
		p := s.newClient().in(t)
		form := url.Values{"name": {"Returner"}, "form": {p.nonce()}}
		p.post("/signin", form).to(general)
		p.post("/signin", form).to(general)
		p.get("/me").want(200, "Returner")
	})
	t.Run("does not bring back a session that was ended", func(t *testing.T) {
		p := s.newClient().in(t)
		nonce := p.nonce()
		form := url.Values{"name": {"Leaver"}, "form": {nonce}}
		p.post("/signin", form).to(general)
		first := userPattern.FindString(p.get("/me").body)
		p.say("said before leaving")
		p.post("/signout", nil).to("/signin")
		p.post("/signin", form).want(422, "taken")
		if first == "" {
			t.Error("no user on the page")
		}
	})
}

func TestIdempotencyCache(t *testing.T) {
	r := newIdempotencyCache[int](time.Minute)
	form, _, ok := r.enter("a")
	if ok {
		t.Error("knows what was never made")
	}
	r.leave(form)
	if len(r.forms) != 0 {
		t.Error("keeps a form that made nothing")
	}
	for i := range maxRecent + 10 {
		form, _, _ := r.enter(strconv.Itoa(i))
		r.remember(form, i)
		r.leave(form)
	}
	if form, v, ok := r.enter("10009"); !ok || v != 10009 {
		t.Error("forgot the newest:", v, ok)
	} else {
		r.leave(form)
	}
	if len(r.forms) > maxRecent+1 || len(r.order) > maxRecent+1 {
		t.Error("keeps", len(r.forms), len(r.order))
	}
	r.forget(time.Now().Add(2 * time.Minute))
	if len(r.forms) != 0 || len(r.order) != 0 {
		t.Error("keeps for ever:", len(r.forms), len(r.order))
	}
}

func cookies(p *testClient) string {
	u, _ := url.Parse(p.url)
	var list []string
	for _, c := range p.jar.Cookies(u) {
		list = append(list, c.String())
	}
	return strings.Join(list, "; ")
}

func TestSignOut(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	before := cookies(p)
	s.own("Ada", "open")
	p.get("/signout").want(200, `action="/signout"`, "Sign out of The Works?")
	if clear := p.post("/signout", nil).to("/signin").Header.Get("Clear-Site-Data"); clear != `"cache"` {
		t.Errorf("the browser keeps files in its cache: %q", clear)
	}
	if c := cookies(p); strings.Contains(c, "chitchat=") {
		t.Error("the cookie stays:", c)
	}
	s.newClient().get(general, "Cookie", before).to("/signin?next=%2Fc%2Fgeneral-talk")
	p.post("/signout", nil).to("/signin") // again

	t.Run("htmx is led to the form", func(t *testing.T) {
		a := p.get(general+"?before=5", "HX-Request", "true", "HX-Current-URL", s.url+"/c/general-talk").want(401)
		if to := a.Header.Get("HX-Redirect"); to != "/signin?next=%2Fc%2Fgeneral-talk" {
			t.Errorf("HX-Redirect: %q", to)
		}
	})
	t.Run("a plain form learns that nothing was done", func(t *testing.T) {
		p := p.in(t)
		p.post(general+"/messages", url.Values{"body": {"lost?"}}).want(401, "You are signed out")
	})
}

func TestCookie(t *testing.T) {
	t.Run("over HTTP", func(t *testing.T) {
		s := newTestServer(t)
		c := sessionCookie(t, s, "chitchat")
		if c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge < 80*24*3600 || c.Path != "/" {
			t.Errorf("%+v", c)
		}
	})
	t.Run("over HTTPS", func(t *testing.T) {
		s := newTestServer(t, func(o *Options) { o.PublicURL = "https://chat.example.com" })
		c := sessionCookie(t, s, "__Host-chitchat")
		if !c.Secure || !c.HttpOnly || c.Domain != "" || c.Path != "/" {
			t.Errorf("%+v", c)
		}
	})
}

func sessionCookie(t *testing.T, s *testServer, name string) *http.Cookie {
	t.Helper()
	for _, c := range s.newClient().post("/signin", url.Values{"name": {"Ann"}}).want(303).Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatal("no cookie", name)
	return nil
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"":                        "/",
		"/":                       "/",
		"/c/general-talk":         "/c/general-talk",
		"/c/x?before=3#m":         "/c/x?before=3#m",
		"/c/na%C3%AFve":           "/c/na%C3%AFve",
		"/c/naïve":                "/c/na%C3%AFve",
		"c/x":                     "/",
		"//evil.example":          "/",
		"///evil.example":         "/",
		"/\\evil.example":         "/",
		"\\\\evil.example":        "/",
		"/\t/evil.example":        "/",
		"\t//evil.example":        "/",
		"/\n/evil.example":        "/",
		" //evil.example":         "/",
		"/%2F/evil.example":       "/",
		"https://evil.example":    "/",
		"https:/evil.example":     "/",
		"javascript:alert(1)":     "/",
		"data:text/html,x":        "/",
		"/c/x\r\nSet-Cookie: a=b": "/",
		"/%zz":                    "/",
		"/signin?next=/c":         "/",
		"/signout":                "/",
		"/live":                   "/",
		"?next":                   "/",
		"#x":                      "/",
	} {
		if got := localPath(next); got != want {
			t.Errorf("localPath(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestRename(t *testing.T) {
	s := newTestServer(t)
	s.signedIn("Bob")
	p := s.signedIn("Ann")
	p.get("/me").want(200, `value="Ann"`)
	p.post("/me", url.Values{"name": {"bob"}}).want(422, `value="bob"`, "taken")
	p.post("/me", url.Values{"name": {"Anna"}}).to("/me?saved=1")
	p.get("/me?saved=1").want(200, `value="Anna"`)
	p.post("/me", url.Values{"name": {"Annabel"}}, asHTMX...).want(200, `value="Annabel"`).wantNot("<html")
}

// withoutNonce returns a sign-in page without the nonce, which differs on each.
func withoutNonce(page string) string { return noncePattern.ReplaceAllString(page, "") }

// Signing in redirects directly to the user's channel, not by way of home.
func TestSignInLeadsOn(t *testing.T) {
	s := newTestServer(t)
	owner, ada := s.own("Olga", "open"), s.signedIn("Ada")
	ada.protectName(goodPassword)
	ada.post("/c", url.Values{"name": {"Garden"}}).to("/c/garden")
	ada.get("/c/garden").want(200)
	signIn := func(next string) response {
		return s.newClient().post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}, "next": {next}})
	}
	signIn("").to("/c/garden")
	signIn("/").to("/c/garden")
	signIn("/me?x=1").to("/me?x=1")
	signIn("//evil.example").to("/c/garden")
	ada.get("/signin").to("/c/garden")
	ada.get("/signin?next=/me").to("/me")
	ada.post("/signin", url.Values{"name": {"Ada"}}).to("/c/garden")

	back := s.newClient()
	back.get(back.post("/signin", url.Values{"name": {"Ada"}, "password": {goodPassword}}).Header.Get("Location")).
		want(200, `class="welcome"`)
	back.get("/c/garden").want(200).wantNot(`class="welcome"`)

	owner.post("/c/garden/members/"+ada.actor().ID.String()+"/remove", nil)
	owner.post("/admin/people/"+ada.actor().ID.String()+"/role", url.Values{"role": {"guest"}}).to("/admin/people?done=1")
	ada.post("/c/garden/leave", nil)
	signIn("").to("/c") // a guest who is in no channel
	ada.get("/signin").to("/c")
}
