package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A folded text consists of runs: letters and digits are a word, each other sign stands alone, and what is written
// without spaces between words is indexed by pairs of characters.

type runKind byte

const (
	spaceRun runKind = iota
	wordRun
	pairRun // of a script without spaces
	signRun
)

func kindOf(r rune) runKind {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r >= 'A' && r <= 'Z':
			return wordRun
		case r <= ' ' || r == 0x7f:
			return spaceRun
		}
		return signRun
	case unicode.In(r, unspaced...):
		return pairRun
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return wordRun
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return spaceRun
	}
	return signRun
}

// unspaced are the scripts that are written without spaces between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer,
	unicode.Myanmar,
	{R16: []unicode.Range16{{Lo: 0x3005, Hi: 0x3007, Stride: 1}, {Lo: 0x30fc, Hi: 0x30fc, Stride: 1}}}, // 々 〆 〇 ー
}

// eachRun calls fn with every run of a folded text but spaces, and where it begins.
func eachRun(text string, fn func(kind runKind, at int, run string)) {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		kind, end := kindOf(r), at+size
		for kind != signRun && end < len(text) {
			r, size = utf8.DecodeRuneInString(text[end:])
			if kindOf(r) != kind {
				break
			}
			end += size
		}
		if kind != spaceRun {
			fn(kind, at, text[at:end])
		}
		at = end
	}
}

// eachWord calls fn with everything by which a folded text is indexed.
func eachWord(text string, fn func(word string)) {
	eachRun(text, func(kind runKind, _ int, run string) {
		if kind == pairRun {
			eachPair(run, fn)
		} else {
			fn(run)
		}
	})
}

// eachPair calls fn with every two neighbouring characters of a run, or with its only one.
func eachPair(run string, fn func(pair string)) {
	_, first := utf8.DecodeRuneInString(run)
	if first == len(run) {
		fn(run)
		return
	}
	for at := 0; at+first < len(run); {
		_, second := utf8.DecodeRuneInString(run[at+first:])
		fn(run[at : at+first+second])
		at, first = at+first, second
	}
}

// Word is a part of a text that is looked for: a part of a word, or of several words with what is between them.
type Word struct {
	text   string   // folded
	pieces []string // parts of a dictionary, all of which are there if the word is
	exact  bool     // a text has the word if the dictionary's words with its piece are in it
}

// maxPieces bounds how often a dictionary is looked through for a word.
const maxPieces = 6

// NewWord returns the word that is looked for. It has no text if there is nothing in it that can be found.
func NewWord(text string) Word {
	w := Word{text: strings.TrimSpace(Fold(text))}
	eachRun(w.text, func(kind runKind, at int, run string) {
		switch {
		case kind == pairRun && utf8.RuneCountInString(run) == 1:
			w.pieces = append(w.pieces, run) // anywhere in a pair
		case kind == pairRun:
			eachPair(run, func(pair string) { w.pieces = append(w.pieces, "\n"+pair+"\n") })
		default:
			piece := run
			if at > 0 || kind == signRun {
				piece = "\n" + piece
			}
			if at+len(run) < len(w.text) || kind == signRun {
				piece += "\n"
			}
			w.pieces = append(w.pieces, piece)
		}
	})
	w.exact = len(w.pieces) == 1
	w.pieces = w.pieces[:min(len(w.pieces), maxPieces)]
	return w
}

// Empty reports whether there is nothing to look for.
func (w Word) Empty() bool { return len(w.pieces) == 0 }

// In reports whether a folded text has the word in it.
func (w Word) In(folded string) bool { return strings.Contains(folded, w.text) }

// String returns the word as it is looked for: folded.
func (w Word) String() string { return w.text }
