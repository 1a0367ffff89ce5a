package assets

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// packer is the module of the minifier, with its version: another version may produce other bytes. A test checks that
// go.mod has this version.
const packer = "github.com/tdewolff/minify/v2 v2.24.25"

// bundle joins the files that the patterns match, and minifies our own. Other projects' files are minified already.
func bundle(patterns []string) []byte {
	var b, own bytes.Buffer
	list := sources(patterns)
	for i, name := range names(patterns) {
		switch source := list[i]; {
		case strings.HasSuffix(name, ".svg"): // each lies over those before it, inside of the first
			b = *bytes.NewBuffer(bytes.TrimSuffix(b.Bytes(), []byte("</svg>")))
			b.Write(bytes.TrimSpace(source))
			if i > 0 {
				b.WriteString("</svg>")
			}
		case strings.HasPrefix(name, "node_modules/"):
			b.Write(source)
			b.WriteByte('\n')
		case strings.HasSuffix(name, ".js"):
			fmt.Fprintf(&own, "{\n%s}\n", source) // a block each, so that a file's declarations are local
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

// squeezeScripts minifies our own scripts, including the names of local variables. Files are blocks of one script: only
// names set on global objects survive.
func squeezeScripts(source []byte) []byte {
	var b bytes.Buffer
	if err := js.Minify(minify.New(), &b, bytes.NewReader(source), nil); err != nil {
		panic(fmt.Sprintf("assets: %v", err)) // embedded: a test has parsed it
	}
	return b.Bytes()
}

// squeezeStyle removes from a style sheet comments on lines of their own, indents, empty lines, line breaks, and
// needless spaces. It supports only our own files' style: no string spans lines, or contains the beginning of a
// comment, a comma before a space, or a colon. A library's output would be some bytes larger when compressed.
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

// tight removes needless spaces from a style sheet's line: after commas, around child and sibling combinators and
// braces, and after a property's name.
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
