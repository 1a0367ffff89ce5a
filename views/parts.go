package views

import (
	"bytes"
	"context"
	"io"
	"iter"

	"chitchat/chat"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
)

// PartKind is how widely a part of a page is shared, and so how often the same bytes are sent.
type PartKind int

// The kinds of parts.
const (
	PartFixed PartKind = iota // on every page: its beginning
	PartOne                   // for one reader, or a few, while nothing changes
	PartList                  // a channel's messages, or the groups of what is unread
	PartOnce                  // in this answer only: what tells one composer from another
	PartText                  // in this answer only: the composer's text
	PartPane                  // a thread beside its channel, in this answer only; its composer's text is one of these
)

// Parts is a Writer for a rendered page that records where its parts begin. The bytes are the same as for any other
// Writer, except that WithoutList omits a channel's messages, for callers that have them. It is not safe for concurrent
// use.
type Parts struct {
	WithoutList bool

	html []byte
	cuts []partCut
}

type partCut struct {
	kind PartKind
	at   int
}

// Reset empties it, and keeps the memory.
func (p *Parts) Reset() { p.html, p.cuts, p.WithoutList = p.html[:0], p.cuts[:0], false }

// Cap returns how many bytes of memory Reset keeps.
func (p *Parts) Cap() int { return cap(p.html) }

// Write implements io.Writer.
func (p *Parts) Write(b []byte) (int, error) {
	p.html = append(p.html, b...)
	return len(b), nil
}

// All returns the parts in order, including empty ones. The bytes are valid until Reset.
func (p *Parts) All() iter.Seq2[PartKind, []byte] {
	return func(yield func(PartKind, []byte) bool) {
		kind, from := PartFixed, 0
		for _, cut := range p.cuts {
			if !yield(kind, p.html[from:cut.at]) {
				return
			}
			kind, from = cut.kind, cut.at
		}
		yield(kind, p.html[from:])
	}
}

// partsOf returns the Parts that w writes to, or nil for any other writer. It flushes templ's buffer first.
func partsOf(w io.Writer) (*Parts, error) {
	buffer, ok := w.(*templruntime.Buffer)
	if !ok {
		return nil, nil
	}
	parts, ok := buffer.Underlying.(*Parts)
	if !ok {
		return nil, nil
	}
	return parts, buffer.Flush()
}

// part begins another part of the page. It renders nothing.
func part(kind PartKind) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		parts, err := partsOf(w)
		if parts != nil {
			parts.cuts = append(parts.cuts, partCut{kind, len(parts.html)})
		}
		return err
	})
}

// List is what a channel's message list depends on besides the messages: readers with equal Lists get equal bytes. It
// is comparable.
type List struct {
	Slug        string
	Title       string // the channel's name for the reader
	Moderated   bool   // the reader may remove messages
	Fresh       int64  // the message below the "New" line; 0: none
	Highlighted int64  // the permalink's message; 0: none
}

// ListOf returns what the list of a page depends on.
func ListOf(s Layout, p chat.MessagePage, v ChannelView) List {
	return List{
		Slug: p.Channel.Slug, Title: title(p.Channel), Fresh: newLine(p, s.Me.ID), Highlighted: v.Highlighted,
		Moderated: p.Access.CanModerate() && !p.Channel.Archived(),
	}
}

// MessageList renders a page's list alone, in pieces. Pieces with messages share the memory of the page's rows.
func MessageList(p chat.MessagePage, l List) [][]byte {
	var w pieces
	_ = messageList(p, l).Render(context.Background(), &w) // it never fails
	return w
}

// pieces is a Writer that keeps each write as a piece.
type pieces [][]byte

// Write implements io.Writer. It copies b.
func (w *pieces) Write(b []byte) (int, error) {
	*w = append(*w, bytes.Clone(b))
	return len(b), nil
}

// rawRow inserts rendered rows into a page.
func rawRow(rows []chat.Row) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if buffer, ok := w.(*templruntime.Buffer); ok {
			if to, ok := buffer.Underlying.(*pieces); ok {
				err := buffer.Flush()
				for _, r := range rows {
					*to = append(*to, r.HTML)
				}
				return err
			}
		}
		for _, r := range rows {
			if _, err := w.Write(r.HTML); err != nil {
				return err
			}
		}
		return nil
	})
}

// list inserts the list into a page, unless the writer omits it.
func list(p chat.MessagePage, l List) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if parts, err := partsOf(w); err != nil || parts != nil && parts.WithoutList {
			return err
		}
		return messageList(p, l).Render(ctx, w)
	})
}
