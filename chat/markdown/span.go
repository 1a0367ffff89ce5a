package markdown

import (
	"bytes"
	"slices"
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Spans become links in two ways. While inlines are parsed, a span is taken out of the text as soon as the parser comes
// to a punctuation character of it, so that *, _ and [ within an address format nothing. What is left, such as a name
// after a full-width @, is found in the text nodes afterwards.

var spansKey = parser.NewContextKey()

// finder finds the spans of a text.
type finder struct {
	source []byte
	spans  []Span
}

// at returns the span around a position.
func (f *finder) at(pos int) (Span, bool) {
	i := sort.Search(len(f.spans), func(i int) bool { return f.spans[i].End > pos })
	if i == len(f.spans) || f.spans[i].Start > pos {
		return Span{}, false
	}
	return f.spans[i], true
}

var kindSpan = ast.NewNodeKind("Span")

// spanNode is a span in the document.
type spanNode struct {
	ast.BaseInline
	Span
}

// Kind returns the kind of the node.
func (n *spanNode) Kind() ast.NodeKind { return kindSpan }

// Dump prints the node, to look for faults.
func (n *spanNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Href": n.Href}, nil)
}

func newSpanNode(s Span) *spanNode {
	n := &spanNode{Span: s}
	n.SetPos(s.Start)
	return n
}

// spanParser takes spans out of the text.
type spanParser struct{}

// Trigger returns the punctuation that comes first in an address, a mention, a channel and an emoji.
func (spanParser) Trigger() []byte { return []byte{':', '.', '@', '#'} }

// Parse returns the span around this position, if it is whole in this line.
func (spanParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	f, _ := pc.Get(spansKey).(*finder)
	if f == nil {
		return nil
	}
	_, here := block.PeekLine()
	s, ok := f.at(here.Start)
	if !ok || s.End > here.Stop {
		return nil
	}
	if before := here.Start - s.Start; before > 0 { // it has been added as text
		last, ok := parent.LastChild().(*ast.Text)
		if !ok || last.Segment.Stop != here.Start || last.Segment.Start > s.Start {
			return nil
		}
		last.Segment = last.Segment.WithStop(s.Start)
	}
	block.Advance(s.End - here.Start)
	return newSpanNode(s)
}

// spanTransformer makes text of HTML, and joins the text that the parser has cut at punctuation, so that an entity such
// as &#42; is whole. Then it finds the spans in the text, and makes text of those in a link, which cannot be links.
type spanTransformer struct{}

// Transform changes the document in place.
func (spanTransformer) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	unwrapHTML(doc, reader.Source())
	joinTexts(doc, reader.Source())
	f, _ := pc.Get(spansKey).(*finder)
	if f == nil {
		return
	}
	var texts []*ast.Text
	var nested []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // fails only if the function does
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if !within(n, ast.KindLink) && !within(n, ast.KindImage) {
				texts = append(texts, n)
			}
		case *spanNode:
			if within(n, ast.KindLink) && n.Picture == "" && n.Emoji == "" || within(n, ast.KindImage) {
				nested = append(nested, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range nested {
		s := n.(*spanNode).Span
		n.Parent().ReplaceChild(n.Parent(), n, ast.NewTextSegment(text.NewSegment(s.Start, s.End)))
	}
	for _, t := range texts {
		f.split(t)
	}
}

// unwrapHTML replaces HTML below a node by text that is shown as it was typed.
func unwrapHTML(n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		switch html := c.(type) {
		case *ast.HTMLBlock:
			p := ast.NewParagraph()
			lines := html.Lines().Sliced(0, html.Lines().Len())
			if html.HasClosure() {
				lines = append(lines, html.ClosureLine)
			}
			for i, line := range lines {
				t := ast.NewRawTextSegment(line)
				t.SetSoftLineBreak(i < len(lines)-1)
				p.AppendChild(p, t)
			}
			n.ReplaceChild(n, c, p)
		case *ast.RawHTML:
			for _, s := range html.Segments.Sliced(0, html.Segments.Len()) {
				t := ast.NewRawTextSegment(s)
				t.SetSoftLineBreak(bytes.HasSuffix(s.Value(source), []byte("\n")))
				n.InsertBefore(n, c, t)
			}
			n.RemoveChild(n, c)
		default:
			unwrapHTML(c, source)
		}
		c = next
	}
}

// joinTexts joins the text nodes below a node that follow each other in the source.
func joinTexts(n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		before, isText := c.PreviousSibling().(*ast.Text)
		now, areTexts := c.(*ast.Text)
		switch {
		case !areTexts:
			joinTexts(c, source)
		case isText && before.Segment.Len() > 0 && !before.SoftLineBreak() && !before.HardLineBreak() &&
			before.Merge(now, source):
			n.RemoveChild(n, now)
		}
		c = next
	}
}

// split takes the spans out of a text node.
func (f *finder) split(t *ast.Text) {
	from, _ := slices.BinarySearchFunc(f.spans, t.Segment.Start, func(s Span, at int) int { return s.Start - at })
	for _, s := range f.spans[from:] {
		if s.End > t.Segment.Stop {
			return
		}
		before := ast.NewTextSegment(t.Segment.WithStop(s.Start))
		before.SetRaw(t.IsRaw())
		t.Parent().InsertBefore(t.Parent(), t, before)
		t.Parent().InsertBefore(t.Parent(), t, newSpanNode(s))
		t.Segment = t.Segment.WithStart(s.End)
	}
}
