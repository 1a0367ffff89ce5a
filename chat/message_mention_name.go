package chat

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// named reports whether a character can be in a name.
func named(r rune) bool {
	return nameLetter(r) || unicode.IsMark(r) || nameSign(r) || shaping(r)
}

// candidateNames returns the possible names at the beginning of a text, shortest first: up to the end of each word, and
// up to where a name may end within one. That is at an apostrophe, dash or bracket, where the script changes, and
// anywhere in scripts without spaces between words. A text that ends in punctuation is returned with and without it.
// There are at most two for each character that a name may have.
func candidateNames(text string) (list []string) {
	first, size := utf8.DecodeRuneInString(text)
	if opens(first) { // @"Ada"
		list = namesIn(text[size:])
	}
	return append(list, namesIn(text)...)
}

// opens reports whether a character precedes quoted text, or is put before names by other programs.
func opens(r rune) bool {
	if r < utf8.RuneSelf { // the tables take longer
		return strings.IndexByte("\"'`<([{*", byte(r)) >= 0
	}
	return apostrophe(r) || unicode.In(r, unicode.Ps, unicode.Pi, unicode.Bidi_Control)
}

// closes reports whether a character ends what another one opens.
func closes(opening, closing rune) bool {
	switch opening {
	case '"', '\'', '`', '*', '´':
		return closing == opening
	case '<', '[', '{':
		return closing == opening+2
	case '«':
		return closing == '»'
	case '\u2066', '\u2067', '\u2068': // isolates
		return closing == '\u2069'
	}
	return closing == opening+1 && (closing == ')' || unicode.In(closing, unicode.Pe, unicode.Pf))
}

// maxNameBytes is the size of the longest name with its accents decomposed.
const maxNameBytes = 12 * MaxNameLen

func namesIn(text string) (list []string) {
	if r, _ := utf8.DecodeRuneInString(text); !named(r) {
		return nil
	}
	text = text[:min(len(text), maxNameBytes)]
	text = norm.NFC.String(strings.ToValidUTF8(text, ""))
	add := func(end int) {
		for _, name := range []string{trimName(text[:end]), text[:end]} {
			if strings.ContainsFunc(name, nameLetter) && utf8.RuneCountInString(name) <= MaxNameLen &&
				!slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	before, length, letters := ' ', 0, 0
	for i, r := range text {
		if letters += swelling(text[i:]); letters > 3*MaxNameLen { // longer than any name's key
			return list
		}
		space := unicode.Is(unicode.Zs, r)
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		between := listComma(before, r, after) || gershayim(before, r, after) // part of a name, and may follow one
		switch {
		case before == ' ' && !named(r): // or two spaces: no name has them
			return list
		case before != ' ' && !comma(before) && (!named(r) || divides(before, r, text[i:])):
			add(i)
		}
		if length++; length > MaxNameLen+2 || !named(r) && !space && !between { // or the punctuation after it
			return list
		}
		if before = r; space {
			before = ' '
		}
	}
	if before != ' ' && !comma(before) {
		add(len(text))
	}
	return list
}

// divides reports whether a name may end between two characters of names. rest begins with the second.
func divides(before, r rune, rest string) bool {
	switch {
	case unicode.IsMark(r), shaping(r), joiner(before), before == 0x180E:
		return false
	case apostrophe(r), bracket(r), partingSign(r):
		return true
	case strings.ContainsRune("._-", r):
		return len(rest) > 1 && strings.IndexByte("._-", rest[1]) >= 0
	case unspaced(before), unspaced(r):
		return true
	case !unicode.IsLetter(r) || !unicode.IsLetter(before) && !unicode.IsMark(before):
		return false
	}
	if r < utf8.RuneSelf && before < utf8.RuneSelf || unicode.IsMark(before) {
		return false
	}
	return scriptOf(before) != scriptOf(r)
}

// trimName removes the punctuation at the end of a possible name, except a bracket that closes one in it, and the space
// before it: @Ada - hi.
func trimName(name string) string {
	for name != "" {
		r, size := utf8.DecodeLastRuneInString(name)
		closes := r == ')' || r == '）'
		if !strings.ContainsRune("._-(（", r) && !unicode.Is(unicode.Zs, r) && !apostrophe(r) && !closes ||
			closes && countBrackets(name, "(（") >= countBrackets(name, ")）") {
			break
		}
		name = name[:len(name)-size]
	}
	return name
}

func countBrackets(s, kinds string) (n int) {
	for _, r := range s {
		if strings.ContainsRune(kinds, r) {
			n++
		}
	}
	return n
}

// unspaced reports whether a character is of a script without spaces between words, or one that adds endings to names
// without a space, as Korean does.
func unspaced(r rune) bool {
	return r >= 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Yi,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Javanese, unicode.Balinese)
}

// spaced lists the scripts that have spaces and are told apart.
var spaced = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Devanagari, unicode.Greek, unicode.Hebrew, unicode.Bengali,
	unicode.Tamil,
	unicode.Telugu, unicode.Gujarati, unicode.Gurmukhi, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Oriya,
	unicode.Armenian, unicode.Georgian, unicode.Ethiopic,
}

// scriptOf returns the index of a letter's script in spaced; -1 for all others.
func scriptOf(r rune) int {
	return slices.IndexFunc(spaced, func(t *unicode.RangeTable) bool { return unicode.Is(t, r) })
}
