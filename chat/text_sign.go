package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameSign reports whether a character is punctuation that occurs in people's names, in some script: Sean O'Brien,
// Anne-Marie (Ops), ジャン＝ジャック・ルソー, བསྟན་འཛིན, डॉ॰ शर्मा.
func nameSign(r rune) bool { return linkingSign(r) || partingSign(r) || apostrophe(r) || bracket(r) }

// linkingSign reports whether a character is a sign that ends no name, unless more of its kind follow.
func linkingSign(r rune) bool {
	switch r {
	case '.', '_', '-', '\u2010', '\u2011', '\u05be', '\u05f3', '\u05f4', '\u00b7', '\u30fb', '\uff65':
		return true
	}
	return false
}

// partingSign reports whether a character is a sign that occurs within names, and as often between a name and the text
// after it: dashes, the equals sign and dots of foreign names, and signs that divide or abbreviate words in several
// scripts.
func partingSign(r rune) bool {
	switch r {
	case '\u2012', '\u2013', '\u2212', '\uff0d', '\u058a', '\u1400', '\u1806', // dashes
		'\u30a0', '\uff1d', '\u2022', '\u2027', '\uff0e', // between parts of names in Chinese and Japanese
		'\u0f0b', '\u0f0c', '\u1361', // between syllables in Tibetan, and words in Ethiopic
		'\u0970', '\u0af0': // of abbreviations, in Devanagari and Gujarati
		return true
	}
	return false
}

// apostrophe reports whether a character is an apostrophe, as keyboards and word processors make it, or is typed for
// one: European keyboards have accents beside it. Some are letters in Unicode.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '\u2018', '\u2019', '\u201b', '\u02bb', '\u02bc', '\uff07', '\u055a', '\u2032':
		return true
	}
	return accentAlone(r)
}

// accentAlone reports whether a character is a spacing accent, typed for an apostrophe.
func accentAlone(r rune) bool { return r == '`' || r == '\u00b4' || r == '\uff40' }

// bracket reports whether a character is a bracket that occurs in names.
func bracket(r rune) bool { return r == '(' || r == ')' || r == '（' || r == '）' }

// gershayim reports whether a character between two others is the Hebrew abbreviation sign, for which people type a
// quote: צה"ל.
func gershayim(before, r, after rune) bool {
	switch r {
	case '"', '\u201c', '\u201d', '\uff02':
		return unicode.Is(unicode.Hebrew, before) && unicode.Is(unicode.Hebrew, after) && unicode.IsLetter(after)
	}
	return false
}

// comma reports whether a character is a comma that a space follows.
func comma(r rune) bool { return r == ',' || r == '\u060c' }

// listComma reports whether a character between two others is a comma within a name: King, Jr.
func listComma(before, r, after rune) bool {
	return comma(r) && before != ' ' && unicode.Is(unicode.Zs, after)
}

// typedSigns replaces characters typed for signs of names by those signs: O´Brien, צה"ל.
func typedSigns(name string) string {
	var b strings.Builder
	before := ' '
	for i, r := range name {
		after, _ := utf8.DecodeRuneInString(name[i+utf8.RuneLen(r):])
		switch {
		case accentAlone(r):
			b.WriteByte('\'')
		case gershayim(before, r, after):
			b.WriteRune('\u05f4')
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// nameLetter reports whether a character makes a name: it is a letter, a digit, or a number written as a letter, as in
// 李〇 and Louis Ⅷ.
func nameLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Nl, r)
}
