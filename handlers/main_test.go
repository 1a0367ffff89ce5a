package handlers

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/handlers/leaktest"
	"chitchat/uploads"
	"chitchat/uploads/filetext"
)

// patience is how long anything may take that only a fault prevents.
const patience = time.Minute

// eventually waits for a condition without an event.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never:", what)
		}
	}
}

func TestMain(m *testing.M) {
	filetext.Main()
	noon := time.Date(2026, 1, 2, 12, 0, 20, 0, time.UTC)
	limitClock = func() time.Time { return noon }
	leaktest.Main(m, leaktest.Serving...)
}

// testServer is a whole Chit-Chat except main: a real database, real files, a real listener.
type testServer struct {
	*Server
	t   testing.TB
	url string
	dir string
	log *lines
	db  *sql.DB // for what no verb reports or does

	queries queryLog
}

func (s *testServer) exec(query string, args ...any) {
	s.t.Helper()
	if _, err := s.db.ExecContext(s.t.Context(), query, args...); err != nil {
		s.t.Fatal(err)
	}
	// the change by a verb drops cached state
	if _, err := s.Chat.Accounts.CreateSetupLink(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// lines is a log that a test can read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// largePageOfTests is more bytes than any system buffers for a client that does not read.
var largePageOfTests = strings.Repeat("a large page ", 600_000)

// newTestServer starts a server, and stops it with the test.
func newTestServer(t testing.TB, options ...func(*Options)) *testServer {
	t.Helper()
	return newTestServerIn(t, t.TempDir(), options...)
}

// newTestServerIn starts a server on the data in a folder.
func newTestServerIn(t testing.TB, dir string, options ...func(*Options)) *testServer {
	t.Helper()
	s := &testServer{t: t, dir: dir, log: &lines{}}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o := Options{Log: log, MaxUpload: 25 << 20, Hosts: []string{"x"}}
	for _, set := range options {
		set(&o)
	}
	var err error
	if o.Files, err = uploads.Open(filepath.Join(s.dir, "uploads"),
		uploads.Options{MaxSize: o.MaxUpload, Log: log}); err != nil {
		t.Fatal(err)
	}
	o.Chat, err = chat.Open(context.Background(),
		chat.Options{Path: filepath.Join(s.dir, "chat.db"), RenderRow: RenderRow, Frame: Frame, Log: log,
			Shortcode: Shortcode, Trace: s.queries.add})
	if err != nil {
		t.Fatal(err)
	}
	if s.Server, err = New(o); err != nil {
		t.Fatal(err)
	}
	s.app.Server().MaxIdleWorkerDuration = 100 * time.Millisecond // instead of ten seconds
	s.app.Get("/test/panic", func(*fiber.Ctx) error { panic("internals") })
	s.app.Get("/test/large", s.withUser(func(c *fiber.Ctx, _ chat.Actor) error { return c.SendString(largePageOfTests) }))
	s.app.Get("/test/error", func(*fiber.Ctx) error { return errors.New("internals") })
	if s.db, err = sql.Open("sqlite", filepath.Join(s.dir, "chat.db")+"?_pragma=busy_timeout(10000)"); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + ln.Addr().String()
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		for range 100 { // fasthttp checks only every 100 ms whether clients have closed their connections
			if s.app.Server().GetOpenConnectionsCount() == 0 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if err := s.Shutdown(ctx); err != nil {
			t.Error("shutdown:", err)
		}
		_ = ln.Close() // Shutdown misses it if Serve has not used it yet
		if err := <-served; err != nil {
			t.Error("serve:", err)
		}
		if err := s.db.Close(); err != nil {
			t.Error("close:", err)
		}
		if err := s.Chat.Close(); err != nil {
			t.Error("close:", err)
		}
		if err := s.Files.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return s
}

// testClient is a user with a browser: a cookie jar, without following redirects.
type testClient struct {
	*testServer
	t      testing.TB
	client *http.Client
	jar    http.CookieJar
}

func (s *testServer) newClient() *testClient {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &testClient{testServer: s, t: s.t, jar: jar, client: &http.Client{
		Jar: jar, Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// in returns the same user in a subtest.
func (p *testClient) in(t testing.TB) *testClient {
	q := *p
	q.t = t
	return &q
}

func (s *testServer) signedIn(name string) *testClient {
	s.t.Helper()
	p := s.newClient()
	p.post("/signin", url.Values{"name": {name}}).want(http.StatusSeeOther)
	return p
}

// response is an answer, read to its end.
type response struct {
	*http.Response
	t    testing.TB
	body string
}

// want checks the status, and that the body contains the texts.
func (a response) want(status int, texts ...string) response {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Errorf("%s %.100s: status %d, want %d\n%s", a.Request.Method, a.Request.URL, a.StatusCode, status, a.excerpt())
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.t.Errorf("%s %.100s: no %.100q in\n%s", a.Request.Method, a.Request.URL, text, a.excerpt())
		}
	}
	return a
}

// excerpt returns enough of the body to see what went wrong.
func (a response) excerpt() string {
	if _, main, ok := strings.Cut(a.body, "<main"); ok {
		return fmt.Sprintf("…<main%.3000s", main)
	}
	return fmt.Sprintf("%.3000s", a.body)
}

// wantNot checks that the body does not contain the texts.
func (a response) wantNot(texts ...string) response {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			a.t.Errorf("%s %.100s: %q in\n%s", a.Request.Method, a.Request.URL, text, a.excerpt())
		}
	}
	return a
}

// to checks where a redirect leads.
func (a response) to(location string) response {
	a.t.Helper()
	a.want(http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != location {
		a.t.Errorf("%s %s leads to %q, want %q", a.Request.Method, a.Request.URL, got, location)
	}
	return a
}

var asHTMX = []string{"HX-Request", "true"}

// send makes a request; headers are names and values in turn.
func (p *testClient) send(method, path string, body io.Reader, headers ...string) response {
	p.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, p.url+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if u, err := url.Parse(p.PublicURL); err == nil && p.PublicURL != "" {
		r.Host = u.Host
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	res, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response{res, p.t, string(got)}
}

func (p *testClient) get(path string, headers ...string) response {
	p.t.Helper()
	return p.send(http.MethodGet, path, nil, headers...)
}

func (p *testClient) post(path string, form url.Values, headers ...string) response {
	p.t.Helper()
	return p.send(http.MethodPost, path, strings.NewReader(form.Encode()),
		append(headers, "Content-Type", "application/x-www-form-urlencoded")...)
}

// part is a field of a multipart form; with a file name it is a file.
type part struct{ name, file, content string }

func multipartForm(t testing.TB, parts ...part) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var field io.Writer
		var err error
		if p.file != "" {
			field, err = w.CreateFormFile(p.name, p.file)
		} else {
			field, err = w.CreateFormField(p.name)
		}
		if err == nil {
			_, err = io.WriteString(field, p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func (p *testClient) upload(path string, headers []string, parts ...part) response {
	p.t.Helper()
	body, kind := multipartForm(p.t, parts...)
	return p.send(http.MethodPost, path, bytes.NewReader(body), append([]string{"Content-Type", kind}, headers...)...)
}

const general = "/c/general-talk"

// say posts a message as htmx does, and returns its row.
func (p *testClient) say(body string) string {
	p.t.Helper()
	return p.post(general+"/messages", url.Values{"body": {body}}, asHTMX...).want(http.StatusOK).body
}

var (
	rowPattern  = regexp.MustCompile(`(?s)<article id="m-.*?</article>`)
	filePattern = regexp.MustCompile(`/f/[0-9a-z]+/[^"]+`)
	keptPattern = regexp.MustCompile(`name="kept" value="([0-9a-z]+)"`)
)

func rows(html string) []string { return rowPattern.FindAllString(html, -1) }
