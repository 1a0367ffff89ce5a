package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// invisible reports whether r shows nothing or changes the direction of its neighbours, so that different names could
// look the same. Some of these are letters in Unicode (the Hangul fillers) or marks (the joiner U+034F). Signs that
// span the numbers after them, such as U+06DD, are format characters in Unicode and visible; characters that Go's
// tables do not know yet are visible in newer fonts.
func invisible(r rune) bool {
	if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) {
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	}
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point,
		unicode.Variation_Selector, unicode.Zl, unicode.Zp) ||
		r == '\u2800' || r == '\U0001d159' // the blank Braille pattern, and the note without a head
}

// blank reports whether a text shows nothing: only white space, invisible characters, and marks without a letter.
// Private-use characters count as visible, since some fonts draw them.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { // the most frequent tables come first
		switch {
		case r < utf8.RuneSelf:
			return r > ' ' && r != 0x7f
		case unicode.In(r, unicode.Mn, unicode.Me):
			return false
		}
		return unicode.Is(unicode.Co, r) || !unicode.IsSpace(r) && !invisible(r)
	})
}

// Limits of the marks that are drawn over or under one letter: more would overlap the lines above or below. Marks that
// take a place of their own in the line, as most vowels of Burmese, do not count.
const (
	maxLineMarks = 4 // in a line of text: Hebrew verses, Burmese and Tibetan have four
	maxAccents   = 3 // in a name, of marks that go with letters of any script
)

// overMarked reports whether a letter of a text has more marks than that.
func overMarked(text string) bool { return piled(norm.NFC.String(text), maxLineMarks) }

// piled is overMarked with another limit for accents; text is in NFC.
func piled(text string, accents int) bool {
	marks, common := 0, 0
	for _, r := range text {
		switch {
		case invisible(r):
		case unicode.In(r, unicode.Mn, unicode.Me):
			marks++
			if unicode.Is(unicode.Inherited, r) {
				common++
			}
			if marks > maxLineMarks || common > accents {
				return true
			}
		default:
			marks, common = 0, 0
		}
	}
	return false
}

// joiner reports whether a character is one of the two invisible ones that make letters join or not.
func joiner(r rune) bool { return r == 0x200C || r == 0x200D }

// selector reports whether a character is an invisible one that selects a form of the previous one.
func selector(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) || r == 0x180E }

// shaping reports whether a character only affects how its neighbours are drawn. Names that differ only in such
// characters are the same name.
func shaping(r rune) bool { return joiner(r) || selector(r) }

// shapes reports whether an invisible character between two texts is needed by the script.
func shapes(before string, r rune, after string) bool {
	return joiner(r) && joins(before, after) || selector(r) && selects(before, r, after)
}

// joins reports whether a joiner between two texts is needed by their script: between letters of such a script, or
// beside a virama, the sign that removes a letter's vowel. After a virama it may end a word; before one, it keeps the
// letter whole, as in Bengali র‍্যাব and Sinhala ශ‍්‍රී. Source: the rules for joiners of IDNA, RFC 5892, A.1 and A.2,
// for all letters of these scripts; for the text before a virama and for Khmer, the Unicode standard, chapters 12.2,
// 12.8, 13.2 and 16.4.
func joins(before, after string) bool {
	r, size := utf8.DecodeLastRuneInString(before)
	if !unicode.In(r, joining...) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(after)
	const nukta, virama = 7, 9 // canonical combining classes
	class := norm.NFC.PropertiesString(before[len(before)-size:]).CCC()
	switch {
	case class == virama:
		return !joiner(next)
	case !unicode.In(next, joining...):
		return false
	case unicode.IsLetter(next):
		return true
	case r == 0x17C9 || r == 0x17CA: // they would change their shape under a vowel
		return unicode.Is(unicode.Khmer, next)
	}
	return (unicode.IsLetter(r) || class == nukta) && norm.NFC.PropertiesString(after).CCC() == virama
}

// joining lists the scripts in which U+200C and U+200D distinguish words.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
	unicode.Gujarati,
	unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer,
	unicode.Myanmar,
}

// selects reports whether a selector between two texts chooses a form that is used in names: of a Chinese character, as
// in 葛󠄀城, or of a Mongolian letter.
func selects(before string, r rune, after string) bool {
	base, _ := utf8.DecodeLastRuneInString(before)
	switch {
	case r == 0x180E: // before the vowel that ends a word
		next, _ := utf8.DecodeRuneInString(after)
		return unicode.Is(unicode.Mongolian, base) && (next == 0x1820 || next == 0x1821)
	case r < 0xFE00:
		return unicode.Is(unicode.Mongolian, base) && unicode.IsLetter(base)
	case r <= 0xFE02 || r >= 0xE0100:
		return unicode.Is(unicode.Han, base) && unicode.IsLetter(base)
	}
	return false
}

// withoutShaping removes the characters that only affect how others are drawn.
func withoutShaping(text string) string {
	if !strings.ContainsFunc(text, shaping) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if shaping(r) {
			return -1
		}
		return r
	}, text)
}

// cleanLine removes what a line of text must not contain: invisible characters that are neither part of an emoji nor
// needed by their script.
func cleanLine(s string) string {
	s = strings.ToValidUTF8(s, "")
	return mapEmoji(s, sameEmoji, func(at int, cluster string) string {
		var b strings.Builder
		for i, r := range cluster {
			if i += at; !invisible(r) || shapes(s[:i], r, s[i+utf8.RuneLen(r):]) {
				b.WriteRune(r)
			}
		}
		return b.String()
	})
}
