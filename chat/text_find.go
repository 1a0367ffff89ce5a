package chat

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// foldText makes texts equal that differ in case or in width alone, for searching in them. It is for texts that are
// longer than a name: what it returns is hardly longer than they are, while one letter can become eighteen of a
// NameKey.
func foldText(s string) string { return cases.Fold().String(width.Fold.String(norm.NFC.String(s))) }

// finder finds a word that someone looks for in what the program has folded before.
type finder struct {
	key  string // for names
	text string // for all else
}

// newFinder makes one of what someone typed; it finds all when that is nothing.
func newFinder(query string) finder {
	query = ListQuery{Text: query}.clean().Text
	return finder{NameKey(query), foldText(query)}
}

// inKey reports whether a name, of which this is the NameKey, holds the word.
func (f finder) inKey(key string) bool { return f.holds(key, f.key) }

// inText reports whether a text that foldText has folded holds the word.
func (f finder) inText(folded string) bool { return f.holds(folded, f.text) }

// holds never finds a word that has no key: nothing is called so.
func (f finder) holds(in, word string) bool {
	return strings.Contains(in, word) && (word != "" || f.text == "")
}
