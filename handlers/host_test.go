package handlers

import (
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"chitchat/chat"
	"chitchat/handlers/config"
)

// Links use the configured address. The request's host, or an untrusted proxy's header, never appears in them: a link
// passed on would lead to an attacker's site.
func TestHostIsNotBelieved(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.PublicURL = "http://chat.example.com" })
	owner := s.own("Owner", "open")
	s.signedIn("Ada").protectName(goodPassword)
	forged := []string{"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "evil", "X-Host", "evil.example",
		"Forwarded", "host=evil.example", "X-Original-Host", "evil.example",
		"X-Original-URL", "//evil.example", "X-Rewrite-URL", "//evil.example"}
	// cookies of the real host
	as := func(p *testClient) []string { return append(slices.Clone(forged), "Cookie", cookies(p)) }
	clean := func(a response) {
		t.Helper()
		said := a.body
		for name, values := range a.Header {
			said += name + ": " + strings.Join(values, " ") + "\n"
		}
		if strings.Contains(said, "evil") {
			t.Errorf("%s %s believes the host", a.Request.Method, a.Request.URL.Path)
		}
	}
	for name, p := range map[string]*testClient{"nobody": s.newClient(), "owner": owner} {
		seen := make(map[string]bool)
		todo := []string{"/", "/signin", "/nowhere", "/test/error", general, "/c", "/d", "/me", "/admin/invitations",
			"/admin/people", "/admin/settings", "/favicon.ico"}
		for len(todo) > 0 && len(seen) < 100 {
			path := todo[0]
			if todo = todo[1:]; seen[path] || strings.HasPrefix(path, "/assets/") {
				continue
			}
			seen[path] = true
			a := p.get(path, as(p)...)
			clean(a)
			todo = append(todo, linked(a.body)...)
		}
		if name == "owner" && !seen["/me/profile"] {
			t.Error("the pages did not lead on")
		}
	}
	for path, form := range map[string]url.Values{
		"/me/link":            nil,
		"/admin/invitations":  {"role": {"member"}, "days": {"1"}, "uses": {"1"}},
		"/admin/reset-access": {"name": {"Ada"}},
	} {
		a := owner.post(path, form, as(owner)...).want(200, "http://chat.example.com/")
		clean(a)
	}
	clean(s.newClient().post("/signin", url.Values{"name": {"Bob"}}, forged...).want(303))
}

// TestOtherHosts: a page under an attacker's name that resolves to this address would share our origin.
func TestOtherHosts(t *testing.T) {
	machine, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		publicURL       string
		ours, elsewhere []string
	}{
		"with an address": {"https://chat.example.com",
			[]string{"chat.example.com", "chat.example.com:443", "CHAT.example.com.", "more.example:81"},
			[]string{"evil.example", "127.0.0.1", "localhost", "x.chat.example.com", "chat.example.com.evil.example",
				"evil.example:443"}},
		"without": {"", []string{"127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "[::1]", "192.0.2.7:80", "localhost:8080",
			"a.localhost", machine, "more.example"},
			[]string{"evil.example", "localhost.evil.example", "evil.example:8080", "127.0.0.1.evil.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t, func(o *Options) { o.PublicURL, o.Hosts = c.publicURL, []string{"More.example"} })
			p := s.newClient()
			for _, host := range c.ours {
				p.get("/signin", "Host", host).want(200)
			}
			for _, host := range c.elsewhere {
				origin := "http://" + host
				p.get("/signin", "Host", host).want(421, "Another address")
				p.get(general, "Host", host).want(421)
				p.post("/signin", url.Values{"name": {"Rebound"}}, "Host", host, "Origin", origin, "Sec-Fetch-Site", "same-origin").
					want(421)
				p.get("/live", "Host", host, "Origin", origin, "Connection", "Upgrade", "Upgrade", "websocket",
					"Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==").want(421)
				p.get("/healthz", "Host", host).want(200)
				p.get("/readyz", "Host", host).want(200)
			}
			var people int
			if err := s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM users`).Scan(&people); err != nil || people != 0 {
				t.Errorf("%d people came in: %v", people, err)
			}
		})
	}
}

// Links to other servers that have no name are fetched, also when the server does not know its own.
func TestNumbersOfOthers(t *testing.T) {
	for publicURL, own := range map[string]string{"": "localhost:80", "http://192.0.2.7": "192.0.2.7"} {
		h := newHosts(publicURL, nil)
		if h.named("8.8.8.8") || h.named("[2606:4700:4700::1111]:443") || !h.named(own) {
			t.Errorf("%q takes others for itself", publicURL)
		}
	}
}

// TestHostOfAnotherAlphabet: browsers send a name like münchen.example in ASCII, in Host and in Origin.
func TestHostOfAnotherAlphabet(t *testing.T) {
	cfg, _, err := config.Parse([]string{"--url", "https://münchen.example", "--hosts", "zürich.example"})
	if err != nil {
		t.Fatal(err)
	}
	s := newTestServer(t, func(o *Options) { o.PublicURL, o.Hosts = cfg.URL, cfg.Hosts })
	const name = "xn--mnchen-3ya.example"
	for i, host := range []string{name, name + ":443", "xn--zrich-kva.example"} {
		s.newClient().get("/signin", "Host", host).want(200)
		s.newClient().post("/signin", url.Values{"name": {"Ada " + strconv.Itoa(i)}}, "Host", host,
			"Origin", "https://"+name).
			want(303)
	}
	s.newClient().post("/signin", url.Values{"name": {"Eve"}}, "Host", name, "Origin", "https://evil.example").want(403)
	s.newClient().get("/signin", "Host", "mnchen.example").want(421, "https://"+name)
	c := s.app.AcquireCtx(&fasthttp.RequestCtx{})
	defer s.app.ReleaseCtx(c)
	party, ok := s.relyingParty(c)
	if want := (chat.RelyingParty{Host: name, Origin: "https://" + name}); !ok || party != want {
		t.Errorf("passkeys are bound to %+v, %v", party, ok)
	}
}

// TestForwardedHost: nginx, configured as in the README, passes on the client's own header.
func TestForwardedHost(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	s.newClient().post("/signin", url.Values{"name": {"Eve"}}, "Origin", "http://evil.example", "X-Forwarded-Host",
		"evil.example").want(403)
	s.newClient().get("/signin", "X-Forwarded-Host", "evil.example").want(200)
}

// TestCookiesOfAPort: two servers on one host do not overwrite each other's cookies, and sessions from before ports
// were in the names stay valid.
func TestCookiesOfAPort(t *testing.T) {
	dir := t.TempDir()
	var old string
	t.Run("before", func(t *testing.T) {
		ada := newTestServerIn(t, dir).signedIn("Ada")
		ada.get("/me").want(200)
		old = cookies(ada)
	})
	s := newTestServerIn(t, dir, func(o *Options) { o.Port = 8081 })
	sessionCookie(t, s, "chitchat-8081")
	s.newClient().get("/me", "Cookie", old).want(200, `value="Ada"`)
	other := newTestServer(t, func(o *Options) { o.PublicURL = "https://chat.example.com:8443" })
	sessionCookie(t, other, "__Host-chitchat-8443")
	other.newClient().get("/me", "Cookie", old).to("/signin?next=%2Fme")
}

func TestHostName(t *testing.T) {
	for host, want := range map[string]string{
		"Chat.Example.org": "chat.example.org", "chat.example.org.": "chat.example.org",
		"chat.example.org.:80": "chat.example.org",
		"[::1]:80":             "::1", "[::1]": "::1", "::1": "::1", "[::1].evil.example": "",
		"[::1": "", "": "", "x:1:2": "x:1:2",
	} {
		if got := hostName(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

// TestRefusalsSayWhy: a proxy that drops the port from Host makes every page cross-origin; the log explains it.
func TestRefusalsSayWhy(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	socket := []string{"Host", "chat.localhost", "Connection", "Upgrade", "Upgrade", "h2c, WebSocket",
		"Sec-WebSocket-Version", "13",
		"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Origin"}
	ada.get("/live", append(socket, "http://evil.example")...).want(403)
	if log := s.log.String(); !strings.Contains(log, "is of another host") || strings.Contains(log, "evil") {
		t.Error(log)
	}
	ada.get("/live", append(socket, "http://chat.localhost:8443")...).want(403)
	ada.post("/c", url.Values{"name": {"x"}}, "Host", "chat.localhost", "Origin", "http://chat.localhost:8443").want(403)
	if log := s.log.String(); strings.Count(log, "Does the proxy pass on Host with its port?") != 2 {
		t.Error(log)
	}
	conn, _, err := ada.connect("Host", "chat.localhost", "Origin", "http://chat.localhost:8443", "Sec-Fetch-Site",
		"same-origin")
	if err != nil {
		t.Fatal("what the browser says is of the same origin is refused:", err)
	}
	_ = conn.Close()
}
