package handlers

import (
	"bytes"
	"sync"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"chitchat/chat"
	"chitchat/handlers/splice"
	"chitchat/views"
)

// A channel's page consists of parts, each compressed once and independently: the frame common to all pages, what one
// reader sees around the messages, and the messages, which all readers of a warm channel share. Cached parts are found
// by their own bytes, by everything that they show (views.AppendKey), or are kept with the rows that they were made of
// (chat.Ring): a page is never stale.
//
// On BREACH: the length of an answer must not reveal, to an attacker who chose some of its text and leads readers here,
// whether that text is the name of one of the reader's channels. So messages are kept apart from those names, and
// compressed apart from them, on every page that another site can request (see send). What shares a part with the names
// is short, and others cannot change it unnoticed: the names and statuses of the reader's direct conversation partners,
// and the topic of the open channel. The reader's draft is compressed alone. The page has no other secret: the session
// cookie is HttpOnly, forms carry no token (see checkOrigin), and a composer's client_id, sent uncompressed, only
// distinguishes messages. The cookie is SameSite=Lax, so another site can load pages as the reader only by top-level
// navigation.
//
// The page of what is unread is built in the same way. Each conversation is a part of its own: who writes in it knows
// its name, and learns nothing about others.

// Sizes of the page caches, in bytes: the parts, and which parts recent readers saw.
const (
	keptParts  = 4 << 20
	keptFrames = 4 << 20
	keptGroups = 8 << 20 // of what is unread
)

// renderChannel sends a channel's page, or for htmx the fragment if there is one.
func (s *Server) renderChannel(c *fiber.Ctx, a chat.Actor, status int, fragment templ.Component, p chat.MessagePage,
	v views.ChannelView) error {
	return s.choose(c, a, status, fragment, func(l views.Layout) error { return s.assemble(c, status, l, p, v) })
}

// assemble builds a channel's page from its parts.
func (s *Server) assemble(c *fiber.Ctx, status int, l views.Layout, p chat.MessagePage, v views.ChannelView) error {
	// computed before the rows are read: later changes come by the socket
	l.Current, l.ProfileRev = p.Channel.ID, p.ProfileRev
	v.Composer.Slow = views.SlowHint(p.Access.PostDelay())

	k := assemblies.Get().(*assembly)
	defer k.release()
	key, ok := views.AppendKey(k.key[:0], l, p, v)
	k.key = key
	frame, err := s.frame(c, k, ok, views.ChannelPage(l, p, v))
	if err != nil {
		return err
	}
	for _, part := range frame {
		switch {
		case part.kind == views.PartOnce:
			ids := views.AppendSavedDraft(views.AppendClientID(nil, v.Composer.ClientID), v.Composer.Saved)
			k.add(splice.New(splice.Stored, ids))
		case part.kind == views.PartText:
			k.add(splice.New(splice.Quick, views.AppendText(nil, v.Composer.Body)))
		case part.kind == views.PartList:
			k.list(p, views.ListOf(l, p, v))
		default:
			k.add(part.piece)
		}
	}
	k.send(c.Status(status))
	return nil
}

// framePart is a part of a page; without a piece it is not shared.
type framePart struct {
	kind  views.PartKind
	piece *splice.Piece
}

// frame returns the parts of a page's frame. It renders them only if no equal frame is cached, by the assembly's key if
// it is kept at all.
func (s *Server) frame(c *fiber.Ctx, k *assembly, isKept bool, page templ.Component) ([]framePart, error) {
	render := func(string) ([]framePart, int, error) {
		k.parts.Reset()
		k.parts.WithoutList = true
		if err := page.Render(c.UserContext(), &k.parts); err != nil {
			return nil, 0, err
		}
		frame, size := s.cut(&k.parts)
		return frame, size, nil
	}
	if isKept {
		return s.frames.Get(k.key, render)
	}
	frame, _, err := render("")
	return frame, err
}

// cut splits a rendered page into a frame. size is its size in memory.
func (s *Server) cut(parts *views.Parts) (frame []framePart, size int) {
	for kind, html := range parts.All() {
		part := framePart{kind: kind}
		switch kind {
		case views.PartFixed:
			part.piece = s.parts.Piece(splice.Best, html)
		case views.PartOne:
			part.piece = s.parts.Piece(splice.Often, html)
			size += 2 * len(html) // and at most as much compressed
		case views.PartPane:
			part.piece = splice.New(splice.Quick, bytes.Clone(html))
		case views.PartList, views.PartOnce, views.PartText: // inserted when the page is sent
		}
		frame = append(frame, part)
	}
	return frame, size
}

// assembly is what a page is built with.
type assembly struct {
	parts  views.Parts
	key    []byte
	pieces []*splice.Piece
}

var assemblies = sync.Pool{New: func() any { return new(assembly) }}

func (k *assembly) add(p *splice.Piece) { k.pieces = append(k.pieces, p) }

// list adds the list of messages. A warm channel's list is rendered once for all readers who see the same.
func (k *assembly) list(p chat.MessagePage, l views.List) {
	of := func(effort splice.Effort) *splice.Piece { return splice.New(effort, views.MessageList(p, l)...) }
	if p.Ring == nil || len(p.Rows) == 0 { // an empty channel shows its purpose instead
		k.add(of(splice.Quick))
		return
	}
	k.add(p.Ring.Make(l, func([]chat.Row) any { return of(splice.Often) }).(*splice.Piece))
}

// release returns the memory for the next page. Unusually large memory is left to the collector.
func (k *assembly) release() {
	clear(k.pieces)
	k.pieces = k.pieces[:0]
	if k.parts.Cap()+cap(k.key) <= 256<<10 {
		assemblies.Put(k)
	}
}

// firstPageLevel is brotli's level for the first page of a visit. It takes a fifth more time than level 4, for 5 per
// cent fewer bytes; the next level takes twice the time, for nothing.
const firstPageLevel = 5

// send writes the answer from the pieces. A page opened by a typed URL or a bookmark, which usually loads the
// style sheet and scripts too, is compressed as one piece with brotli: parts cost some 600 bytes more. No other site
// can request such a page, so no attacker can compare the lengths of many. All others, including those from browsers
// that do not send Sec-Fetch-Site, are sent in parts.
func (k *assembly) send(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentType, htmlType)
	c.Set(fiber.HeaderVary, "HX-Request, "+fiber.HeaderAcceptEncoding)
	e := encoding(c)
	if e != splice.Identity {
		c.Response().Header.SetContentEncoding(string(e))
	}
	body := c.Response().SwapBody(nil)
	if e == splice.Brotli && c.Get("Sec-Fetch-Site") == "none" {
		plain := plains.Get().(*[]byte)
		defer plains.Put(plain)
		*plain = splice.Append((*plain)[:0], splice.Identity, k.pieces...)
		body = fasthttp.AppendBrotliBytesLevel(body[:0], *plain, firstPageLevel)
	} else {
		body = splice.Append(body[:0], e, k.pieces...)
	}
	c.Response().SwapBody(body)
}

// plains are buffers for pages compressed as one piece: *[]byte.
var plains = sync.Pool{New: func() any { return new([]byte) }}

// encoding returns the best encoding that the client accepts.
func encoding(c *fiber.Ctx) splice.Encoding {
	switch {
	case c.Get(fiber.HeaderAcceptEncoding) == "": // Fiber reads that as any encoding; curl means none
	case c.AcceptsEncodings("br") != "":
		return splice.Brotli
	case c.AcceptsEncodings("gzip") != "":
		return splice.Gzip
	}
	return splice.Identity
}
