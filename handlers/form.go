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

// Limits of forms. A character of a message takes at most 12 bytes URL-encoded.
const (
	maxForm        = 64 << 10
	maxMessageForm = 12*chat.MaxBodyLen + 32<<10
	maxParts       = 100      // of a multipart form
	maxFields      = 1000     // of a plain form: each takes a hundred bytes of memory, and two on the wire
	maxPartHead    = 16 << 10 // bytes before and in the header of a part: the names of its field and file
)

// filePart receives a file of a form while it arrives.
type filePart func(name string, r io.Reader) error

// form parses a form without files. The caller owns the result.
func form(c *fiber.Ctx, limit int64) (url.Values, error) {
	return readForm(c, limit, limit, func(string, io.Reader) error { return nil })
}

// readForm calls parseForm on the request, with limit for the whole body.
func readForm(c *fiber.Ctx, limit, textLimit int64, file filePart) (url.Values, error) {
	return parseForm(strings.Clone(c.Get(fiber.HeaderContentType)), newBody(c, limit), textLimit, file)
}

// parseForm parses a form of either encoding, with its fields in any order. textLimit bounds everything but files,
// names of fields included. It calls file for each part named "file"; file need not read to the end. On error it also
// returns the values read so far. Values are as sent, UTF-8 or not. The error is errTooLarge, fiber.ErrBadRequest or
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
	default: // an empty form has no type
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
		b.stop = min(b.limit, b.read+maxPartHead) // else a part's name could take megabytes of memory
		part, err := parts.NextPart()
		b.stop = b.limit
		if err == io.EOF { //nolint:errorlint // a wrapped EOF means that the form was cut off
			return nil
		}
		if err != nil {
			return brokenForm(err)
		}
		name := part.FormName()
		if name == "file" {
			if part.FileName() != "" { // else the file field is empty
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

// brokenForm returns the error for a body that is too large, truncated or malformed.
func brokenForm(err error) error {
	if errors.Is(err, errTooLarge) {
		return errTooLarge
	}
	return fiber.ErrBadRequest
}
