package handlers

import (
	"errors"
	"net/http"
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

func (p *testClient) connect(headers ...string) (*websocket.Conn, *http.Response, error) {
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

// open connects without sending a first message.
func (p *testClient) open() *page {
	p.t.Helper()
	conn, _, err := p.connect()
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	return &page{t: p.t, conn: conn}
}

func (p *testClient) dial(request subscribeRequest) *page {
	p.t.Helper()
	k := p.open()
	k.send(request)
	return k
}

func (k *page) send(v any) {
	k.t.Helper()
	if err := k.conn.WriteJSON(v); err != nil {
		k.t.Fatal(err)
	}
}

// until reads frames until all of the texts have arrived, and returns everything received so far.
func (k *page) until(texts ...string) string {
	k.t.Helper()
	_ = k.conn.SetReadDeadline(time.Now().Add(patience))
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

// listen reads from now on until a text arrives or the socket ends, and then returns everything received: an unread
// socket answers no pings, and is closed after a while.
func (k *page) listen(text string) <-chan string {
	_ = k.conn.SetReadDeadline(time.Time{})
	all := make(chan string, 1)
	go func() {
		for !strings.Contains(k.seen.String(), text) {
			_, frame, err := k.conn.ReadMessage()
			if err != nil {
				k.seen.WriteString(err.Error())
				break
			}
			k.seen.Write(frame)
		}
		all <- k.seen.String()
	}()
	return all
}

// closed reads until the server closes, and returns its code.
func (k *page) closed() int {
	k.t.Helper()
	_ = k.conn.SetReadDeadline(time.Now().Add(patience))
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

func (s *testServer) at() subscribeRequest {
	return subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()}
}

func flood(k *page) {
	k.send(subscribeRequest{})
	for range 10 * socketLimits.Burst {
		if err := k.conn.WriteMessage(websocket.TextMessage, []byte(`{"read":1}`)); err != nil {
			return // cut off already
		}
	}
}
