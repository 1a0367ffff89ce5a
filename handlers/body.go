package handlers

import (
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Limits for bodies that are read only to be discarded. A browser whose connection is closed while it sends shows its
// own error page instead of ours.
const (
	maxDrain     = 32 << 20
	drainTimeout = 10 * time.Second
)

// An upload gets bodyTimeout more with every read, so slow connections work. Silent connections, and connections that
// stay below slowestRate for longer than bodyTimeout, are closed: a byte now and then would hold a file for ever. Small
// bodies must arrive within the read timeout, so strangers cannot hold a connection by sending one slowly.
const (
	bodyTimeout = 30 * time.Second
	slowestRate = 512 // bytes/s
)

// untilNext returns how long the next piece of an upload may take, given the bytes and the time so far.
func untilNext(read int64, passed time.Duration) time.Duration {
	return min(bodyTimeout, bodyTimeout+time.Duration(read/slowestRate)*time.Second-passed)
}

var errTooLarge = fiber.ErrRequestEntityTooLarge

// body is a request's body that counts what is read.
//
//   - Reading more than limit bytes, or more than stop at any time, fails with errTooLarge. One byte more is read to
//     detect it.
//   - A body that ends early fails with io.ErrUnexpectedEOF, whatever the cause: a lost connection, a silent one, a
//     shutdown. (With a Content-Length, fasthttp's reader reports a plain EOF.)
type body struct {
	r         io.Reader
	limit     int64
	stop      int64 // for read, for now
	read      int64
	announced int64            // Content-Length; negative when the body is chunked
	more      func(read int64) // extends the deadline for the next piece of an upload
}

func newBody(c *fiber.Ctx, limit int64) *body {
	begun := time.Now()
	b := &body{
		r: c.Context().RequestBodyStream(), limit: limit, stop: limit, announced: int64(c.Request().Header.ContentLength()),
		more: func(read int64) { uploadDeadlineOf(c).extend(untilNext(read, time.Since(begun))) },
	}
	if b.r == nil {
		b.r, b.announced = bytes.NewReader(nil), 0
	}
	return b
}

// narrow lowers the limit.
func (b *body) narrow(limit int64) {
	b.limit = min(b.limit, limit)
	b.stop = b.limit
}

func (b *body) Read(p []byte) (int, error) {
	if b.announced > b.limit {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.stop-b.read+1 {
		p = p[:b.stop-b.read+1]
	}
	if b.limit > maxMessageForm {
		b.more(b.read)
	}
	n, err := b.r.Read(p)
	b.read += int64(n)
	switch {
	case b.read > b.stop:
		return 0, errTooLarge
	// a wrapped EOF is not the end: it means that a chunk was cut off
	case err == nil, err == io.EOF && b.read >= b.announced:
		return n, err
	default:
		return n, io.ErrUnexpectedEOF
	}
}

// drainBody keeps the unread rest of a body from being parsed as the connection's next request: the body of a refused
// form could contain one. It reads the rest if that is little; otherwise it closes the connection after the answer.
func drainBody(c *fiber.Ctx) {
	if !c.Request().IsBodyStream() {
		return
	}
	uploadDeadlineOf(c).extend(drainTimeout)
	stream := c.Context().RequestBodyStream()
	if _, err := io.CopyN(io.Discard, stream, maxDrain); !errors.Is(err, io.EOF) {
		c.Context().SetConnectionClose()
	}
}
