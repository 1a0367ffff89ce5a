package markdown

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// addressed is what a link of people may lead to: a host, a person's mail, or a channel, a message or a user here.
// Browsers take https:x.example and http:///x for addresses of hosts, while a parser finds none in them, so that they
// would lead out without what links to other hosts bear. Other paths here do something, such as /signout.
var addressed = regexp.MustCompile(`^(?i:https?://[^/?#\\@:\s][^\\\s?#]*|mailto:[^@\s?]+@[^@\s?/]+)([?#]\S*)?$|` +
	`^/(c/[^/?#\\\s]+(/[0-9]+)?|u/[^/?#\\\s]+)([?#]\S*)?$`)

// allLead reports whether all definitions of addresses in a text lead anywhere: [^1]: note is a footnote.
func allLead(pc parser.Context) bool {
	return !slices.ContainsFunc(pc.References(), func(r parser.Reference) bool { return !leads(r.Destination()) })
}

// leads reports whether a link with that destination, as it was typed, is one. No part of a path here is . or .., which
// a browser resolves.
func leads(destination []byte) bool {
	address := string(util.URLEscape(destination, true))
	parsed, err := url.Parse(address)
	return err == nil && addressed.MatchString(address) && (parsed.Host != "" || parsed.Scheme != "" ||
		!strings.Contains(parsed.Path+"/", "/./") && !strings.Contains(parsed.Path+"/", "/../"))
}

// linkParser parses links and images. One that leads nowhere is text as it was typed, with what its words are formatted
// as.
type linkParser struct{ parser.InlineParser }

// CloseBlock is called at the end of a block.
func (p linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// Parse returns a link or an image that ends here, or what may begin one.
func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	_, here := block.PeekLine()
	line, _ := block.Position()
	n := p.InlineParser.Parse(parent, block, pc)
	var destination []byte
	switch n := n.(type) {
	case *ast.Link:
		destination = n.Destination
	case *ast.Image:
		destination = n.Destination
	default:
		return n
	}
	source := block.Source()
	if leads(destination) {
		if n.Kind() == ast.KindLink && len(bytes.TrimSpace(descriptionOf(n, source))) == 0 { // else nobody would see it
			n.AppendChild(n, ast.NewString(destination))
		}
		return n
	}
	end, after := block.Position()
	typed := func(start, stop int) ast.Node {
		s := ast.NewString(source[start:stop]) // not a Text: nobody is mentioned in it
		s.SetRaw(true)
		return s
	}
	opening := n.Pos() + 1
	if n.Kind() == ast.KindImage {
		opening++
	}
	parent.AppendChild(parent, typed(n.Pos(), opening))
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		parent.AppendChild(parent, c)
		c = next
	}
	for block.SetPosition(line, here); line < end; line++ { // its address may be on the next line of a quote
		_, part := block.PeekLine()
		parent.AppendChild(parent, typed(part.Start, part.Stop))
		block.AdvanceLine()
	}
	_, part := block.PeekLine()
	block.SetPosition(end, after)
	return typed(part.Start, after.Start)
}
