package handlers

import (
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Limits of what is read only to be thrown away. A browser that is cut off while it sends shows its own error
// page in place of ours.
const (
	maxDrain     = 32 << 20
	drainTimeout = 10 * time.Second
)

// An upload that moves gets bodyTimeout more with every read: slow lines may take their time. Silent ones may not, nor
// those that bring less than slowestRate for longer than that: a byte now and then would hold a file for ever.
// What is small has to come within the read timeout: strangers cannot hold a connection by sending it bit by bit.
const (
	bodyTimeout = 30 * time.Second
	slowestRate = 512 // bytes/s
)

// untilNext is how long an upload's next piece may take, after so many bytes in so much time.
func untilNext(read int64, passed time.Duration) time.Duration {
	return min(bodyTimeout, bodyTimeout+time.Duration(read/slowestRate)*time.Second-passed)
}

var errTooLarge = fiber.ErrRequestEntityTooLarge

// body is a request's body, counted while it comes.
//
//   - Reading more than limit bytes fails with errTooLarge, and so does reading more than stop at any time. One byte
//     more than that is read, to know it.
//   - A body that ends before its end fails with io.ErrUnexpectedEOF, whatever broke it: a cut line, a silent one, a
//     shutdown. (With a Content-Length, fasthttp's ends as if all were well.)
type body struct {
	r         io.Reader
	limit     int64
	stop      int64 // of read, for now
	read      int64
	announced int64            // Content-Length; negative when the body is chunked
	more      func(read int64) // gives a body of files time for its next piece
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
	// an EOF that is wrapped is none: it means that a chunk was cut
	case err == nil, err == io.EOF && b.read >= b.announced:
		return n, err
	default:
		return n, io.ErrUnexpectedEOF
	}
}

// drainBody keeps what a handler left unread from being parsed as the connection's next request: a refused form's
// body could hold one. It reads the rest if that is little, and closes the connection after the answer if not.
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
