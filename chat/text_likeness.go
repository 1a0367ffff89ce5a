package chat

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Names with different keys may be drawn alike: AIice and Alice, Marnie and Mamie. To prevent impersonation, a name
// that looks like one that another user keeps is refused, and so is the name of a public channel. Likenesses have no
// other use: signing in, mentions, searches and sorting use the key.
//
// The likeness of a name is the skeleton of UTS #39, section 4, of its folded letters, with one difference. In the
// standard a folded L is an I, since both are drawn as one stroke in some case: Lan would be Ian. Here the case in
// which a name is written matters for strokes, see word.looks.

// likenessRules is the version of the rules for likenesses. When it changes, those of all names are computed anew.
const likenessRules = "Unicode 17.0.0, 3"

// likeness is what a name looks like. Two names look alike if a kept string of either is a sought string of the other;
// the order does not matter.
type likeness struct{ kept, sought []string }

// alike reports whether two names look alike.
func (l likeness) alike(other likeness) bool {
	return slices.ContainsFunc(l.sought, func(s string) bool { return slices.Contains(other.kept, s) })
}

// likenessOf returns the likeness of a user's name or handle. It ignores punctuation and spaces.
func likenessOf(name string) likeness {
	return newLikeness(strings.TrimFunc(norm.NFKC.String(withoutShaping(name)), separates), "", "")
}

// channelLikeness returns the likeness of a channel's name, in which the signs at its ends count.
func channelLikeness(name string) likeness {
	name = norm.NFKC.String(withoutShaping(name))
	inner := strings.TrimFunc(name, separates)
	before, after, _ := strings.Cut(name, inner)
	return newLikeness(inner, before, after)
}

// Prefixes of likenesses that compare names of one word with names of several: AliceIan with Alice Ian.
const (
	ofOneWord = "one "
	ofSeveral = "several "
)

// newLikeness is likenessOf of the text between the signs at the ends of a name.
func newLikeness(inner, before, after string) (l likeness) {
	for _, text := range slices.Compact([]string{inner, lowered(inner)}) { // iAN looks like Ian too
		words := wordsOf(amongLatin(text))
		whole := slices.Concat(words...)
		for _, digits := range []bool{false, true} {
			var b strings.Builder
			for _, w := range words {
				b.WriteString(w.looks(digits))
			}
			apart, joined := before+narrowed(b.String())+after, before+narrowed(whole.looks(digits))+after
			l.kept, l.sought = append(l.kept, apart), append(l.sought, apart)
			if len(words) == 1 {
				l.kept, l.sought = append(l.kept, ofOneWord+apart), append(l.sought, ofSeveral+apart)
			} else {
				l.kept, l.sought = append(l.kept, ofSeveral+joined), append(l.sought, ofOneWord+joined)
			}
		}
	}
	for _, list := range []*[]string{&l.kept, &l.sought} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return l
}

// narrowed replaces pairs of letters that look like one letter by that letter.
func narrowed(looks string) string { return strings.ReplaceAll(looks, "vv", "w") }

// lowered returns a text in lower case except the first letter of each word.
func lowered(text string) string {
	first := true
	return strings.Map(func(r rune) rune {
		was := first
		if first = separates(r); was {
			return r
		}
		return unicode.ToLower(r)
	}, text)
}

// separates reports whether a character separates the parts of a name.
func separates(r rune) bool {
	if r == ' ' || comma(r) || nameSign(r) || unicode.In(r, unicode.Pd, unicode.Pc) {
		return true
	}
	sign, size := utf8.DecodeRuneInString(confusables()[r])
	return size > 0 && (sign == ' ' || nameSign(sign))
}

// glyph is a character as it is drawn.
type glyph struct {
	r            rune
	looks        string // the folded letters that it looks like
	stroke       bool   // looks like the capital I, the small L and the digit 1
	upper, lower bool
}

// word is a part of a name.
type word []glyph

// wordsOf returns the words of a text, at least one. A separator between digits counts: 1-2 is not 12.
func wordsOf(text string) []word {
	text = norm.NFD.String(text)
	words := []word{nil}
	last, base := rune(0), rune(0) // the previous character, and the previous one that is no mark
	for i, r := range text {
		switch at := len(words) - 1; {
		case unicode.IsLetter(base) && styles(r):
			continue
		case !separates(r):
			words[at] = append(words[at], glyphOf(r))
		case unicode.IsDigit(last):
			if next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):]); unicode.IsDigit(next) {
				words[at] = append(words[at], glyph{r: r, looks: " "})
			} else if words[at] != nil {
				words = append(words, nil)
			}
		case words[at] != nil:
			words = append(words, nil)
		}
		if last = r; !unicode.IsMark(r) {
			base = r
		}
	}
	if last := len(words) - 1; last > 0 && words[last] == nil {
		words = words[:last]
	}
	return words
}

// styles reports whether a mark underlines, strikes out or frames a letter without making another letter of it.
func styles(r rune) bool {
	switch r {
	case 0x0305, 0x0332, 0x0333, 0x0335, 0x0336, 0x0337, 0x0338, 0x033f:
		return true
	}
	return unicode.Is(unicode.Me, r) || r >= 0x20d0 && r <= 0x20f0
}

// looks returns what a word looks like, its first letter in its case. A stroke is an I among capitals, which include no
// L; an L among small letters, which include no I; and neither as the first letter: Ian and the small lan look alike,
// Ian and Lan do not. digits means that digits are read as the letters that they look like.
func (w word) looks(digits bool) string {
	var b strings.Builder
	capitals := w.capitals()
	for i, g := range w {
		one := g.r == '1' && digits
		switch {
		case g.stroke && i == 0 && one && len(w) > 1:
			b.WriteByte('l')
		case g.stroke && i == 0:
			b.WriteByte('|')
		case g.stroke && (capitals || g.r == 'ɪ' || one && i+1 < len(w) && unicode.IsLetter(w[i+1].r)):
			b.WriteByte('i')
		case g.stroke && i > 1 && w[i-1].lower && w[i-1].looks == "c": // Aclam and Adam, but not Clara and Dara
			looks := b.String()
			b.Reset()
			b.WriteString(looks[:len(looks)-1] + "d")
		case digits && digitLooks[g.r] != "" && slices.ContainsFunc(w, func(g glyph) bool { return unicode.IsLetter(g.r) }):
			b.WriteString(digitLooks[g.r])
		default:
			b.WriteString(g.looks)
		}
	}
	return b.String()
}

// digitLooks maps digits to letters that they look like, beyond the standard's.
var digitLooks = map[rune]string{'2': "z", '5': "s", '8': "b"}

// capitals reports whether a word is written in capitals.
func (w word) capitals() bool {
	n := 0
	for _, g := range w {
		if g.lower {
			return false
		}
		if g.upper {
			n++
		}
	}
	return n > 1
}

// glyphOf returns how a character is drawn.
func glyphOf(r rune) glyph {
	table := confusables()
	g := glyph{r: r, looks: string(r)}
	drawn := r
	if capital, ok := smallCapitals[r]; ok {
		drawn, g.looks = capital, string(capital)
	}
	if looks, ok := table[drawn]; ok {
		g.looks = looks
	}
	if g.stroke = g.looks == "l"; g.stroke {
		return g
	}
	g.upper, g.lower = unicode.IsUpper(drawn), unicode.IsLower(drawn)
	var b strings.Builder
	for _, q := range norm.NFD.String(fold(g.looks)) { // M is m, and m looks like rn
		if capital, ok := smallCapitals[q]; ok {
			b.WriteString(fold(string(capital)))
		} else if looks, ok := table[q]; ok {
			b.WriteString(fold(looks))
		} else {
			b.WriteRune(q)
		}
	}
	g.looks = b.String()
	return g
}
