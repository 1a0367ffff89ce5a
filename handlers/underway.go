package handlers

import (
	"bytes"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// Bounds of answers that clients do not read: a page is in memory until its client has read it.
const (
	maxUnderWay     = 16       // requests of one session
	maxUnderWayFrom = 128      // requests of one address
	fewUnderWay     = 2        // that a session may always have, even if others use up their address's limit
	largeAnswer     = 64 << 10 // bytes; the kernel buffers smaller answers, and nothing of them stays here
	stalledAnswer   = 10 * time.Second
)

var errManyAtOnce = chat.Errorf(chat.CodeTooOften, "You are asking for a lot at once. Wait a second and try again.")

// underWay counts requests until their answer is written or abandoned.
type underWay struct {
	mu     sync.Mutex
	counts map[string]int
}

// enter counts a request for its session and address. The caller must call the returned function once, to uncount it.
func (u *underWay) enter(session, address string) (leave func(), ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	keys := []string{session, address}
	if n := u.counts[session]; n >= maxUnderWay || n >= fewUnderWay && u.counts[address] >= maxUnderWayFrom {
		return nil, false
	}
	if u.counts == nil {
		u.counts = make(map[string]int)
	}
	for _, key := range keys {
		u.counts[key]++
	}
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		for _, key := range keys {
			if u.counts[key]--; u.counts[key] == 0 {
				delete(u.counts, key)
			}
		}
	}, true
}

// begins counts the actor's request, once per request however many wrappers call it; deliver uncounts it.
func (s *Server) begins(c *fiber.Ctx, a chat.Actor) error {
	if c.Locals(underWayLocal) != nil {
		return nil
	}
	leave, ok := s.underWay.enter("session "+a.Session.String(), "address "+network(s.address(c)))
	if !ok {
		c.Set(fiber.HeaderRetryAfter, "1")
		return errManyAtOnce
	}
	c.Locals(underWayLocal, leave)
	return nil
}

// deliver uncounts the request: at once, or, if the answer is large, when it is written.
func (s *Server) deliver(c *fiber.Ctx) {
	leave, _ := c.Locals(underWayLocal).(func())
	if leave == nil {
		leave = func() {}
	}
	res := c.Response()
	if res.IsBodyStream() || len(res.Body()) < largeAnswer || c.Context().Conn() == nil {
		leave()
		return
	}
	body := res.Body()
	if own := res.SwapBody(nil); len(own) == len(body) { // else the buffer is not the server's to reuse
		body = own
	}
	c.Context().SetBodyStream(&largePage{body: bytes.NewReader(body), conn: c.Context().Conn(), stalled: s.stalled,
		leave: sync.OnceFunc(leave)}, len(body))
}

// largePage is a large answer being written: each piece that the client reads extends the deadline for the next.
type largePage struct {
	body    *bytes.Reader // not embedded: its WriteTo would write everything at once, with one deadline
	conn    net.Conn
	stalled time.Duration
	leave   func()
}

func (a *largePage) Read(p []byte) (int, error) {
	_ = a.conn.SetWriteDeadline(time.Now().Add(a.stalled)) // on error the write fails too
	return a.body.Read(p)
}

// Close is called by fasthttp when the answer is written or abandoned.
func (a *largePage) Close() error {
	a.leave()
	return nil
}
