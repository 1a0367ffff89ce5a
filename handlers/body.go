package handlers

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// Limits of what a form may hold. A character of a message takes at most 12 bytes in a URL-encoded form.
const (
	maxForm        = 64 << 10
	maxMessageForm = 12*chat.MaxBodyLen + 32<<10
	maxParts       = 100 // of a multipart form
)

// Limits of what is read only to be thrown away. A browser that is cut off while it sends shows its own error
// page in place of ours.
const (
	maxDrain     = 32 << 20
	drainTimeout = 10 * time.Second
)

// An upload that moves gets this much longer with every read: slow lines may take their time, silent ones may not.
// What is small has to come within the read timeout: strangers cannot hold a connection by sending it bit by bit.
const bodyTimeout = 30 * time.Second

var errTooLarge = fiber.ErrRequestEntityTooLarge

// body is a request's body, counted while it comes.
//
//   - Reading more than limit bytes fails with errTooLarge.
//   - A body that ends before its end fails with io.ErrUnexpectedEOF, whatever broke it: a cut line, a silent one, a
//     shutdown. (With a Content-Length, fasthttp's ends as if all were well.)
type body struct {
	c         *fiber.Ctx
	r         io.Reader
	limit     int64
	read      int64
	announced int64 // Content-Length; negative when the body is chunked
}

func newBody(c *fiber.Ctx, limit int64) *body {
	b := &body{c: c, r: c.Context().RequestBodyStream(), limit: limit, announced: int64(c.Request().Header.ContentLength())}
	if b.r == nil {
		b.r, b.announced = bytes.NewReader(nil), 0
	}
	return b
}

func (b *body) Read(p []byte) (int, error) {
	if b.announced > b.limit {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.limit-b.read+1 {
		p = p[:b.limit-b.read+1]
	}
	if b.limit > maxMessageForm {
		readingOf(b.c).allow(bodyTimeout)
	}
	n, err := b.r.Read(p)
	b.read += int64(n)
	switch {
	case b.read > b.limit:
		return 0, errTooLarge
	case err == nil, err == io.EOF && b.read >= b.announced: // an EOF that is wrapped is none: it means that a chunk was cut
		return n, err
	default:
		return n, io.ErrUnexpectedEOF
	}
}

// settle keeps what a handler left unread from being parsed as the connection's next request: a refused form's
// body could hold one. It reads the rest if that is little, and closes the connection after the answer if not.
func settle(c *fiber.Ctx) {
	if !c.Request().IsBodyStream() {
		return
	}
	readingOf(c).allow(drainTimeout)
	stream := c.Context().RequestBodyStream()
	if _, err := io.CopyN(io.Discard, stream, maxDrain); !errors.Is(err, io.EOF) {
		c.Context().SetConnectionClose()
	}
}

// filePart takes a file of a form while it comes.
type filePart func(name string, r io.Reader) error

// form reads a form without files. What it returns is the caller's to keep.
func form(c *fiber.Ctx, limit int64) (url.Values, error) {
	return readForm(c, limit, limit, func(string, io.Reader) error { return nil })
}

// readForm reads a form of either encoding, its fields in any order: limit for all of it, textLimit for what is
// not files. file is called for each part named "file", and need not read to its end. The values that were
// read come back with an error too.
func readForm(c *fiber.Ctx, limit, textLimit int64, file filePart) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(strings.Clone(c.Get(fiber.HeaderContentType)))
	values := make(url.Values)
	switch {
	case err == nil && kind == fiber.MIMEMultipartForm:
		return values, readParts(multipart.NewReader(newBody(c, limit), params["boundary"]), values, textLimit, file)
	case err == nil && kind == fiber.MIMEApplicationForm:
		raw, err := io.ReadAll(newBody(c, textLimit))
		if err != nil {
			return values, brokenForm(err)
		}
		if values, err = url.ParseQuery(string(raw)); err != nil {
			return values, fiber.ErrBadRequest
		}
		return values, nil
	default: // a form that was sent empty has no type
		if n, err := io.ReadAll(newBody(c, textLimit)); err != nil || len(n) > 0 {
			return values, fiber.ErrBadRequest
		}
		return values, nil
	}
}

func readParts(parts *multipart.Reader, values url.Values, textLimit int64, file filePart) error {
	for range maxParts {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // wrapped, it means that the form was cut off before its end
			return nil
		}
		if err != nil {
			return brokenForm(err)
		}
		name := part.FormName()
		if name == "file" {
			if part.FileName() == "" { // an empty file field
				continue
			}
			if err := file(part.FileName(), part); err != nil {
				return err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, textLimit+1))
		if err != nil {
			return brokenForm(err)
		}
		if textLimit -= int64(len(text)); textLimit < 0 {
			return errTooLarge
		}
		values.Add(name, string(text))
	}
	return errTooLarge
}

// brokenForm tells a body that is too large from one that is cut or makes no sense.
func brokenForm(err error) error {
	if errors.Is(err, errTooLarge) {
		return errTooLarge
	}
	return fiber.ErrBadRequest
}
