package views

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"chitchat/chat"
)

// What a quote shows of a message's text.
const (
	quoteLines = 5
	quoteLen   = 400 // characters
)

// quoteFiles returns the number of a message's files in words.
func quoteFiles(m chat.Message) string {
	if n := len(m.Attachments); n != 1 {
		return strconv.Itoa(n) + " files"
	}
	return "1 file"
}

// quoteBody returns the formatted beginning of a message's text.
func quoteBody(m chat.Message) string {
	return string(shorten(appendBody(nil, &m), quoteLines, quoteLen))
}

// startsLine are the elements whose content begins on a line of its own.
var startsLine = []atom.Atom{atom.P, atom.Br, atom.Li, atom.Pre, atom.Blockquote, atom.Tr, atom.Hr, atom.Div}

// void are the elements of messages that have no content, and no end tag.
var void = []atom.Atom{atom.Br, atom.Img, atom.Hr, atom.Input}

// shortening counts the lines and characters of a text that is being shortened.
type shortening struct {
	lines, most int // that fit
	line, n     int
	begun       bool // the line has text
	breaks      int  // line breaks after it; they count once text follows
}

// fitting returns how many bytes of a text fit.
func (s *shortening) fitting(said string) int {
	for i, r := range said {
		if s.n++; r == '\n' && s.begun {
			s.breaks++
		} else if !unicode.IsSpace(r) {
			s.line, s.breaks, s.begun = s.line+s.breaks, 0, true
		}
		if s.n > s.most || s.line > s.lines {
			return i
		}
	}
	return len(said)
}

// breakLine begins another line, unless this one is empty, and reports whether it fits.
func (s *shortening) breakLine() bool {
	if s.begun {
		s.line, s.breaks, s.begun = s.line+1, 0, false
	}
	return s.line <= s.lines
}

// shorten returns the beginning of a message's HTML, which is well-formed, with all elements closed; an ellipsis ends
// its text if that was cut. What does not show is not there: a hidden link could be reached by the keyboard.
func shorten(text []byte, lines, most int) []byte {
	s := shortening{lines: lines, most: most, line: 1}
	var b []byte
	var open []string
	end := 0 // of the last text, in b
	for z := html.NewTokenizer(bytes.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return b
		case html.TextToken:
			said := string(z.Text())
			fits := s.fitting(said)
			if shown := strings.TrimRightFunc(said[:fits], unicode.IsSpace); shown != "" {
				end = len(appendEscaped(b, shown))
			}
			if b = appendEscaped(b, said[:fits]); fits < len(said) {
				return cutAt(b, end, open)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := bytes.Clone(z.Raw())
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if slices.Contains(startsLine, tag) && !s.breakLine() {
				return cutAt(b, end, open)
			}
			if b = append(b, raw...); !slices.Contains(void, tag) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			b = append(b, z.Raw()...)
			open = open[:max(0, len(open)-1)]
		default:
		}
	}
}

// cutAt returns HTML with an ellipsis at end, after which there is no text, and its open elements closed.
func cutAt(b []byte, end int, open []string) []byte {
	b = slices.Insert(bytes.TrimRight(b, " \n"), end, []byte("…")...)
	for _, tag := range slices.Backward(open) {
		b = append(append(append(b, "</"...), tag...), '>')
	}
	return b
}
