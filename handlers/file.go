package handlers

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"chitchat/chat"
	"chitchat/uploads"
)

// filePolicy applies to every uploaded file: it runs nothing, loads nothing, and has no origin.
const filePolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

// inlineTypes are the types as which files are shown or played in the browser; all others, and so every page, drawing,
// script and program, are download only. A QuickTime film is of the family of MP4, and plays under its name only.
var inlineTypes = func() map[string]string {
	m := map[string]string{"video/quicktime": "video/mp4"}
	for t := range strings.FieldsSeq("image/png image/jpeg image/gif image/webp image/avif application/pdf audio/mpeg " +
		"audio/ogg audio/wav audio/mp4 audio/flac audio/webm video/mp4 video/ogg video/webm") {
		m[t] = t
	}
	return m
}()

// serveFile serves an uploaded file. Only the id counts; the name in the URL is for people.
func (s messageHandlers) serveFile(c *fiber.Ctx, a chat.Actor) error {
	att, err := s.attachment(c, a)
	if err != nil {
		return err
	}
	f, err := s.Files.Open(att.ID.String())
	if err != nil {
		return missing(err)
	}
	base, _, _ := strings.Cut(att.Type, ";")
	kind, inline := inlineTypes[strings.TrimSpace(base)]
	if text := uploads.TextType(att.Type); text != "" {
		kind, inline = text, true
	}
	disposition := "inline"
	if !inline {
		kind, disposition = fiber.MIMEOctetStream, "attachment"
	}
	c.Set(fiber.HeaderContentDisposition, disposition+"; "+fileNameParams(att.Name))
	return s.sendFile(c, f, kind, `"`+att.ID.String()+`"`)
}

func (s messageHandlers) serveThumb(c *fiber.Ctx, a chat.Actor) error {
	att, err := s.attachment(c, a)
	if err != nil {
		return err
	}
	f, kind, err := s.Files.OpenThumb(att.ID.String())
	if err != nil {
		return missing(err)
	}
	return s.sendFile(c, f, kind, `"`+att.ID.String()+`-thumb"`)
}

func (s messageHandlers) attachment(c *fiber.Ctx, a chat.Actor) (chat.Attachment, error) {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return chat.Attachment{}, errNotFound
	}
	return s.Chat.Messages.Attachment(c.UserContext(), a, id)
}

// fileNameParams returns the parameters of Content-Disposition: the name in ASCII, and in full.
func fileNameParams(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`filename="%s"; filename*=UTF-8''%s`, plain, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

// sendFile sends f, or the requested range, and closes it. The content under an etag never changes.
func (s *Server) sendFile(c *fiber.Ctx, f *os.File, contentType, etag string) error {
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	c.Set(fiber.HeaderContentSecurityPolicy, filePolicy)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if unchanged(c, etag) {
		return f.Close()
	}
	c.Set(fiber.HeaderContentType, contentType)
	size := info.Size()
	start, length := int64(0), size
	if asked := c.Get(fiber.HeaderRange); asked != "" && (c.Get(fiber.HeaderIfRange) == "" ||
		c.Get(fiber.HeaderIfRange) == etag) {
		first, n, ok := parseRange(asked, size)
		switch {
		case ok && n == 0:
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", size))
			c.Status(fiber.StatusRequestedRangeNotSatisfiable)
			return f.Close()
		case ok:
			start, length = first, n
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", start, start+length-1, size))
			c.Status(fiber.StatusPartialContent)
		}
	}
	s.inFlight.Add(1)
	c.Context().SetBodyStream(&download{
		SectionReader: io.NewSectionReader(f, start, length), file: f, conn: c.Context().Conn(),
		done: func() { s.inFlight.Add(-1) },
	}, int(length))
	return nil
}

// download extends the write deadline with every piece, for slow connections, and closes the file at its end.
type download struct {
	*io.SectionReader
	file *os.File
	conn net.Conn
	done func()
}

func (d *download) Read(p []byte) (int, error) {
	if d.conn != nil {
		_ = d.conn.SetWriteDeadline(time.Now().Add(writeTimeout)) // on error the write fails too
	}
	return d.SectionReader.Read(p)
}

// Close closes the file. fasthttp calls it when the answer is sent or the connection is lost.
func (d *download) Close() error {
	d.done()
	return d.file.Close()
}

// parseRange parses a Range header with one range. If ok is false, it is malformed or has several ranges, and the
// answer is the whole file. A length of 0 means that the range is outside the file.
func parseRange(header string, size int64) (start, length int64, ok bool) {
	first, last, err := fasthttp.ParseByteRange([]byte(header), int(size))
	if err != nil { // these errors have no types: the header is well formed if it is valid for some longer file
		_, _, err = fasthttp.ParseByteRange([]byte(header), math.MaxInt)
		return 0, 0, err == nil
	}
	return int64(first), int64(last - first + 1), true
}
