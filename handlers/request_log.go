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

// local is a key of a request's locals.
type local int

const (
	requestIDLocal      local = iota // string
	actorLocal                       // chat.Actor
	uploadDeadlineLocal              // *uploadDeadline
	underWayLocal                    // func(): see deliver
)

// logRequests wraps every request. It turns an error or a panic into its page, compresses the answer, leaves the
// connection clean for the next request, and writes one log line: never a URL with its query, a body, a header or a
// cookie.
func (s *Server) logRequests(c *fiber.Ctx) error {
	s.inFlight.Add(1)
	defer s.inFlight.Add(-1)
	s.uploadDeadlines.enter(c)
	defer s.uploadDeadlines.leave(c)
	start := time.Now()
	id := strconv.FormatUint(rand.Uint64(), 36) //nolint:gosec // it identifies a log line, and is no secret
	c.Locals(requestIDLocal, id)
	c.Set(fiber.HeaderXRequestID, id)
	if err := recovered(c); err != nil {
		_ = s.handleError(c, err) // it handles every error
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

// line logs a request. It bypasses the logger, which would look up its caller for every line.
func (s *Server) line(c *fiber.Ctx, attrs []slog.Attr) {
	ctx, log := c.UserContext(), s.Log.Handler()
	if log.Enabled(ctx, slog.LevelInfo) {
		record := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
		record.AddAttrs(attrs...)
		_ = log.Handle(ctx, record) // as the logger does
	}
}

// recovered calls the handlers and turns a panic into an error: one bad request must not end the program.
func recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return c.Next()
}

// route returns the pattern that the request matched, or "none": the path itself can hold what must not be logged.
func route(c *fiber.Ctx) string {
	pattern := c.Route().Path
	if pattern == "/" && c.Path() != "/" { // the middleware's own
		return "none"
	}
	return pattern
}

// compressFrom is the size in bytes from which compression saves a packet.
const compressFrom = 1024

// compress compresses HTML that was not built from parts. Files and assets have their own encoding, or would not
// shrink. Answers to requests from other sites stay uncompressed: a word in their URL that the page repeats, next to
// the names of the reader's channels, would make the answer shorter if it is one of them (BREACH). Browsers older than
// 2023 may not send where a request comes from.
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
