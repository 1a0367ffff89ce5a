package handlers

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/handlers/splice"
)

// local names what one request's handlers tell each other.
type local int

const (
	requestIDLocal      local = iota // string
	actorLocal                       // chat.Actor
	uploadDeadlineLocal              // *reading
	underWayLocal                    // func(): see deliver
)

// logRequests is around every request. It turns an error or a panic into its page, makes the answer small, leaves the
// connection clean for the next request, and writes one line of log: never an address with its query, a body, a
// header or a cookie.
func (s *Server) logRequests(c *fiber.Ctx) error {
	s.inFlight.Add(1)
	defer s.inFlight.Add(-1)
	s.uploadDeadlines.enter(c)
	defer s.uploadDeadlines.leave(c)
	start := time.Now()
	id := strconv.FormatUint(rand.Uint64(), 36) //nolint:gosec // it names a line of the log, and is no secret
	c.Locals(requestIDLocal, id)
	c.Set(fiber.HeaderXRequestID, id)
	if err := s.recovered(c); err != nil {
		_ = s.handleError(c, err) // it has an answer for everything
	}
	compress(c)
	drainBody(c)
	s.deliver(c)

	attrs := []slog.Attr{
		slog.String("method", c.Method()), slog.String("route", route(c)), slog.Int("status", c.Response().StatusCode()),
		slog.Duration("duration", time.Since(start)), slog.String("request", id),
	}
	if a, ok := c.Locals(actorLocal).(chat.Actor); ok {
		attrs = append(attrs, slog.String("user", a.ID.String()))
	}
	s.line(c, attrs)
	return nil
}

// line logs a request. The logger itself would look up from where it is called, for every line.
func (s *Server) line(c *fiber.Ctx, attrs []slog.Attr) {
	ctx, log := c.UserContext(), s.Log.Handler()
	if log.Enabled(ctx, slog.LevelInfo) {
		record := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
		record.AddAttrs(attrs...)
		_ = log.Handle(ctx, record) // as the logger does
	}
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

// compress makes HTML small that was not put together of parts. Files and assets bring their own encoding, or none that
// would help. What another site leads a reader to stays as it is: a word in its address that the page repeats, beside
// the names of the reader's channels, would make the answer shorter when it is one of them (BREACH). Browsers from
// before 2023 may not say where they come from.
func compress(c *fiber.Ctx) {
	switch c.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return
	}
	res := c.Response()
	if res.IsBodyStream() || len(res.Header.ContentEncoding()) > 0 ||
		string(res.Header.ContentType()) != htmlType || len(res.Body()) < compressFrom {
		return
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if e := encoding(c); e != splice.Identity {
		res.SetBodyRaw(splice.Append(nil, e, splice.New(splice.Quick, res.Body())))
		res.Header.SetContentEncoding(string(e))
	}
}
