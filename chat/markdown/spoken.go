package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Spoken returns a text of the same length in which all is blank but the words that readers see as the author's own:
// what is said in a message, as opposed to shown or repeated. Code and quotes are blank, links and pictures with their
// addresses and titles, the language of code, and signs of Markdown. So nobody is notified of what nobody sees.
func Spoken(src string) string {
	if Plain(src) {
		return src
	}
	source := []byte(src)
	doc, ok := parse(source, nil)
	if !ok {
		return spokenLines(source)
	}
	spoken := blanked(source)
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // fails only if the function does
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Blockquote, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.CodeSpan, *ast.Link, *ast.Image, *ast.AutoLink:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			// with the signs around it, as in @*Ada*: they are part of the mention
			from, to := n.Segment.Start, n.Segment.Stop
			for from > 0 && strings.IndexByte("*_~", source[from-1]) >= 0 {
				from--
			}
			for to < len(source) && strings.IndexByte("*_~", source[to]) >= 0 {
				to++
			}
			copy(spoken[from:], source[from:to])
		}
		return ast.WalkContinue, nil
	})
	return string(spoken)
}

// spokenLines is Spoken for a text that is shown as it was typed: people read its quotes and its fences all the same.
func spokenLines(source []byte) string {
	spoken := blanked(source)
	fence, at := "", 0
	for line := range bytes.Lines(source) {
		begin := strings.TrimLeft(string(line), " \t")
		switch {
		case fence != "":
			if strings.HasPrefix(begin, fence) {
				fence = ""
			}
		case strings.HasPrefix(begin, "```"), strings.HasPrefix(begin, "~~~"):
			fence = begin[:3]
		case !strings.HasPrefix(begin, ">"):
			copy(spoken[at:], line)
		}
		at += len(line)
	}
	return string(spoken)
}

// blanked returns as many spaces as a text has bytes, and its line breaks.
func blanked(source []byte) []byte {
	blank := bytes.Repeat([]byte{' '}, len(source))
	for i, c := range source {
		if c == '\n' {
			blank[i] = c
		}
	}
	return blank
}
