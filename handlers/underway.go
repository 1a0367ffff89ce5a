package handlers

import (
	"bytes"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// Bounds of what is asked for and not read: a page is in memory until its reader has taken it.
const (
	maxUnderWay     = 16       // requests of one session
	maxUnderWayFrom = 128      // and of one address
	fewUnderWay     = 2        // of a session that has its way though others use up what its address may have
	largeAnswer     = 64 << 10 // bytes; the system takes what is smaller, and nothing of it stays here
	stalledAnswer   = 10 * time.Second
)

var errManyAtOnce = chat.Errorf(chat.CodeTooOften, "You are asking for a lot at once. Wait a second and try again.")

// underWay counts requests from their beginning until their answer is written, or given up.
type underWay struct {
	mu     sync.Mutex
	counts map[string]int
}

// enter counts a request in, by its session and its address, and returns what counts it out, to be called once.
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

// begins counts the actor's request in, once however many wrappers it goes through; deliver counts it out.
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

// deliver counts the request out: at once, or, when the answer is large, when it is written.
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
	if own := res.SwapBody(nil); len(own) == len(body) { // else it is not the server's to use again
		body = own
	}
	c.Context().SetBodyStream(&largePage{body: bytes.NewReader(body), conn: c.Context().Conn(), stalled: s.stalled,
		leave: sync.OnceFunc(leave)}, len(body))
}

// largePage is one on its way: every piece that the reader has taken gives it time for the next.
type largePage struct {
	body    *bytes.Reader // not embedded: its WriteTo would write all in one piece, against one deadline
	conn    net.Conn
	stalled time.Duration
	leave   func()
}

func (a *largePage) Read(p []byte) (int, error) {
	_ = a.conn.SetWriteDeadline(time.Now().Add(a.stalled)) // if it fails, so does the write
	return a.body.Read(p)
}

// Close is called by fasthttp when the answer is written, or given up.
func (a *largePage) Close() error {
	a.leave()
	return nil
}
