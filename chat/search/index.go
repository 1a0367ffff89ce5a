package search

import (
	"strings"
	"unicode/utf8"
)

// mappedAtOnce is the size of the parts in which Index looks for an offset, in bytes: what is folded with its origin
// takes ten times as long.
const mappedAtOnce = 2048

// Index returns about where a long text has a word first; 0 if nowhere. In a text with white space side by side it may
// be a little beside it.
func Index(text string, w Word) int {
	n := strings.Index(Fold(text), w.text)
	if n < 0 {
		return 0
	}
	for at := 0; at < len(text); {
		part := partOf(text[at:])
		folded := len(part) // most letters keep their size
		if !plain(part) {
			folded = len(Fold(part))
		}
		if n < folded {
			_, from := foldWithOrigin(part)
			return at + from[min(n, len(from)-1)]
		}
		n, at = n-folded, at+len(part)
	}
	return 0
}

// partOf returns the beginning of a text, up to a space if one is near.
func partOf(text string) string {
	if len(text) <= mappedAtOnce {
		return text
	}
	if n := strings.IndexByte(text[mappedAtOnce:min(len(text), 2*mappedAtOnce)], ' '); n >= 0 {
		return text[:mappedAtOnce+n]
	}
	n := mappedAtOnce
	for !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
