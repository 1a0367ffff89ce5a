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
)

// maxKeyed is the maximum length of a text, in characters, that NameKey folds: the longest name, with room for a search
// or for decomposed accents. Folding takes microseconds a character, and anyone may ask for it.
const maxKeyed = 4 * MaxNameLen

// noKey is the key of a text too long to be a name. No name has it: no name contains a control character.
const noKey = "\x7f"

// NameKey returns the key that makes a name unique: it is equal for names that differ only in case, in compatibility
// forms (full-width, ligatures), in spaces, in characters that only shape letters, in kinds of apostrophes and dashes,
// or in letters of other scripts that look the same. For a text longer than any name it returns a key that no name has.
func NameKey(name string) string {
	if tooLong(name) {
		return noKey
	}
	return fold(name)
}

// nameKeys is NameKey for several names. It folds them as one text, since most of the cost of folding does not depend
// on the length.
func nameKeys(names []string) []string {
	const end = "\x00" // is in no name and does not combine with other characters
	keys := make([]string, len(names))
	short := make([]string, len(names))
	for i, name := range names {
		if tooLong(name) || strings.Contains(name, end) {
			keys[i] = noKey
		} else {
			short[i] = name
		}
	}
	folded := strings.Split(fold(strings.Join(short, end)), end)
	for i := range keys {
		if keys[i] == "" {
			keys[i] = strings.TrimSpace(folded[i])
		}
	}
	return keys
}

// tooLong reports whether a text is longer than NameKey folds.
func tooLong(name string) bool {
	return len(name) > maxKeyed && (len(name) > 4*maxKeyed || utf8.RuneCountInString(name) > maxKeyed) || overlong(name)
}

// overlong reports whether a folded text is longer than the key of any name may be.
func overlong(text string) bool {
	letters := 0
	for i, r := range text {
		if r < utf8.RuneSelf {
			letters++
		} else if letters += swelling(text[i:]); letters > 3*MaxChannelNameLen {
			return true
		}
	}
	return false
}

// fold is NameKey of a text within the limits of names; foldText is for other texts.
func fold(text string) string {
	if ascii(text) { // most texts are, and need nothing else
		return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(text), "`", "'")), " ")
	}
	key := cases.Fold().String(norm.NFKC.String(strings.ReplaceAll(text, "\u00b4", "'"))) // NFKC would make it a space
	if !strings.ContainsFunc(key, reworked) {
		return strings.Join(strings.Fields(key), " ")
	}
	key = strings.Map(func(r rune) rune { // without accents, so that letters of other scripts match
		if twin, ok := lookalikes[r]; ok {
			return twin
		}
		switch {
		case unicode.Is(unicode.Cherokee, r): // cases.Fold swaps its two cases
			return unicode.ToLower(r)
		case shaping(r):
			return -1
		}
		return r
	}, norm.NFKD.String(key))
	return strings.Join(strings.Fields(norm.NFKC.String(key)), " ")
}

// reworked reports whether a key may have another character than NFKC and case folding give. Characters of South and
// East Asian scripts, in which an @ has the most readings, are not reworked, which saves two thirds of the cost.
func reworked(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '`'
	case r >= 0x0900 && r < 0x10a0, r >= 0x1100 && r < 0x1200, r >= 0x1780 && r < 0x1800, r >= 0x3400 &&
		r < 0xa000, r >= 0xac00 && r < 0xd7a4:
		return false
	case r >= 0x3041 && r < 0x3100:
		return lookalikes[r] != 0
	}
	return true
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// swelling returns the maximum number of letters that the first character of a text adds to a key.
func swelling(text string) int {
	if text[0] < utf8.RuneSelf {
		return 1
	}
	return max(1, utf8.RuneCount(norm.NFKC.PropertiesString(text).Decomposition()))
}

// lookalikes maps folded letters to the Latin letter that most typefaces draw alike, and variants of a sign to one.
// Source: the single-letter Cyrillic, Greek and Armenian pairs of Unicode's confusables (UTS #39), lower case.
var lookalikes = map[rune]rune{
	'а': 'a', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'һ': 'h', 'і': 'i', 'ј': 'j', 'ӏ': 'l', 'о': 'o', 'р': 'p',
	'ԛ': 'q', 'ѕ': 's', 'у': 'y', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x', 'ү': 'y',
	'к': 'k', 'м': 'm', 'н': 'h', 'т': 't', 'в': 'b', 'г': 'r', // alike as capitals, or nearly so
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'μ': 'm', 'ν': 'v', 'ο': 'o', 'ρ': 'p',
	'τ': 't', 'υ': 'u', 'χ': 'x', 'ϲ': 'c', 'ϳ': 'j', 'ζ': 'z', 'γ': 'y', 'ω': 'w',
	'օ': 'o', 'ս': 'u', 'հ': 'h', 'ո': 'n', 'զ': 'q', 'ց': 'g', 'ա': 'w',
	'ı': 'i', 'ɑ': 'a', 'ɡ': 'g', 'ɩ': 'i', 'ʏ': 'y', 'ᴏ': 'o', 'ᴠ': 'v', 'ᴡ': 'w', 'ᴢ': 'z', 'ꜱ': 's', 'ǀ': 'l',

	'\u2018': '\'', '\u2019': '\'', '\u201b': '\'', '\u02bb': '\'', '\u02bc': '\'', '\u05f3': '\'', '\u055a': '\'',
	'\u2032': '\'', '`': '\'',
	'\u05f4': '"', '\u201c': '"', '\u201d': '"', '\u2010': '-', '\u2012': '-', '\u2013': '-', '\u2212': '-',
	'\u30fb': '\u00b7', '\u2022': '\u00b7', '\u2027': '\u00b7', '\u30a0': '=',
}
