package chat

import (
	"strings"
	"unicode/utf8"

	"chitchat/chat/search"
)

// Excerpt is a part of the text of a file, around what was looked for. It is empty if nothing was found in the text.
type Excerpt struct {
	Text        string
	Before, Cut bool // there is more before it, and behind it
}

// How much of a text an excerpt shows, in bytes, before what was looked for and from there on.
const (
	excerptBefore = 60
	excerptAfter  = 160
)

// excerptOf returns the excerpt of a text around the first place of the first of the words, of which it has some.
func excerptOf(text string, folded *search.Folded, words []search.Word) Excerpt {
	at := folded.Index(words[0])
	if at < 0 {
		return Excerpt{}
	}
	from := wordStart(text, max(0, at-excerptBefore))
	to := wordEnd(text, min(len(text), at+excerptAfter))
	return Excerpt{Text: strings.TrimSpace(text[from:to]), Before: from > 0, Cut: to < len(text)}
}

// nearBy is how far the borders of an excerpt are moved so that they cut no word, in bytes.
const nearBy = 20

// wordStart returns where a word begins at an offset or just behind it, or else a character.
func wordStart(text string, at int) int {
	if at == 0 {
		return 0
	}
	if n := strings.IndexByte(text[at:min(len(text), at+nearBy)], ' '); n >= 0 {
		return at + n + 1
	}
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// wordEnd returns where a word ends at an offset or just before it, or else a character.
func wordEnd(text string, at int) int {
	if at == len(text) {
		return at
	}
	if n := strings.LastIndexByte(text[max(0, at-nearBy):at], ' '); n >= 0 {
		return max(0, at-nearBy) + n
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// fileWords reads what is looked for in files: words, and phrases in quotation marks. Nothing else has a meaning here.
func fileWords(query string) (words []search.Word) {
	for _, t := range search.Parse(query) {
		if t.Filter != "" || t.Not {
			t.Value = t.String()
		}
		if w := search.NewWord(t.Value); !w.Empty() {
			words = append(words, w)
		}
	}
	return words
}
