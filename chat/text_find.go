package chat

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// foldText makes texts equal that differ only in case or width, for searches. It is for texts longer than a name: its
// result is hardly longer than the text, while in a NameKey one letter can become eighteen.
func foldText(s string) string { return cases.Fold().String(width.Fold.String(norm.NFC.String(s))) }

// finder searches for a word in texts that were folded before.
type finder struct {
	key  string // for names
	text string // for everything else
}

// newFinder returns a finder for a query; an empty query matches everything.
func newFinder(query string) finder {
	query = ListQuery{Text: query}.clean().Text
	return finder{NameKey(query), foldText(query)}
}

// inKey reports whether the name with this NameKey contains the word.
func (f finder) inKey(key string) bool { return f.holds(key, f.key) }

// inText reports whether a text folded by foldText contains the word.
func (f finder) inText(folded string) bool { return f.holds(folded, f.text) }

// holds reports false for a word without a key: no name contains it.
func (f finder) holds(in, word string) bool {
	return strings.Contains(in, word) && (word != "" || f.text == "")
}
