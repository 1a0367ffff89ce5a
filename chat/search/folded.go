package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Folded is a long text with its folded form, and about where what is where. Fold is slow where letters are not plain,
// and knowing where each of them comes from takes ten times as long as that.
type Folded struct {
	text, folded string
	parts        []foldedPart
}

// foldedPart is where a part begins in a text, and in its folded form.
type foldedPart struct{ text, folded int }

// partSize is the size of a part, in bytes: in most languages many such parts are plain.
const partSize = 128

// NewFolded folds a text, as Fold does.
func NewFolded(text string) *Folded {
	f := &Folded{text: text}
	var b strings.Builder
	b.Grow(len(text))
	caser, space := cases.Fold(), false // a space was the last
	for at := 0; at < len(text); {
		part := partOf(text[at:])
		f.parts = append(f.parts, foldedPart{at, b.Len()})
		folded := ""
		if plain(part) {
			folded = foldPlain(part)
		} else {
			folded = strings.Map(spaces(), foldLetters(caser, part))
		}
		if space {
			folded = strings.TrimPrefix(folded, " ")
		}
		if folded != "" {
			space = strings.HasSuffix(folded, " ")
		}
		b.WriteString(folded)
		at += len(part)
	}
	f.folded = b.String()
	return f
}

// Has reports whether the text has all of the words.
func (f *Folded) Has(words []Word) bool {
	return !slices.ContainsFunc(words, func(w Word) bool { return !w.In(f.folded) })
}

// Index returns where the text has a word first, give or take some bytes; -1: nowhere.
func (f *Folded) Index(w Word) int {
	n := strings.Index(f.folded, w.text)
	if n < 0 || len(f.parts) == 0 {
		return n
	}
	i, found := slices.BinarySearchFunc(f.parts, n, func(p foldedPart, n int) int { return p.folded - n })
	if !found {
		i--
	}
	p := f.parts[i]
	_, from := foldWithOrigin(partOf(f.text[p.text:]))
	return p.text + from[min(n-p.folded, len(from)-1)]
}

// partOf returns the beginning of a text that is folded alone: up to a space if one is near, else to where no letter
// goes on.
func partOf(text string) string {
	if len(text) <= 2*partSize {
		return text
	}
	if n := strings.IndexByte(text[partSize:2*partSize], ' '); n >= 0 {
		return text[:partSize+n]
	}
	n := partSize
	for n > partSize/2 && (!utf8.RuneStart(text[n]) || !norm.NFKC.PropertiesString(text[n:]).BoundaryBefore()) {
		n--
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:max(n, 1)]
}
