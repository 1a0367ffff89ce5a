// Package markdown makes HTML of what people write: CommonMark with the tables, strikethrough and task lists of GFM,
// and these differences:
//
//   - A line break is a break.
//   - HTML is text: it is shown as it was typed.
//   - An image is a link to it, and a heading a bold line.
//   - A link leads to a host, to a person's mail, or to a channel, a message or a user here; all else is no link.
//   - Addresses, mentions and the like are found by the caller, which passes them as spans: they are links wherever the
//     text is not code.
//
// The result has passed a sanitizer that knows nothing of how it was made. The time is about linear in the length of
// the text, whatever the text: a text that would be expensive, or nested too deeply for browsers, is shown as it was
// typed.
package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Span is a part of a text, src[Start:End], that is a link to Href, or an emoji, wherever the text is not code. It
// holds no line break.
type Span struct {
	Start, End int
	Href       string // "" for an element that is no link
	Class      string // of the element; "" for none. The sanitizer must know it.
	Picture    string // the address of a custom emoji, which stands in place of the text, in links too; "" for none
	Emoji      string // stands in place of the text, in links too; "" for none
}

// Render returns the HTML of a text, or "" for one that is to be shown as it was typed. Spans must be sorted and not
// overlap. A text of a single paragraph is returned without the <p> around it: blocks reports whether the result is
// made of blocks instead.
func Render(src string, spans []Span) (html string, blocks bool) {
	if len(spans) == 0 && Plain(src) {
		return "", false
	}
	source := []byte(src)
	doc, ok := parse(source, spans)
	if !ok {
		return "", false
	}
	var raw bytes.Buffer
	if err := renderer.Render(&raw, source, doc); err != nil { // a buffer never fails
		return "", false
	}
	if raw.Len() > 2*MaxHTMLLen { // hardly less of it is left
		return "", false
	}
	out := string(bytes.TrimSpace(policy.SanitizeBytes(raw.Bytes())))
	if len(out) > MaxHTMLLen {
		return "", false
	}
	if inner, ok := onlyParagraph(out); ok {
		return inner, false
	}
	return out, true
}

// onlyParagraph returns the content of a document that is a single paragraph.
func onlyParagraph(html string) (string, bool) {
	inner, ok := strings.CutPrefix(html, "<p>")
	if !ok {
		return "", false
	}
	inner, ok = strings.CutSuffix(inner, "</p>")
	return inner, ok && !strings.Contains(inner, "<p>")
}

// parse returns the document, and false if the text is to be shown as it was typed.
func parse(source []byte, spans []Span) (ast.Node, bool) {
	f := featuresFor(source)
	var pc parser.Context
	read := func(f features) ast.Node {
		pc = parser.NewContext()
		if len(spans) > 0 {
			pc.Set(spansKey, &finder{source: source, spans: spans})
		}
		return parsers[f].Parse(text.NewReader(source), parser.WithContext(pc))
	}
	doc := read(f)
	if f&references != 0 && !(hasReference(doc) && allLead(pc)) { // "[note]: buy milk" defines no address, or for nothing
		doc = read(f &^ references)
	}
	return doc, shallow(doc, maxDepth)
}

// hasReference reports whether a link below a node has its address from elsewhere in the text.
func hasReference(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Link:
			if c.Reference != nil {
				return true
			}
		case *ast.Image:
			if c.Reference != nil {
				return true
			}
		}
		if hasReference(c) {
			return true
		}
	}
	return false
}

// MaxHTMLLen is the limit of the HTML of a text, in bytes. A text with more is shown as it was typed: every reader
// would pay for what is many times longer than its text.
const MaxHTMLLen = 64 << 10

// maxDepth is the limit of elements within each other.
const maxDepth = 40

// shallow reports whether a node has at most so many levels below it.
func shallow(n ast.Node, levels int) bool {
	if levels < 0 {
		return false
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if !shallow(c, levels-1) {
			return false
		}
	}
	return true
}

// within reports whether a node has an ancestor of that kind.
func within(n ast.Node, kind ast.NodeKind) bool {
	for n = n.Parent(); n != nil; n = n.Parent() {
		if n.Kind() == kind {
			return true
		}
	}
	return false
}
