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

// PartKind says for whom a part of a page is, and so how often the same bytes are sent.
type PartKind int

// The kinds.
const (
	PartFixed PartKind = iota // on every page: how it begins
	PartOne                   // for one reader, or a few, as long as nothing changes
	PartList                  // a channel's messages
	PartOnce                  // in this answer alone
)

// Parts takes a page as it is rendered, cut where its parts begin. The bytes are the same as those of a page that goes
// elsewhere; WithoutList leaves a channel's messages out, for whoever has them already. For one goroutine.
type Parts struct {
	WithoutList bool

	html []byte
	cuts []partCut
}

type partCut struct {
	kind PartKind
	at   int
}

// Reset begins anew, and keeps the memory.
func (p *Parts) Reset() { p.html, p.cuts, p.WithoutList = p.html[:0], p.cuts[:0], false }

// Cap is how much memory Reset keeps, in bytes.
func (p *Parts) Cap() int { return cap(p.html) }

// Write takes what was rendered.
func (p *Parts) Write(b []byte) (int, error) {
	p.html = append(p.html, b...)
	return len(b), nil
}

// All returns the parts in their order, the empty ones too. The bytes are good until Reset.
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

// partsOf returns the Parts that are rendered to, and nil when the page goes elsewhere. What templ holds back is
// written first.
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

// part begins another part of the page. It shows nothing.
func part(kind PartKind) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		parts, err := partsOf(w)
		if parts != nil {
			parts.cuts = append(parts.cuts, partCut{kind, len(parts.html)})
		}
		return err
	})
}

// List is what the element with a channel's messages depends on, besides the messages: whoever has the same List sees
// the same bytes. It is comparable.
type List struct {
	Slug        string
	Title       string // what the reader calls the channel
	Moderated   bool   // the reader may take messages away
	Fresh       int64  // the message before which the "New" line stands; 0: none
	Highlighted int64  // the permalink's message; 0: none
}

// ListOf returns what the list of a page depends on.
func ListOf(s Layout, p chat.MessagePage, v ChannelView) List {
	return List{
		Slug: p.Channel.Slug, Title: title(p.Channel), Fresh: newLine(p, s.Me.ID), Highlighted: v.Highlighted,
		Moderated: p.Access.CanModerate() && !p.Channel.Archived(),
	}
}

// MessageList renders a page's list alone, in pieces. The messages among them are the page's rows themselves, not
// copies.
func MessageList(p chat.MessagePage, l List) [][]byte {
	var w pieces
	_ = messageList(p, l).Render(context.Background(), &w) // it takes everything
	return w
}

// pieces takes what was rendered in the pieces in which it comes.
type pieces [][]byte

// Write takes a copy.
func (w *pieces) Write(b []byte) (int, error) {
	*w = append(*w, bytes.Clone(b))
	return len(b), nil
}

// rawRow puts rows into a page as they were rendered.
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

// list puts the list into a page, unless it is left out.
func list(p chat.MessagePage, l List) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if parts, err := partsOf(w); err != nil || parts != nil && parts.WithoutList {
			return err
		}
		return messageList(p, l).Render(ctx, w)
	})
}
