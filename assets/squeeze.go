package assets

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// packer is the module of the library, with its version: another one may give others bytes. A test holds that it is the
// one of go.mod.
const packer = "github.com/tdewolff/minify/v2 v2.24.25"

// bundle puts what people wrote after each other, without what only people need. Others' files stay as they are.
func bundle(patterns []string) []byte {
	var b, own bytes.Buffer
	list := sources(patterns)
	for i, name := range names(patterns) {
		switch source := list[i]; {
		case strings.HasPrefix(name, "node_modules/"):
			b.Write(source)
			b.WriteByte('\n')
		case strings.HasSuffix(name, ".js"):
			fmt.Fprintf(&own, "{\n%s}\n", source) // a block each: what a file declares is its own
		case strings.HasSuffix(name, ".css"):
			squeezeStyle(&b, source)
			b.WriteByte('\n')
		default:
			b.Write(source)
		}
	}
	b.Write(squeezeScripts(own.Bytes()))
	return b.Bytes()
}

// squeezeScripts leaves out of our own scripts what only people need, down to the names of local variables. Between
// files it knows of no others: what one makes global keeps its name.
func squeezeScripts(source []byte) []byte {
	var b bytes.Buffer
	if err := js.Minify(minify.New(), &b, bytes.NewReader(source), nil); err != nil {
		panic(fmt.Sprintf("assets: %v", err)) // embedded: a test has made it
	}
	return b.Bytes()
}

// squeezeStyle leaves out of a style sheet what only people need: comments on lines of their own, indents, empty lines,
// ends of lines, and spaces that nothing needs. It knows our own files' style, and no more: no string spans lines, or
// holds the beginning of a comment, a comma before a space, or a colon. A library's would be some bytes larger, packed.
func squeezeStyle(b *bytes.Buffer, source []byte) {
	comment := false
	for line := range bytes.Lines(source) {
		line = bytes.TrimSpace(line)
		comment = comment || bytes.HasPrefix(line, []byte("/*"))
		if comment {
			comment = !bytes.HasSuffix(line, []byte("*/"))
			continue
		}
		if len(line) == 0 {
			continue
		}
		line = tight(line)
		if line[0] == '}' && bytes.HasSuffix(b.Bytes(), []byte(";")) {
			b.Truncate(b.Len() - 1)
		}
		b.Write(line)
		if !bytes.ContainsAny(line[len(line)-1:], "{;,}") {
			b.WriteByte('\n')
		}
	}
}

// tight leaves out the spaces of a style sheet's line that nothing needs: after commas, around the signs of children
// and of later siblings, and braces, and after a property's name.
func tight(line []byte) []byte {
	for _, sign := range []string{", ", " > ", " ~ ", " { ", "; }"} {
		line = bytes.ReplaceAll(line, []byte(sign), []byte(strings.ReplaceAll(sign, " ", "")))
	}
	if rule, ok := bytes.CutSuffix(line, []byte(" {")); ok {
		return append(rule, '{')
	}
	if property, value, ok := bytes.Cut(line, []byte(": ")); ok && bytes.HasSuffix(line, []byte(";")) {
		return slices.Concat(property, []byte(":"), value)
	}
	return line
}
