package search

import (
	"cmp"
	"html"
	"slices"
	"strings"
)

// Mark returns a piece of HTML with all places of the words in its text inside of mark elements. A place that goes over
// the borders of elements is marked in each of them. What it does not understand stays as it is. The HTML must be well
// formed, and have no scripts.
func Mark(page string, words []Word) string {
	if len(words) == 0 {
		return page
	}
	text, at := textOf(page)
	places := placesOf(text, words)
	if len(places) == 0 {
		return page
	}
	var b strings.Builder
	b.Grow(len(page) + len(places)*len("<mark></mark>"))
	done := 0
	for _, p := range places {
		for _, piece := range piecesOf(at[p.from:p.to]) {
			b.WriteString(page[done:piece.from])
			b.WriteString("<mark>" + page[piece.from:piece.to] + "</mark>")
			done = piece.to
		}
	}
	b.WriteString(page[done:])
	return b.String()
}

// piecesOf joins the characters of a place that stand side by side in the HTML.
func piecesOf(at []span) (pieces []span) {
	for _, s := range at {
		switch n := len(pieces); {
		case s.from == s.to: // it stands for a tag
		case n > 0 && s.from <= pieces[n-1].to:
			pieces[n-1].to = s.to
		default:
			pieces = append(pieces, s)
		}
	}
	return pieces
}

// Text returns the text of a piece of HTML. What it does not understand ends it.
func Text(page string) string {
	text, _ := textOf(page)
	return text
}

// span is a part of a text.
type span struct{ from, to int }

// textOf returns the text of a piece of HTML, and for each of its bytes which part of the HTML is its character.
func textOf(page string) (text string, at []span) {
	var b strings.Builder
	add := func(s string, in span) {
		b.WriteString(s)
		for range len(s) {
			at = append(at, in)
		}
	}
	for i := 0; i < len(page); {
		switch page[i] {
		case '<':
			n := strings.IndexByte(page[i:], '>')
			if n < 0 {
				return b.String(), at
			}
			if breaks(page[i:]) { // a word does not go on behind it
				add("\n", span{i, i})
			}
			i += n + 1
		case '&':
			n := strings.IndexByte(page[i:min(len(page), i+12)], ';')
			if n < 0 {
				n = 0
			}
			add(html.UnescapeString(page[i:i+n+1]), span{i, i + n + 1})
			i += n + 1
		default:
			n := 1
			for i+n < len(page) && page[i+n]&0xc0 == 0x80 {
				n++
			}
			add(page[i:i+n], span{i, i + n})
			i += n
		}
	}
	return b.String(), at
}

// breaks reports whether a tag ends a word: all but those that format letters.
func breaks(tag string) bool {
	name := strings.TrimLeft(tag, "</")
	for _, inline := range []string{"a", "b", "i", "em", "strong", "del", "s", "code", "span", "mark"} {
		if rest, is := strings.CutPrefix(name, inline); is && (rest[0] == '>' || rest[0] == ' ') {
			return false
		}
	}
	return true
}

// placesOf returns where a text has one of the words, in order, joined where they overlap.
func placesOf(text string, words []Word) (places []span) {
	folded, from := foldWithOrigin(text)
	for _, w := range words {
		for at := 0; w.text != ""; {
			n := strings.Index(folded[at:], w.text)
			if n < 0 {
				break
			}
			start, end := at+n, at+n+len(w.text)
			at = end
			if p := (span{from[start], originEnd(from, end)}); p.from < p.to {
				places = append(places, p)
			}
		}
	}
	slices.SortFunc(places, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := places[:0]
	for _, p := range places {
		if n := len(joined); n > 0 && p.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, p.to)
		} else {
			joined = append(joined, p)
		}
	}
	return joined
}

// originEnd returns where that ends from which the folded text before an offset comes.
func originEnd(from []int, end int) int {
	last := from[end-1]
	for end < len(from)-1 && from[end] == last { // one character became several
		end++
	}
	return from[end]
}
