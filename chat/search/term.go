package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query.
const (
	MaxQueryLen = 500 // characters
	MaxTerms    = 15
)

// Term is a part of a query, as it was typed.
type Term struct {
	Filter string // what stands before its colon, such as from; empty for a word or a phrase
	Value  string // without the quotation marks
	Not    bool   // with a - before it: what matches is left out
	Phrase bool   // it was in quotation marks
}

// Filters are the words that make a term a filter.
var Filters = []string{"from", "in", "to", "has", "is", "before", "after", "on", "during"}

// Parse reads a query: words, phrases in quotation marks, filters such as from:maya, and - before each of them. What
// it cannot read is a word: every text is a query. What is beyond the limits is dropped.
func Parse(query string) (terms []Term) {
	rest := query
	if utf8.RuneCountInString(rest) > MaxQueryLen {
		rest = string([]rune(rest)[:MaxQueryLen])
	}
	for len(terms) < MaxTerms {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			break
		}
		var t Term
		t, rest = cutTerm(rest)
		if t.Value != "" {
			terms = append(terms, t)
		}
	}
	return terms
}

func cutTerm(s string) (t Term, rest string) {
	if r, after := cutRune(s); r == '-' && after != "" && !startsWithSpace(after) {
		t.Not, s = true, after
	}
	for _, f := range Filters {
		if n := len(f); len(s) > n && s[n] == ':' && strings.EqualFold(s[:n], f) {
			t.Filter, s = f, s[n+1:]
			break
		}
	}
	value, rest, quoted := cutValue(s)
	t.Phrase = quoted && t.Filter == ""
	t.Value = strings.TrimSpace(value)
	return t, rest
}

// cutValue cuts what is in quotation marks, or goes up to the next space.
func cutValue(s string) (value, rest string, quoted bool) {
	if r, after := cutRune(s); quotes[r] {
		if end := strings.IndexFunc(after, func(r rune) bool { return quotes[r] }); end >= 0 {
			_, rest = cutRune(after[end:])
			return after[:end], rest, true
		}
		return after, "", true // as one types it, the last one is missing
	}
	if end := strings.IndexFunc(s, unicode.IsSpace); end >= 0 {
		return s[:end], s[end:], false
	}
	return s, "", false
}

// quotes are the quotation marks that phones and keyboards type.
var quotes = map[rune]bool{'"': true, '\u201c': true, '\u201d': true, '\u201e': true, '\uff02': true}

func cutRune(s string) (r rune, rest string) {
	r, n := utf8.DecodeRuneInString(s)
	return r, s[n:]
}

func startsWithSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

// String returns the term as one types it.
func (t Term) String() string {
	value := t.Value
	if t.Phrase || strings.ContainsFunc(value, unicode.IsSpace) {
		value = `"` + value + `"`
	}
	if t.Filter != "" {
		value = t.Filter + ":" + value
	}
	if t.Not {
		value = "-" + value
	}
	return value
}

// Join returns the query that consists of terms.
func Join(terms []Term) string {
	list := make([]string, len(terms))
	for i, t := range terms {
		list[i] = t.String()
	}
	return strings.Join(list, " ")
}
