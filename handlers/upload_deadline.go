package handlers

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// bodyGrace is how long request bodies may continue once the server shuts down.
const bodyGrace = time.Second

// uploadDeadlines are the request bodies being read, so that a shutdown can end them: their handlers then delete the
// files received so far, instead of being killed.
type uploadDeadlines struct {
	mu   sync.Mutex
	cut  bool
	open map[*uploadDeadline]struct{}
}

// uploadDeadline is one request body being read. Its deadline is set only here, so that it is not extended after it was
// cut.
type uploadDeadline struct {
	all  *uploadDeadlines
	conn net.Conn
}

// enter registers the body of a request that is read as a stream. The caller must call leave.
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

// end waits bodyGrace, then ends the bodies still being read, and those that begin later.
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

func (r *uploadDeadline) end() { _ = r.conn.SetReadDeadline(time.Unix(1, 0)) } // on error the read fails too

// extend allows the body d for its next piece, unless the server shuts down. A nil receiver is a body that was read
// whole.
func (r *uploadDeadline) extend(d time.Duration) {
	if r == nil {
		return
	}
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	if !r.all.cut {
		_ = r.conn.SetReadDeadline(time.Now().Add(d)) // on error the read fails too
	}
}

// uploadDeadlineOf returns the request's body being read, nil if it was read whole.
func uploadDeadlineOf(c *fiber.Ctx) *uploadDeadline {
	r, _ := c.Locals(uploadDeadlineLocal).(*uploadDeadline)
	return r
}
