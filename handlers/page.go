package handlers

import (
	"sync"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"chitchat/chat"
	"chitchat/handlers/splice"
	"chitchat/views"
)

// A channel's page is put together of parts, each of which is compressed apart and once: the frame that all pages have,
// what one reader sees around the messages, and the messages, which all readers of a warm channel share. What is kept
// is found by its own bytes, or by all that it shows (views.AppendKey), or lies with the rows that it was made of
// (chat.Ring): a page is never out of date.
//
// On BREACH: an answer's length must not tell whoever chose some of its text and leads readers here whether that text
// is the name of one of the reader's channels. So messages stand apart from those names, and are compressed apart from
// them, on every page that another site can cause (see send). What stands with them is short, and others do not change
// it unseen: the names and statuses of those whom the reader talks to directly, and the topic of the channel that is
// open. There is no other secret on the page: a session's cookie is HttpOnly, forms carry no token (see protect), and a
// composer's client_id, which is sent as it is, only tells one message from the next. The cookie is SameSite=Lax, so
// that another site cannot load pages in a reader's name but by leading them there.

// What is kept of pages, in bytes: their parts, and of those who have looked, which parts they saw.
const (
	keptParts  = 4 << 20
	keptFrames = 4 << 20
)

// renderChannel sends a channel's page, or to htmx the fragment if there is one.
func (s *Server) renderChannel(c *fiber.Ctx, a chat.Actor, status int, fragment templ.Component, p chat.MessagePage,
	v views.ChannelView) error {
	return s.choose(c, a, status, fragment, func(l views.Layout) error { return s.assemble(c, status, l, p, v) })
}

// assemble puts a channel's page together.
func (s *Server) assemble(c *fiber.Ctx, status int, l views.Layout, p chat.MessagePage, v views.ChannelView) error {
	// of before the rows were read: a change since comes by the socket
	l.Current, l.ProfileRev = p.Channel.ID, p.ProfileRev
	v.Composer.Slow = views.SlowHint(p.Access.PostDelay())

	k := assemblies.Get().(*assembly)
	defer k.release()
	frame, err := s.frame(c, k, l, p, v)
	if err != nil {
		return err
	}
	for _, part := range frame {
		switch {
		case part.kind == views.PartOnce:
			k.add(splice.New(splice.Stored, views.AppendClientID(nil, v.Composer.ClientID)))
		case part.kind == views.PartList:
			k.list(p, views.ListOf(l, p, v))
		default:
			k.add(part.piece)
		}
	}
	c.Status(status).Set(fiber.HeaderContentType, htmlType)
	c.Set(fiber.HeaderVary, "HX-Request, "+fiber.HeaderAcceptEncoding)
	k.send(c)
	return nil
}

// framePart is a part of a page; what is not for others has no piece.
type framePart struct {
	kind  views.PartKind
	piece *splice.Piece
}

// frame returns the parts of a page, rendered only when no page like it was sent before.
func (s *Server) frame(c *fiber.Ctx, k *assembly, l views.Layout, p chat.MessagePage,
	v views.ChannelView) ([]framePart, error) {
	render := func(string) ([]framePart, int, error) {
		k.parts.Reset()
		k.parts.WithoutList = true
		if err := views.ChannelPage(l, p, v).Render(c.UserContext(), &k.parts); err != nil {
			return nil, 0, err
		}
		frame, size := s.cut(&k.parts)
		return frame, size, nil
	}
	key, ok := views.AppendKey(k.key[:0], l, p, v)
	if k.key = key; ok {
		return s.frames.Get(key, render)
	}
	frame, _, err := render("")
	return frame, err
}

// cut makes a frame of a page that was rendered. size is what it holds.
func (s *Server) cut(parts *views.Parts) (frame []framePart, size int) {
	for kind, html := range parts.All() {
		part := framePart{kind: kind}
		switch kind {
		case views.PartFixed:
			part.piece = s.parts.Piece(splice.Best, html)
		case views.PartOne:
			part.piece = s.parts.Piece(splice.Often, html)
			size += 2 * len(html) // and as much compressed, at most
		case views.PartList, views.PartOnce: // are put in when the page is sent
		}
		frame = append(frame, part)
	}
	return frame, size
}

// assembly is what a page is put together with.
type assembly struct {
	parts  views.Parts
	key    []byte
	pieces []*splice.Piece
}

var assemblies = sync.Pool{New: func() any { return new(assembly) }}

func (k *assembly) add(p *splice.Piece) { k.pieces = append(k.pieces, p) }

// list adds the list of messages. That of a warm channel is made once for all readers who see the same.
func (k *assembly) list(p chat.MessagePage, l views.List) {
	of := func(effort splice.Effort) *splice.Piece { return splice.New(effort, views.MessageList(p, l)...) }
	if p.Ring == nil || len(p.Rows) == 0 { // without messages it tells what the channel is for
		k.add(of(splice.Quick))
		return
	}
	k.add(p.Ring.Make(l, func([]chat.Row) any { return of(splice.Often) }).(*splice.Piece))
}

// release gives the memory to the next page. An unusual one's is left to the collector.
func (k *assembly) release() {
	clear(k.pieces)
	k.pieces = k.pieces[:0]
	if k.parts.Cap()+cap(k.key) <= 256<<10 {
		assemblies.Put(k)
	}
}

// send makes the answer's body of the pieces. A page whose address was typed or kept as a bookmark, which mostly brings
// the style sheet and the scripts with it, is made as small as brotli can make it, in one piece: parts weigh some 600
// bytes more. No site can cause such a page, so that nobody gets to compare the lengths of many. All others, those of
// browsers that do not say whence they come among them, are in parts.
func (k *assembly) send(c *fiber.Ctx) {
	e := encoding(c)
	if e != splice.Identity {
		c.Response().Header.SetContentEncoding(string(e))
	}
	body := c.Response().SwapBody(nil)
	if e == splice.Brotli && c.Get("Sec-Fetch-Site") == "none" {
		plain := plains.Get().(*[]byte)
		defer plains.Put(plain)
		*plain = splice.Append((*plain)[:0], splice.Identity, k.pieces...)
		body = fasthttp.AppendBrotliBytesLevel(body[:0], *plain, 4)
	} else {
		body = splice.Append(body[:0], e, k.pieces...)
	}
	c.Response().SwapBody(body)
}

// plains are buffers for pages that are compressed in one piece: *[]byte.
var plains = sync.Pool{New: func() any { return new([]byte) }}

// encoding is the best that the client takes.
func encoding(c *fiber.Ctx) splice.Encoding {
	switch {
	case c.Get(fiber.HeaderAcceptEncoding) == "": // to Fiber that means everything; to curl it means nothing
	case c.AcceptsEncodings("br") != "":
		return splice.Brotli
	case c.AcceptsEncodings("gzip") != "":
		return splice.Gzip
	}
	return splice.Identity
}
