package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxNesting is the limit of quotes and lists within each other; a list counts twice, with its item. Each line costs as
// many steps as are open.
const maxNesting = 30

// deepParser makes a paragraph of a line that would open a quote or a list too deep within others. The rest of the text
// goes on being formatted.
type deepParser struct{ parser.BlockParser }

// Trigger returns what a quote or a list may begin with.
func (deepParser) Trigger() []byte { return []byte(">-+*0123456789") }

// CanInterruptParagraph is true, as it is for quotes and lists.
func (deepParser) CanInterruptParagraph() bool { return true }

// Open returns the paragraph, or nil where a quote or a list is not too deep, or does not begin.
func (d deepParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	if parent.Kind() == ast.KindList || !opensBlock(line, pc.BlockOffset()) || levels(parent) < maxNesting {
		return nil, parser.NoChildren
	}
	return d.BlockParser.Open(parent, reader, pc)
}

// levels returns the number of nodes around what is in a node.
func levels(n ast.Node) (levels int) {
	for ; n != nil; n = n.Parent() {
		levels++
	}
	return levels - 1 // the document is none
}

// opensBlock reports whether a line has the marker of a quote or a list at an offset: that of a list is followed by
// space, so that neither ----+---- nor **bold** is one.
func opensBlock(line []byte, at int) bool {
	if at < 0 || at >= len(line) {
		return false
	}
	if line[at] == '>' {
		return true
	}
	end := at
	for end < len(line) && '0' <= line[end] && line[end] <= '9' {
		end++
	}
	if end > at && (end == len(line) || line[end] != '.' && line[end] != ')') {
		return false
	}
	end++ // after the sign
	return end >= len(line) || line[end] == ' ' || line[end] == '\t' || line[end] == '\n'
}
