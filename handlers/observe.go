package handlers

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"chitchat/chat"
)

// local names what one request's handlers tell each other.
type local int

const (
	requestIDLocal local = iota // string
	actorLocal                  // chat.Actor
	readingLocal                // *reading
)

// observe is around every request. It turns an error or a panic into its page, makes the answer small, leaves the
// connection clean for the next request, and writes one line of log: never an address with its query, a body, a
// header or a cookie.
func (s *Server) observe(c *fiber.Ctx) error {
	s.busy.Add(1)
	defer s.busy.Add(-1)
	s.readings.enter(c)
	defer s.readings.leave(c)
	start := time.Now()
	id := rand.Text()[:12]
	c.Locals(requestIDLocal, id)
	c.Set(fiber.HeaderXRequestID, id)
	if err := s.recovered(c); err != nil {
		_ = s.fail(c, err) // it has an answer for everything
	}
	compress(c)
	settle(c)

	attrs := []slog.Attr{
		slog.String("method", c.Method()), slog.String("route", route(c)), slog.Int("status", c.Response().StatusCode()),
		slog.Duration("duration", time.Since(start)), slog.String("request", id),
	}
	if a, ok := c.Locals(actorLocal).(chat.Actor); ok {
		attrs = append(attrs, slog.String("user", a.ID.String()))
	}
	s.Log.LogAttrs(c.UserContext(), slog.LevelInfo, "request", attrs...)
	return nil
}

// recovered goes on to the handlers, and makes an error of a panic: one bad request must not end the program.
func (s *Server) recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return c.Next()
}

// route is the pattern that the request matched, "none" when it matched none: a request's own path can hold
// what does not belong into a log.
func route(c *fiber.Ctx) string {
	pattern := c.Route().Path
	if pattern == "/" && c.Path() != "/" { // the middleware's own
		return "none"
	}
	return pattern
}

// compressFrom is the size from which compression saves a packet.
const compressFrom = 1024

// compress makes HTML small. Files and assets bring their own encoding, or none that would help.
func compress(c *fiber.Ctx) {
	res := c.Response()
	if res.IsBodyStream() || len(res.Header.ContentEncoding()) > 0 ||
		string(res.Header.ContentType()) != htmlType || len(res.Body()) < compressFrom {
		return
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if c.Get(fiber.HeaderAcceptEncoding) == "" { // to Fiber that means everything; to curl it means nothing
		return
	}
	switch {
	case c.AcceptsEncodings("br") != "":
		res.SetBodyRaw(fasthttp.AppendBrotliBytesLevel(nil, res.Body(), 4))
		res.Header.SetContentEncoding("br")
	case c.AcceptsEncodings("gzip") != "":
		res.SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, res.Body(), 5))
		res.Header.SetContentEncoding("gzip")
	}
}
