package filetext

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errFull ends the reading of a text that is long enough.
var errFull = errors.New("the text is as long as it may be")

// line is a text that is being taken out: of MaxText bytes at most, with one space for any white space, and without
// control characters. The zero value is empty.
type line struct {
	b     strings.Builder
	space bool // before what comes next
}

// add adds a part of the text, in which a character is not cut. The error is errFull.
func (l *line) add(s string) error {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			l.end()
			continue
		case unicode.IsControl(r):
			continue
		}
		if l.b.Len()+utf8.RuneLen(r)+1 > MaxText {
			return errFull
		}
		if l.space {
			l.b.WriteByte(' ')
			l.space = false
		}
		l.b.WriteRune(r) // U+FFFD for what is no UTF-8
	}
	return nil
}

// end ends a word.
func (l *line) end() { l.space = l.b.Len() > 0 }

func (l *line) String() string { return l.b.String() }
