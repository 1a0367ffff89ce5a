package handlers

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// bodyGrace is how long bodies under way may go on coming once the server shuts down.
const bodyGrace = time.Second

// uploadDeadlines are the request bodies under way, so that a shutdown can end them: their handlers then throw away
// what they have of an upload, instead of being cut off with it.
type uploadDeadlines struct {
	mu   sync.Mutex
	cut  bool
	open map[*uploadDeadline]struct{}
}

// uploadDeadline is one body under way. Its deadline is set here alone, so that nobody pushes it on after it was cut.
type uploadDeadline struct {
	all  *uploadDeadlines
	conn net.Conn
}

// enter notes the body of a request that is read as it comes. Whoever called it calls leave.
func (l *uploadDeadlines) enter(c *fiber.Ctx) {
	conn := c.Context().Conn()
	if conn == nil || !c.Request().IsBodyStream() {
		return
	}
	r := &uploadDeadline{l, conn}
	c.Locals(uploadDeadlineLocal, r)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = make(map[*uploadDeadline]struct{})
	}
	l.open[r] = struct{}{}
	if l.cut {
		r.end()
	}
}

func (l *uploadDeadlines) leave(c *fiber.Ctx) {
	if r, ok := c.Locals(uploadDeadlineLocal).(*uploadDeadline); ok {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.open, r)
	}
}

// end waits for a moment, and ends those that are left then, and those that still begin.
func (l *uploadDeadlines) end(ctx context.Context) {
	select {
	case <-time.After(bodyGrace):
	case <-ctx.Done():
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	for r := range l.open {
		r.end()
	}
}

func (r *uploadDeadline) end() { _ = r.conn.SetReadDeadline(time.Unix(1, 0)) } // if it fails, so does the read

// extend gives the body so long for its next piece, unless the server shuts down. A nil reading has come whole.
func (r *uploadDeadline) extend(d time.Duration) {
	if r == nil {
		return
	}
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	if !r.all.cut {
		_ = r.conn.SetReadDeadline(time.Now().Add(d)) // if it fails, so does the read
	}
}

// uploadDeadlineOf is the request's body under way, nil when it has come whole.
func uploadDeadlineOf(c *fiber.Ctx) *uploadDeadline {
	r, _ := c.Locals(uploadDeadlineLocal).(*uploadDeadline)
	return r
}
