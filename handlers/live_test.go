package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
)

// page is the client's end of a socket.
type page struct {
	t    testing.TB
	conn *websocket.Conn
	seen strings.Builder
}

func (p *person) connect(headers ...string) (*websocket.Conn, *http.Response, error) {
	h := http.Header{"Origin": {p.url}}
	if c := cookies(p); c != "" {
		h.Set("Cookie", c)
	}
	for i := 0; i < len(headers); i += 2 {
		if h.Del(headers[i]); headers[i+1] != "" {
			h.Set(headers[i], headers[i+1])
		}
	}
	return websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.url, "http")+"/live", h)
}

// open connects without saying hello.
func (p *person) open() *page {
	p.t.Helper()
	conn, _, err := p.connect()
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	return &page{t: p.t, conn: conn}
}

func (p *person) dial(h hello) *page {
	p.t.Helper()
	k := p.open()
	k.send(h)
	return k
}

func (k *page) send(v any) {
	k.t.Helper()
	if err := k.conn.WriteJSON(v); err != nil {
		k.t.Fatal(err)
	}
}

// until reads frames until all of the texts have come, and returns everything that came so far.
func (k *page) until(texts ...string) string {
	k.t.Helper()
	_ = k.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		missing := ""
		for _, text := range texts {
			if !strings.Contains(k.seen.String(), text) {
				missing = text
			}
		}
		if missing == "" {
			return k.seen.String()
		}
		kind, frame, err := k.conn.ReadMessage()
		if err != nil || kind != websocket.TextMessage {
			k.t.Fatalf("waiting for %q: %v, after\n%s", missing, err, k.seen.String())
		}
		k.seen.Write(frame)
	}
}

// closed reads until the server closes, and returns its code.
func (k *page) closed(within time.Duration) int {
	k.t.Helper()
	_ = k.conn.SetReadDeadline(time.Now().Add(within))
	for {
		_, frame, err := k.conn.ReadMessage()
		if e, ok := errors.AsType[*websocket.CloseError](err); ok {
			return e.Code
		}
		if err != nil {
			k.t.Fatal("no close frame:", err)
		}
		k.seen.Write(frame)
	}
}

func (s *site) at() hello { return hello{Channel: "general-talk", Epoch: s.Chat.Epoch()} }

func TestLive(t *testing.T) {
	s := openSite(t)
	p, q := s.person("Ann"), s.person("Bob")
	k := q.dial(s.at())
	p.say("first words")
	k.until("first words", `hx-target="#messages"`, `hx-swap="place"`)
	p.post(general+"/1/edit", url.Values{"body": {"other words"}}).want(303)
	k.until("other words")
	p.post(general+"/1/delete", nil).want(303)
	k.until("was deleted")
	p.post("/me", url.Values{"name": {"Anna"}}).want(303)
	k.until("data-name", ">Anna<")
	p.post("/c", url.Values{"name": {"New place"}}).want(303)
	k.until("New place")
	p.post("/c/new-place/messages", url.Values{"body": {"elsewhere"}}).want(303)
	if seen := k.until(`hx-target="#unread-`); strings.Contains(seen, "elsewhere") {
		t.Error("a page got another channel's message")
	}

	t.Run("catches up from where the page stands", func(t *testing.T) {
		at := s.at()
		at.Since = 2
		if seen := q.dial(at).until("was deleted"); strings.Contains(seen, "renew") {
			t.Error("renewed what could be caught up")
		}
		at.Epoch = "from a database before"
		q.dial(at).until(`hx-swap="renew"`, "was deleted")
	})
	t.Run("counts people and not sockets", func(t *testing.T) {
		p := p.in(t)
		s.person("Carol").dial(s.at()).until("online")
		one, two := p.dial(s.at()), p.dial(s.at())
		one.until(`>3</`)
		two.until(`>3</`)
	})
	t.Run("answers a page that asks whether it is heard", func(t *testing.T) {
		k := p.dial(s.at())
		k.until("#channels")
		k.send(map[string]int64{})
		_ = k.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		for {
			kind, frame, err := k.conn.ReadMessage()
			if err != nil || kind != websocket.TextMessage {
				t.Fatal("no answer:", err)
			}
			if len(frame) == 0 {
				return
			}
		}
	})
	t.Run("takes what the page has read", func(t *testing.T) {
		r := s.person("Reader")
		p.say("unread")
		other := r.dial(hello{Channel: "new-place", Epoch: s.Chat.Epoch()})
		other.until("#channels")
		here := r.dial(s.at())
		here.until("unread</")
		here.send(map[string]int64{"read": 2})
		deadline := time.Now().Add(5 * time.Second)
		for strings.Contains(r.get("/c").body, `>1</`) {
			if time.Now().After(deadline) {
				t.Fatal("still unread")
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
}

func TestLiveRefusals(t *testing.T) {
	s := openSite(t)
	p := s.person("Ann")
	raw := func(kind int, frame []byte) func(*page) {
		return func(k *page) {
			if err := k.conn.WriteMessage(kind, frame); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		send func(*page)
		code int
	}{
		"an unknown channel":    {func(k *page) { k.send(hello{Channel: "none"}) }, closeNotFound},
		"garbage for hello":     {raw(websocket.TextMessage, []byte("hello?")), 1008},
		"bytes for hello":       {raw(websocket.BinaryMessage, []byte("{}")), 1003},
		"invalid UTF-8":         {raw(websocket.TextMessage, []byte("{\"channel\":\"\xff\"}")), 1007},
		"a frame too large":     {raw(websocket.TextMessage, []byte(`{"channel":"`+strings.Repeat("x", socketLimits.MaxMessage)+`"}`)), 1009},
		"garbage after hello":   {func(k *page) { k.send(s.at()); raw(websocket.TextMessage, []byte("}{"))(k) }, 1008},
		"a wrong type":          {func(k *page) { k.send(s.at()); k.send(map[string]string{"read": "all"}) }, 1008},
		"bytes after hello":     {func(k *page) { k.send(s.at()); raw(websocket.BinaryMessage, []byte{1})(k) }, 1003},
		"a close frame":         {func(k *page) { k.send(s.at()); raw(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))(k) }, 1000},
		"more than a page says": {flood, 1008},
	} {
		t.Run(name, func(t *testing.T) {
			k := p.open()
			c.send(k)
			if code := k.closed(5 * time.Second); code != c.code {
				t.Errorf("closed with %d, want %d", code, c.code)
			}
		})
	}
	t.Run("a session that has ended", func(t *testing.T) {
		k := s.stranger().open()
		k.send(s.at())
		if code := k.closed(5 * time.Second); code != closeSignedOut {
			t.Errorf("closed with %d", code)
		}
	})
	t.Run("a page, not a socket", func(t *testing.T) { p.in(t).get("/live").want(426) })
	t.Run("a foreign origin", func(t *testing.T) {
		for _, headers := range [][]string{
			{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", "http://127.0.0.1:1"}, {"Origin", s.url + ".evil.example"},
			{"Origin", "", "Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
			{"Origin", "https://evil.example", "Sec-Fetch-Site", "same-origin"},
		} {
			conn, res, err := p.connect(headers...)
			if err == nil {
				_ = conn.Close()
				t.Fatal(headers, "was let in")
			}
			if res == nil || res.StatusCode != 403 {
				t.Errorf("%v: %v, %v", headers, res, err)
			}
		}
	})
}

func flood(k *page) {
	k.send(hello{})
	for range 10 * socketLimits.Burst {
		if err := k.conn.WriteMessage(websocket.TextMessage, []byte(`{"read":1}`)); err != nil {
			return // cut off already
		}
	}
}

func TestSignOutCutsSockets(t *testing.T) {
	s := openSite(t)
	p, q := s.person("Ann"), s.person("Bob")
	one, two := p.dial(s.at()), p.dial(hello{})
	other := q.dial(s.at())
	one.until("online")
	two.until("online")
	start := time.Now()
	p.post("/signout", nil).want(303)
	q.say("not for Ann")
	for _, k := range []*page{one, two} {
		if code := k.closed(time.Second); code != closeSignedOut {
			t.Errorf("closed with %d", code)
		}
		if strings.Contains(k.seen.String(), "not for Ann") {
			t.Error("heard after signing out")
		}
	}
	if d := time.Since(start); d > time.Second {
		t.Error("took", d)
	}
	other.until("not for Ann")
}

func TestSilentAndSlowSockets(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a time limit")
	}
	s := openSite(t)
	p, q := s.person("Ann"), s.person("Bob")
	t.Run("one that never says hello", func(t *testing.T) {
		t.Parallel()
		k, start := p.open(), time.Now()
		_ = k.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, _, err := k.conn.ReadMessage()
		if d := time.Since(start); err == nil || d < socketLimits.Opening-time.Second || d > socketLimits.Opening+5*time.Second {
			t.Errorf("ended after %v with %v", d, err)
		}
	})
	t.Run("one that never reads holds nobody up", func(t *testing.T) {
		t.Parallel()
		p.dial(s.at()) // and that is all it does
		other := q.dial(s.at())
		body := strings.Repeat("very long ", 780)
		start := time.Now()
		for i := range 600 { // more than the line and the outbox hold
			p.post(general+"/messages", url.Values{"body": {fmt.Sprintf("%s%d.", body, i)}}).want(303)
		}
		t.Logf("600 posts in %v", time.Since(start))
		other.until("599.")
	})
}

func TestShutdownTellsSockets(t *testing.T) {
	s := openSite(t)
	k := s.person("Ann").dial(s.at())
	k.until("online")
	s.Chat.Disconnect()
	if code := k.closed(2 * time.Second); code != 1012 {
		t.Errorf("closed with %d", code)
	}
}

func TestShutdownWithSilentSockets(t *testing.T) {
	s := openSite(t)
	p := s.person("Ann")
	answering, mute := p.open(), p.open()
	talking := p.dial(s.at())
	talking.until("online")
	for deadline := time.Now().Add(5 * time.Second); s.sockets.Len() != 3; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("sockets:", s.sockets.Len())
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	down := make(chan error, 1)
	start := time.Now()
	go func() { down <- s.Shutdown(ctx) }()
	for _, k := range []*page{answering, talking} {
		if code := k.closed(2 * time.Second); code != 1012 {
			t.Errorf("closed with %d", code)
		}
	}
	if err := <-down; err != nil || time.Since(start) > 3*time.Second {
		t.Errorf("down after %v: %v", time.Since(start), err)
	}
	if code := mute.closed(time.Second); code != 1012 { // it was sent, before anybody read it
		t.Errorf("closed with %d", code)
	}
}

func TestSocketsOfOneSession(t *testing.T) {
	s := openSite(t)
	p, q := s.person("Ann"), s.person("Bob")
	first := p.dial(s.at())
	first.until("online")
	for range maxSockets - 1 {
		p.open()
	}
	holds := func(n int) { // of one session: a socket is counted a little after its handshake, and after its end
		t.Helper()
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			s.admissions.mu.Lock()
			most := slices.Max(slices.Collect(maps.Values(s.admissions.sessions)))
			s.admissions.mu.Unlock()
			if most == n {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("a session has %d sockets, want %d", most, n)
			}
		}
	}
	holds(maxSockets)
	if code := p.open().closed(2 * time.Second); code != closeTooMany {
		t.Errorf("closed with %d", code)
	}
	q.dial(s.at()).until("online") // other sessions are not held up
	_ = first.conn.Close()
	holds(maxSockets - 1)
	p.dial(s.at()).until("online")
}

func TestHelloReadsWhatPagesSend(t *testing.T) {
	var h hello
	if err := json.Unmarshal([]byte(`{"channel":"general-talk","since":12,"epoch":"E","names":3,"more":{}}`), &h); err != nil || h != (hello{"general-talk", 12, "E", 3}) {
		t.Errorf("%+v, %v", h, err)
	}
}
