package handlers

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// Limits of what a form may hold. A character of a message takes at most 12 bytes in a URL-encoded form.
const (
	maxForm        = 64 << 10
	maxMessageForm = 12*chat.MaxBodyLen + 32<<10
	maxParts       = 100      // of a multipart form
	maxFields      = 1000     // of a plain one: each takes a hundred bytes here, and two where it comes from
	maxPartHead    = 16 << 10 // bytes before and at the head of a part: a field's and a file's name
)

// filePart takes a file of a form while it comes.
type filePart func(name string, r io.Reader) error

// form reads a form without files. What it returns is the caller's to keep.
func form(c *fiber.Ctx, limit int64) (url.Values, error) {
	return readForm(c, limit, limit, func(string, io.Reader) error { return nil })
}

// readForm is parseForm of a request: limit for all of it.
func readForm(c *fiber.Ctx, limit, textLimit int64, file filePart) (url.Values, error) {
	return parseForm(strings.Clone(c.Get(fiber.HeaderContentType)), newBody(c, limit), textLimit, file)
}

// parseForm reads a form of either encoding, its fields in any order: textLimit for what is not files, names of fields
// included. file is called for each part named "file", and need not read to its end. The values that were read come
// back with an error too; they are as they were sent, UTF-8 or not. An error is errTooLarge, fiber.ErrBadRequest or
// one of file's.
func parseForm(contentType string, b *body, textLimit int64, file filePart) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	values := make(url.Values)
	switch {
	case err == nil && kind == fiber.MIMEMultipartForm:
		return values, parseParts(b, params["boundary"], values, textLimit, file)
	case err == nil && kind == fiber.MIMEApplicationForm:
		b.narrow(textLimit)
		raw, err := io.ReadAll(b)
		if err != nil {
			return values, brokenForm(err)
		}
		if bytes.Count(raw, []byte("&")) >= maxFields {
			return values, errTooLarge
		}
		if values, err = url.ParseQuery(string(raw)); err != nil {
			return values, fiber.ErrBadRequest
		}
		return values, nil
	default: // a form that was sent empty has no type
		b.narrow(textLimit)
		if n, err := io.ReadAll(b); err != nil || len(n) > 0 {
			return values, fiber.ErrBadRequest
		}
		return values, nil
	}
}

func parseParts(b *body, boundary string, values url.Values, textLimit int64, file filePart) error {
	parts := multipart.NewReader(b, boundary)
	for range maxParts {
		b.stop = min(b.limit, b.read+maxPartHead) // else a part's name could have megabytes, and stay in memory
		part, err := parts.NextPart()
		b.stop = b.limit
		if err == io.EOF { //nolint:errorlint // wrapped, it means that the form was cut off before its end
			return nil
		}
		if err != nil {
			return brokenForm(err)
		}
		name := part.FormName()
		if name == "file" {
			if part.FileName() != "" { // else it is an empty file field
				if err := file(part.FileName(), part); err != nil {
					return err
				}
			}
			if _, err := io.Copy(io.Discard, part); err != nil {
				return brokenForm(err)
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, textLimit+1))
		if err != nil {
			return brokenForm(err)
		}
		if textLimit -= int64(len(name) + len(text)); textLimit < 0 {
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
