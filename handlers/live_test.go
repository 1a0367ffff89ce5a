package handlers

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
)

func TestLive(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	k := q.dial(s.at())
	p.say("first words")
	k.until("first words", `hx-target="#messages"`, `hx-swap="upsert-rows"`)
	p.post(general+"/1/edit", url.Values{"body": {"other words"}}).want(303)
	k.until("other words")
	p.post(general+"/1/delete", nil).want(303)
	k.until("was deleted")
	p.post("/me", url.Values{"name": {"Anna"}}).want(303)
	k.until(`data-kind="name"`, ">Anna<")
	p.post("/c", url.Values{"name": {"New place"}}).want(303)
	k.until("New place")
	p.post("/c/new-place/messages", url.Values{"body": {"elsewhere"}}).want(303)
	if seen := k.until(`hx-swap="count"`); strings.Contains(seen, "elsewhere") {
		t.Error("a page got another channel's message")
	}

	t.Run("catches up from where the page stands", func(t *testing.T) {
		at := s.at()
		at.Since = 2
		if seen := q.dial(at).until("was deleted"); strings.Contains(seen, "replace-all") {
			t.Error("renewed what could be caught up")
		}
		at.Epoch = "from a database before"
		q.dial(at).until(`hx-swap="replace-all"`, "was deleted")
	})
	t.Run("tells counts alone to a page that shows its lists", func(t *testing.T) {
		body := q.in(t).get(general).body
		at := s.at()
		_, rest, _ := strings.Cut(body, `<data id="list" value="`)
		at.List, _, _ = strings.Cut(rest, `"`)
		k := q.in(t).dial(at)
		if seen := k.until(`hx-swap="count"`); at.List == "" || strings.Contains(seen, `hx-target="#channels"`) {
			t.Errorf("a page with the lists %q got %s", at.List, seen)
		}
		p.in(t).post("/c", url.Values{"name": {"Newer place"}}).want(303)
		k.until(`hx-target="#channels"`, "Newer place", `hx-target="#list"`)
		at.List = "1z"
		q.in(t).dial(at).until(`hx-target="#channels"`)
	})
	t.Run("tells a page of another version, and no other, which one speaks to it", func(t *testing.T) {
		body := q.in(t).get(general).body
		_, rest, _ := strings.Cut(body, `data-live="`)
		own, _, _ := strings.Cut(rest, `"`)
		for version, told := range map[string]bool{own: false, "": false, "another": true} {
			at := s.at()
			at.Version = version
			seen := q.in(t).dial(at).until("#channels")
			if own == "" || strings.Contains(seen, `hx-target="#live" hx-swap="textContent">`+own+"<") != told {
				t.Errorf("a page of the version %q got %s from %q", version, seen, own)
			}
		}
	})
	t.Run("counts people and not sockets", func(t *testing.T) {
		p := p.in(t)
		s.signedIn("Carol").dial(s.at()).until("online")
		one, two := p.dial(s.at()), p.dial(s.at())
		one.until(`>3</`)
		two.until(`>3</`)
	})
	t.Run("answers a page that asks whether it is heard", func(t *testing.T) {
		k := p.dial(s.at())
		k.until("#channels")
		k.send(map[string]int64{})
		_ = k.conn.SetReadDeadline(time.Now().Add(patience))
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
		r := s.signedIn("Reader")
		p.say("unread")
		other := r.dial(subscribeRequest{Channel: "new-place", Epoch: s.Chat.Epoch()})
		other.until("#channels")
		here := r.dial(s.at())
		here.until("unread</")
		here.send(map[string]int64{"read": 2})
		eventually(t, "what was read counts as read", func() bool { return !strings.Contains(r.get("/c").body, `>1</`) })
	})
}

func TestLiveRefusals(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
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
		"an unknown channel":           {func(k *page) { k.send(subscribeRequest{Channel: "none"}) }, closeNotFound},
		"garbage as the first message": {raw(websocket.TextMessage, []byte("hello?")), 1008},
		"bytes as the first message":   {raw(websocket.BinaryMessage, []byte("{}")), 1003},
		"invalid UTF-8":                {raw(websocket.TextMessage, []byte("{\"channel\":\"\xff\"}")), 1007},
		"a frame too large": {raw(websocket.TextMessage,
			[]byte(`{"channel":"`+strings.Repeat("x", socketLimits.MaxMessage)+`"}`)), 1009},
		"garbage as a later message": {func(k *page) { k.send(s.at()); raw(websocket.TextMessage, []byte("}{"))(k) }, 1008},
		"a wrong type":               {func(k *page) { k.send(s.at()); k.send(map[string]string{"read": "all"}) }, 1008},
		"bytes as a later message":   {func(k *page) { k.send(s.at()); raw(websocket.BinaryMessage, []byte{1})(k) }, 1003},
		"a close frame": {func(k *page) {
			k.send(s.at())
			raw(websocket.CloseMessage,
				websocket.FormatCloseMessage(1000, ""))(k)
		}, 1000},
		"more than a page says": {flood, 1008},
	} {
		t.Run(name, func(t *testing.T) {
			k := p.open()
			c.send(k)
			if code := k.closed(); code != c.code {
				t.Errorf("closed with %d, want %d", code, c.code)
			}
		})
	}
	t.Run("a session that has ended", func(t *testing.T) {
		k := s.newClient().open()
		k.send(s.at())
		if code := k.closed(); code != closeSignedOut {
			t.Errorf("closed with %d", code)
		}
	})
	t.Run("a page, not a socket", func(t *testing.T) { p.in(t).get("/live").want(426) })
	t.Run("a foreign origin", func(t *testing.T) {
		for _, headers := range [][]string{
			{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", "http://127.0.0.1:1"},
			{"Origin", s.url + ".evil.example"},
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

func TestSubscribeRequestReadsWhatPagesSend(t *testing.T) {
	var r subscribeRequest
	const sent = `{"channel":"general-talk","since":12,"thread":5,"thread_since":2,"epoch":"E",` +
		`"names":3,"list":"1z","version":"aa","more":{}}`
	want := subscribeRequest{"general-talk", 12, 5, 2, "E", 3, "1z", "aa"}
	if err := json.Unmarshal([]byte(sent), &r); err != nil || r != want {
		t.Errorf("%+v, %v", r, err)
	}
}
