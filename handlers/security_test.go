package handlers

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"chitchat/assets"
)

func TestForeignOriginsAreRefusedEverywhere(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	p.say("a message to change")
	walked := 0
	for _, route := range s.app.GetRoutes(true) {
		if route.Method == fiber.MethodGet || route.Method == fiber.MethodHead {
			continue
		}
		walked++
		path := strings.NewReplacer(":slug", "general-talk", ":seq", "1", ":id", "1", ":name", "x").Replace(route.Path)
		for _, headers := range [][]string{
			{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", "http://127.0.0.1"},
			{"Origin", s.url + ".evil.example"},
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "cross-site", "Origin", s.url},
		} {
			headers = append(headers, "Content-Type", "application/x-www-form-urlencoded")
			p.send(route.Method, path, strings.NewReader("name=Evil&body=evil"), headers...).want(403, "Another site")
		}
	}
	if walked < 7 {
		t.Error("only walked", walked, "routes")
	}
	p.get(general).want(200, "a message to change").wantNot("evil")
	p.post("/c", url.Values{"name": {"Own"}}, "Origin", s.url).want(303)
	p.post("/c", url.Values{"name": {"Own too"}}, "Sec-Fetch-Site", "same-origin", "Origin", s.url).want(303)
	p.post("/c", url.Values{"name": {"From a script"}}).want(303)
}

func TestPublicURLIsAnOriginOfOurs(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.PublicURL = "https://chat.example.com" })
	p := s.newClient()
	p.post("/signin", url.Values{"name": {"Ann"}}, "Origin", "https://chat.example.com").want(303)
	p.post("/signin", url.Values{"name": {"Bob"}}, "Origin", "https://chat.example.com.evil.example").want(403)
}

func TestHeaders(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	for _, path := range []string{"/signin", "/", general, "/c", "/me", "/nothing", "/healthz", "/live", "/signout",
		"/f/1/x"} {
		h := p.get(path).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control": "no-store",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s: %q, want %q", path, name, got, want)
			}
		}
		if h.Get("Server") != "" || h.Get("Strict-Transport-Security") != "" {
			t.Error(path, h)
		}
	}
	if got := p.get(assets.URL("app.js")).want(200).Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Error("an asset is not immutable:", got)
	}
	body := p.get(general).body
	_, own, _ := strings.Cut(body, `href="/me/`)
	own, _, _ = strings.Cut(own, `"`)
	a := p.get("/me/"+own).want(200, "data-author=")
	if got := a.Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Error("own style sheet:", got)
	}
	if again := p.get("/me/"+own, "If-None-Match", a.Header.Get("ETag")).want(304); again.body != "" {
		t.Error("an unchanged style sheet came again")
	}
	s.signedIn("Bob").get("/me/" + own).want(404)
}

func TestCompression(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	p.get(general) // the greeting
	plain := p.get(general).want(200)
	if plain.Header.Get("Content-Encoding") != "" {
		t.Error("compressed unasked")
	}
	br := p.get(general, "Accept-Encoding", "gzip, deflate, br")
	gz := p.get(general, "Accept-Encoding", "gzip")
	zr, err := gzip.NewReader(strings.NewReader(gz.body))
	if err != nil {
		t.Fatal(err)
	}
	for encoding, r := range map[string]io.Reader{"br": brotli.NewReader(strings.NewReader(br.body)), "gzip": zr} {
		got, err := io.ReadAll(r)
		if err != nil || len(got) != len(plain.body) { // the composers' ids differ
			t.Errorf("%s: %d bytes, want %d, %v", encoding, len(got), len(plain.body), err)
		}
	}
	if br.Header.Get("Content-Encoding") != "br" || !strings.Contains(br.Header.Get("Vary"), "Accept-Encoding") ||
		len(br.body) > len(plain.body)/2 {
		t.Error(br.Header, len(br.body), len(plain.body))
	}
	text := strings.Repeat("compressible ", 1000)
	row := p.upload(general+"/messages", asHTMX, part{"file", "t.txt", text}).body
	if a := p.get(filePattern.FindString(row), "Accept-Encoding", "br, gzip").
		want(200, text); a.Header.Get("Content-Encoding") != "" {
		t.Error("a file was compressed")
	}
	if a := p.get(assets.URL("app.css"), "Accept-Encoding", "gzip").want(200); a.Header.Get("Content-Encoding") != "gzip" {
		t.Error(a.Header)
	}
}

func TestSignInLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) {
		o.SignIns = 3
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	try := func(forwarded string) int {
		limited := 0
		for i := range 8 {
			a := s.newClient().post("/signin", url.Values{"name": {fmt.Sprintf("N%d", i)}, "next": {"/c"}}, "X-Forwarded-For",
				forwarded)
			if a.StatusCode == 429 {
				limited++
				a.want(429, `name="name"`, fmt.Sprintf(`value="N%d"`, i), `value="/c"`)
				if a.Header.Get("Retry-After") == "" {
					t.Error("no Retry-After")
				}
			}
		}
		return limited
	}
	if n := try("1.2.3.4, 203.0.113.7, 10.1.1.1"); n != 5 {
		t.Errorf("%d of 8 were refused", n)
	}
	if n := try("6.6.6.6, 203.0.113.8"); n != 5 {
		t.Error("another address is held up:", n)
	}
	if n := try("9.9.9.9, 203.0.113.7"); n != 8 {
		t.Error("the client's own claim of an address was believed")
	}
}

func TestAddress(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	for header, want := range map[string]string{
		"":                     "127.0.0.1",
		"1.2.3.4":              "1.2.3.4",
		"9.9.9.9, 1.2.3.4":     "1.2.3.4",
		"1.2.3.4, 127.0.0.1":   "1.2.3.4",
		"1.2.3.4, garbage":     "127.0.0.1",
		"garbage, 1.2.3.4":     "1.2.3.4",
		"2001:db8::1":          "2001:db8::1",
		"::ffff:1.2.3.4":       "1.2.3.4",
		" 1.2.3.4 ,127.0.0.1 ": "1.2.3.4",
		"203.0.113.7:50123":    "203.0.113.7",
		"[2001:db8::1]:443":    "2001:db8::1",
		`"2001:db8::1"`:        "2001:db8::1",
		`"[2001:db8::1]:443"`:  "2001:db8::1",
		"[2001:db8::1]":        "2001:db8::1",
		"[1.2.3.4]":            "127.0.0.1",
		"203.0.113.7,":         "203.0.113.7",
		"203.0.113.7, ,":       "203.0.113.7",
		"203.0.113.7:":         "203.0.113.7",
		"[2001:db8::1":         "127.0.0.1",
		"fe80::1%eth0":         "fe80::1",
	} {
		got := make(chan string, 1)
		app := fiber.New(fiber.Config{DisableStartupMessage: true})
		app.Get("/", func(c *fiber.Ctx) error {
			got <- s.address(c).String()
			return nil
		})
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = app.Listener(ln) }()
		r, _ := http.NewRequest(http.MethodGet, "http://"+ln.Addr().String(), nil)
		r.Header.Set("X-Forwarded-For", header)
		r.Close = true
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if g := <-got; g != want {
			t.Errorf("%q: %s, want %s", header, g, want)
		}
		_ = app.Shutdown()
	}
	if network(netip.MustParseAddr("2001:db8::1")) != network(netip.MustParseAddr("2001:db8::2")) {
		t.Error("one subscriber has two keys")
	}
}

func TestBrokenRequests(t *testing.T) {
	s := newTestServer(t)
	for name, c := range map[string]struct {
		request string
		status  int
	}{
		"headers too large": {"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 10_000) + "\r\n\r\n", 431},
		"no request":        {"garbage\r\n\r\n", 400},
		"unknown method":    {"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		"two lengths": {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nname=x",
			400},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(patience))
		_, _ = io.WriteString(conn, c.request)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if res.Body.Close(); res.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", name, res.StatusCode, c.status)
		}
		_ = conn.Close()
	}
}

func TestTwoLengthsAreRefused(t *testing.T) {
	s := newTestServer(t)
	const body = "9\r\nname=Both&\r\n0\r\n\r\n"
	kind := "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	inner := "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, headers := range map[string]string{
		"length first":   fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n", len(body)),
		"encoding first": fmt.Sprintf("Transfer-Encoding: chunked\r\nContent-Length: %d\r\n", len(body)),
		"other case":     fmt.Sprintf("transfer-ENCODING: Chunked\r\ncontent-length:%d\r\n", len(body)),
		"identity":       fmt.Sprintf("Transfer-Encoding: identity\r\nContent-Length: %d\r\n", len(body)),
		"kept alive":     "Connection: keep-alive\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_ = conn.SetDeadline(time.Now().Add(patience))
			_, _ = io.WriteString(conn, kind+headers+"\r\n"+body+inner)
			got, err := io.ReadAll(conn) // until it is closed
			if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
				t.Error("the connection stays open")
			}
			if !strings.HasPrefix(string(got), "HTTP/1.1 400") || strings.Count(string(got), "HTTP/1.1 ") != 1 ||
				!strings.Contains(string(got), "Connection: close") {
				t.Errorf("%.600s", got)
			}
		})
	}
	s.newClient().post("/signin", url.Values{"name": {"Both"}}).want(303)
}

func TestLogHoldsNoSecrets(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Quentin")
	p.post(general+"/messages", url.Values{"body": {"deepsecret words"}, "client_id": {"clientsecret"}}).want(303)
	p.upload(general+"/messages", nil, part{"body", "", "deepsecret file"},
		part{"file", "filesecret.txt", "contentsecret"}).want(303)
	p.get(general + "?before=2&token=querysecret").want(200)
	p.get("/pathsecret").want(404)
	p.post("/c", url.Values{"name": {"channelsecret"}}, "Origin", "https://originsecret.example").want(403)
	p.dial(s.at()).until("deepsecret")
	p.send("POST", general+"/messages", bytes.NewReader([]byte("--x\r\nheadersecret")), "Content-Type",
		"multipart/form-data; boundary=x").want(400)
	log := s.log.String()
	for _, secret := range append(strings.FieldsFunc(cookies(p),
		func(r rune) bool { return strings.ContainsRune("=; ", r) }),
		"secret", "Quentin", "127.0.0.1") {
		if secret != "chitchat" && secret != "1" && secret != "chitchat-arrived" && strings.Contains(log, secret) {
			t.Errorf("%q is in the log:\n%s", secret, log)
		}
	}
	for _, line := range []string{
		"method=POST route=/c/:slug/messages status=303", "method=GET route=none status=404",
		"method=GET route=/c/:slug status=200", "route=/live status=101", "user=", "request=", "duration=",
	} {
		if !strings.Contains(log, line) {
			t.Errorf("no %q in\n%s", line, log)
		}
	}
}

func TestInternalErrorsShowAnIDThatTheLogHas(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	for _, path := range []string{"/test/panic", "/test/error"} {
		for _, headers := range [][]string{nil, asHTMX} {
			a := p.get(path, headers...).want(500).wantNot("internals", "goroutine")
			id := a.Header.Get("X-Request-Id")
			a.want(500, id)
			if !strings.Contains(s.log.String(), "level=ERROR msg=\"request failed\" request="+id) {
				t.Error(id, "is not in the log")
			}
		}
	}
	p.get(general).want(200)
}

func TestHealth(t *testing.T) {
	s := newTestServer(t)
	p := s.newClient()
	p.get("/healthz").want(200)
	p.get("/readyz").want(200)
	if err := s.Chat.Close(); err != nil {
		t.Fatal(err)
	}
	p.get("/healthz").want(200)
	asked := func(at time.Time) {
		s.ready.mu.Lock()
		defer s.ready.mu.Unlock()
		s.ready.asked = at
	}
	asked(time.Now().Add(time.Hour)) // so that the second for which the answer is remembered does not end here
	p.get("/readyz").want(200)
	asked(time.Now().Add(-time.Second - 1))
	p.get("/readyz").want(503)
}
