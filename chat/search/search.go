// Package search finds texts by any part of their words. It knows how to read a query, and how to keep and ask an
// index; it knows no database, no HTML page and no channel.
//
// The index consists of blocks. Each covers some thousands of entries, as the messages of a chat are, and holds a
// dictionary of their words, in which a part of a word is looked for as in any text. Since the words of a language are
// few and its texts are many, that takes milliseconds for a million messages, where an index of all parts of words is
// several times larger than the texts. Scripts without spaces are indexed by pairs of characters.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold makes texts equal that differ only in case, accents, width and compatibility forms, in kinds of quotation marks
// and dashes, or in white space. A control character becomes a space.
func Fold(text string) string {
	if plain(text) {
		return foldPlain(text)
	}
	folded, _ := foldWithOrigin(text, false)
	return folded
}

// plain reports whether a text is ASCII.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func foldPlain(text string) string {
	b := []byte(strings.ToLower(text))
	space := false
	folded := b[:0]
	for _, c := range b {
		if c <= ' ' || c == 0x7f {
			if !space {
				folded = append(folded, ' ')
			}
			space = true
			continue
		}
		folded, space = append(folded, c), false
	}
	return string(folded)
}

// foldWithOrigin is Fold. With origin it also returns, for each byte of the folded text and for its end, where in the
// text it comes from.
func foldWithOrigin(text string, origin bool) (folded string, from []int) {
	var b strings.Builder
	b.Grow(len(text))
	caser := cases.Fold()
	space := false
	for at := 0; at < len(text); {
		// What is between two boundaries is folded alone, so that a text folds as its parts do.
		n := max(1, norm.NFKD.NextBoundaryInString(text[at:], true))
		if n > maxSegment {
			n = maxSegment
		}
		part := foldSegment(caser, text[at:at+n])
		for _, r := range part {
			if unicode.IsSpace(r) || unicode.IsControl(r) {
				if space {
					continue
				}
				r = ' '
			}
			space = r == ' '
			before := b.Len()
			b.WriteRune(r)
			for ; origin && before < b.Len(); before++ {
				from = append(from, at)
			}
		}
		at += n
	}
	if origin {
		from = append(from, len(text))
	}
	return b.String(), from
}

// maxSegment bounds what is folded at a time, in bytes: a letter with its accents. A longer one is an attack.
const maxSegment = 128

func foldSegment(caser cases.Caser, s string) string {
	if len(s) == 1 && s[0] < utf8.RuneSelf {
		return strings.ToLower(s)
	}
	if r, n := utf8.DecodeRuneInString(s); n == len(s) && unchanged(r) {
		return s
	}
	s = strings.Map(foldRune, norm.NFKD.String(s))
	return norm.NFC.String(caser.String(s))
}

// unchanged reports whether a character alone is folded: most of the texts of East Asia are.
func unchanged(r rune) bool { return r >= 0x3041 && r < 0x3097 || r >= 0x4e00 && r < 0xa000 }

// foldRune drops accents and vowel points, which many leave out when they type, and maps letters that Unicode does not
// decompose.
func foldRune(r rune) rune {
	switch {
	case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7 && unicode.Is(unicode.Mn, r), r >= 0x64b && r <= 0x65f,
		r == 0x670, r == 0xad, r >= 0x200b && r <= 0x200f, r == 0x2060, r == 0xfeff, r >= 0xfe00 && r <= 0xfe0f:
		return -1
	}
	if plain, ok := folds[r]; ok {
		return plain
	}
	return r
}

var folds = map[rune]rune{
	'ø': 'o', 'Ø': 'o', 'ł': 'l', 'Ł': 'l', 'đ': 'd', 'Đ': 'd', 'ð': 'd', 'Ð': 'd', 'ħ': 'h', 'Ħ': 'h', 'ı': 'i',
	'\u2018': '\'', '\u2019': '\'', '\u201a': '\'', '\u201b': '\'', '\u2032': '\'', '\u00b4': '\'',
	'\u201c': '"', '\u201d': '"', '\u201e': '"', '\u201f': '"', '\u2033': '"', '\u00ab': '"', '\u00bb': '"',
	'\u2010': '-', '\u2011': '-', '\u2012': '-', '\u2013': '-', '\u2014': '-', '\u2015': '-', '\u2212': '-',
}
