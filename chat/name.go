package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits of names, in characters after trimming.
const (
	MaxNameLen        = 32
	MaxChannelNameLen = 80
	maxMarks          = 3 // combining marks in a row: enough for every living script, too few to climb out of the line
)

// cleanName returns the name as it is kept: NFC, trimmed, every run of spaces one plain space.
// Only letters and their marks, digits, spaces and the signs of nameSign are taken, no word of several scripts, and nothing that
// calls everyone. The error is for the field "name".
func cleanName(s string) (string, error) { return cleanNameOf(s, "") }

// cleanNameOf is cleanName for someone who has a name: theirs stays, whatever it calls or mixes, as it was theirs before that
// rule.
func cleanNameOf(s, had string) (string, error) {
	name, err := normalizeName(s, MaxNameLen)
	if err != nil {
		return "", err
	}
	seen := false
	for _, r := range name {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			seen = true
		case unicode.IsMark(r), r == ' ', nameSign(r), joiner(r):
		default:
			return "", Invalid("name", "A name is made of letters, digits, spaces, apostrophes, brackets ( ) and . _ - ·: %q is none of them.", r)
		}
	}
	if !seen {
		return "", Invalid("name", "A name needs at least one letter or digit.")
	}
	if swells(name, MaxNameLen) {
		return "", errSwells
	}
	if word := mixedWord(name); word != "" && NameKey(name) != NameKey(had) {
		return "", Invalid("name", "“%s” mixes letters of several scripts, of which some look alike. Please write each word in the letters of one.", word)
	}
	if word := calledAs(name); word != "" && NameKey(name) != NameKey(had) {
		return "", Invalid("name", "@%s calls everyone. Please choose another name.", word)
	}
	return name, nil
}

var errSwells = Invalid("name", "The name holds characters that each stand for many letters. Please write it in plain letters.")

// swells reports whether a name's key has more than three times the characters that a name may have: U+FDFA alone folds
// into eighteen, and keys are compared and sorted by everybody.
func swells(name string, limit int) bool {
	key := NameKey(name)
	return key == noKey || utf8.RuneCountInString(key) > 3*limit
}

// nameSign reports whether a character is punctuation that stands in people's names: Sean O'Brien, Anne-Marie (Ops).
func nameSign(r rune) bool {
	switch r {
	case '.', '_', '-', '\u2010', '\u2011', '\u05be', '\u05f3', '\u05f4', '\u00b7', '\u30fb', '\uff65':
		return true
	}
	return apostrophe(r) || bracket(r)
}

// apostrophe reports whether a character is one, as keyboards and word processors make them. Some are letters to Unicode.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '\u2018', '\u2019', '\u02bb', '\u02bc', '\uff07':
		return true
	}
	return false
}

// bracket reports whether a character is one that stands in names.
func bracket(r rune) bool { return r == '(' || r == ')' || r == '（' || r == '）' }

// joiner reports whether a character is one of the two that say whether letters join, and show nothing.
func joiner(r rune) bool { return r == 0x200C || r == 0x200D }

// joins reports whether a joiner between two texts is one that its script needs: behind a letter of such a script and
// before another, or behind the sign that takes a letter's vowel away, where it may be the last of a word.
// Source: the rules for joiners of IDNA, RFC 5892, A.1 and A.2, for all letters of these scripts.
func joins(before, after string) bool {
	r, size := utf8.DecodeLastRuneInString(before)
	if !unicode.In(r, joining...) {
		return false
	}
	const virama = 9 // its canonical combining class
	if norm.NFC.PropertiesString(before[len(before)-size:]).CCC() == virama {
		next, _ := utf8.DecodeRuneInString(after)
		return !joiner(next)
	}
	next, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLetter(next) && unicode.In(next, joining...)
}

// joining are the scripts in which U+200C and U+200D tell words apart.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati,
	unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar,
}

// cleanChannelName is cleanName for a channel, where punctuation and symbols are welcome too.
func cleanChannelName(s string) (string, error) {
	name, err := normalizeName(strings.ReplaceAll(s, "\ufe0f", ""), MaxChannelNameLen) // emoji carry the selector unasked
	if err != nil {
		return "", err
	}
	for _, r := range name {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) && r != ' ' && !joiner(r) {
			return "", Invalid("name", "A channel's name cannot hold the character %q.", r)
		}
	}
	if swells(name, MaxChannelNameLen) {
		return "", errSwells
	}
	return name, nil
}

// normalizeName holds what is common to both kinds of name.
func normalizeName(s string, limit int) (string, error) {
	if !utf8.ValidString(s) {
		return "", Invalid("name", "The name is not valid text (UTF-8).")
	}
	if len(s) > 100*limit { // before any work on it
		return "", Invalid("name", "The name is too long: at most %d characters.", limit)
	}
	name := strings.Join(strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool {
		return unicode.Is(unicode.Zs, r) || r == '\t' || r == '\n' || r == '\r'
	}), " ")
	marks := 0
	for i, r := range name {
		if invisible(r) && !(joiner(r) && joins(name[:i], name[i+utf8.RuneLen(r):])) {
			return "", Invalid("name", "The name holds an invisible character (U+%04X). Type it anew, without copying.", r)
		}
		if !unicode.IsMark(r) {
			if !joiner(r) {
				marks = 0
			}
			continue
		}
		marks++
		if i == 0 || marks > maxMarks {
			return "", Invalid("name", "The name has accents that belong to no letter, or too many on one.")
		}
	}
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", Invalid("name", "Please give a name.")
	case n > limit:
		return "", Invalid("name", "The name is too long: %d characters, and at most %d fit.", n, limit)
	}
	return name, nil
}

// invisible reports whether r shows nothing or changes the direction of its neighbours, so that two names
// could look the same. Some of these are letters to Unicode (the Hangul fillers) or marks (the joiner U+034F).
func invisible(r rune) bool {
	return unicode.In(r, unicode.C, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Zl, unicode.Zp) ||
		r == '\u2800' || r == '\U0001d159' // the blank Braille pattern, and the note without a head
}

// blank reports whether a text shows nothing: of white space, what is invisible, and marks that stand on no letter. What
// is for private use is drawn by some fonts.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { // the tables that most are in come first
		switch {
		case r < utf8.RuneSelf:
			return r > ' ' && r != 0x7f
		case unicode.In(r, unicode.Mn, unicode.Me):
			return false
		}
		return unicode.Is(unicode.Co, r) || !unicode.IsSpace(r) && !invisible(r)
	})
}

// maxLineMarks is how many marks that are drawn over or under a letter stand on one in a line of text: Hebrew verses and
// Tibetan have four. More of them climb over what stands above.
const maxLineMarks = 4

// overMarked reports whether a letter of a text has more marks than that.
func overMarked(text string) bool {
	marks := 0
	for _, r := range norm.NFC.String(text) {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me) && !invisible(r):
			if marks++; marks > maxLineMarks {
				return true
			}
		case !invisible(r):
			marks = 0
		}
	}
	return false
}

// Limits of a slug: escaped, it stands in addresses and headers, and one letter of a name can fold into eighteen.
const (
	maxSlugLen   = 80  // characters
	maxSlugBytes = 200 // before escaping
)

// slugify makes a channel's place in URLs: its letters and digits in lower case, all else a hyphen.
func slugify(name string) string {
	var b strings.Builder
	gap, length := false, 0
	for _, r := range norm.NFC.String(cases.Fold().String(norm.NFKC.String(name))) {
		if unicode.In(r, unicode.L, unicode.M, unicode.N) {
			if length++; length > maxSlugLen || b.Len() > maxSlugBytes {
				break
			}
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		} else {
			gap = true
		}
	}
	if b.Len() == 0 {
		return "channel"
	}
	return b.String()
}

// cleanLine leaves out what cannot stand in a line of text.
func cleanLine(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) || r < ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
