package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// cleanName returns the name as it is stored: in NFC, trimmed, with every run of spaces as one plain space. It accepts
// letters with their marks, digits, spaces, the signs of nameSign, and a comma before a space; no word of several
// scripts, and no word that mentions everyone. The error is for the field "name".
func cleanName(s string) (string, error) { return cleanNameOf(s, "") }

// cleanNameOf is cleanName for a user who has a name: they may keep it even if it breaks a rule that came later.
func cleanNameOf(s, had string) (string, error) {
	name, err := normalizeName(s, MaxNameLen)
	if err != nil {
		return "", err
	}
	if err := checkDrawn(name); err != nil {
		return "", err
	}
	name = typedSigns(name)
	seen, before := false, ' '
	for i, r := range name {
		after, _ := utf8.DecodeRuneInString(name[i+utf8.RuneLen(r):])
		switch {
		case nameLetter(r):
			seen = true
		case unicode.IsMark(r), r == ' ', nameSign(r), shaping(r), listComma(before, r, after):
		case comma(r):
			return "", Invalid("name", "A comma in a name stands behind a word and before a space, as in “King, Jr.”")
		default:
			return "", Invalid("name",
				"A name is made of letters, digits, spaces, apostrophes, brackets ( ) and . _ - ·: %q is none of them.", r)
		}
		before = r
	}
	if !seen {
		return "", Invalid("name", "A name needs at least one letter or digit.")
	}
	if swells(name, MaxNameLen) {
		return "", errSwells
	}
	if word := mixedWord(name); word != "" && NameKey(name) != NameKey(had) {
		return "", Invalid("name",
			"“%s” mixes letters of several scripts, of which some look alike. Please write each word in the letters of one.",
			word)
	}
	if word := calledAs(name); word != "" && NameKey(name) != NameKey(had) {
		return "", Invalid("name", "@%s calls everyone. Please choose another name.", word)
	}
	return name, nil
}

var errSwells = Invalid("name",
	"The name holds characters that each stand for many letters. Please write it in plain letters.")

// swells reports whether a name's key has more than three times the characters that a name may have: U+FDFA alone folds
// into eighteen, and everybody's requests compare and sort keys.
func swells(name string, limit int) bool {
	key := NameKey(name)
	return key == noKey || utf8.RuneCountInString(key) > 3*limit
}

// cleanChannelName is cleanName for a channel, which may also have punctuation, symbols and emoji.
func cleanChannelName(s string) (string, error) { return cleanTitle(s, MaxChannelNameLen, "channel") }

// cleanTitle is cleanChannelName for what has a name like a channel's, of at most limit characters.
func cleanTitle(s string, limit int, what string) (string, error) {
	if len(s) <= longestTyped*limit {
		s = withoutStraySelectors(s)
	}
	name, err := normalizeName(s, limit)
	if err != nil {
		return "", err
	}
	plain := emojiAsSigns(name)
	if err := checkDrawn(plain); err != nil {
		return "", err
	}
	for _, r := range plain {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Prepended_Concatenation_Mark) &&
			r != ' ' && !shaping(r) {
			return "", Invalid("name", "A %s's name cannot hold the character %q.", what, r)
		}
	}
	if swells(name, limit) {
		return "", errSwells
	}
	return name, nil
}

// longestTyped is the maximum number of bytes per character of a name's limit: longer input is refused before any
// expensive work.
const longestTyped = 100

// normalizeName does what both kinds of name share, except checkDrawn.
func normalizeName(s string, limit int) (string, error) {
	if !utf8.ValidString(s) {
		return "", Invalid("name", "The name is not valid text (UTF-8).")
	}
	if len(s) > longestTyped*limit {
		return "", Invalid("name", "The name is too long: at most %d characters.", limit)
	}
	name := strings.Join(strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool {
		return unicode.Is(unicode.Zs, r) || r == '\t' || r == '\n' || r == '\r'
	}), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", Invalid("name", "Please give a name.")
	case n > limit:
		return "", Invalid("name", "The name is too long: %d characters, and at most %d fit.", n, limit)
	}
	return name, nil
}

// checkDrawn refuses a name, in NFC, with invisible characters that its script does not need, or with misplaced marks.
func checkDrawn(name string) error {
	for i, r := range name {
		if invisible(r) && !shapes(name[:i], r, name[i+utf8.RuneLen(r):]) {
			return Invalid("name", "The name holds an invisible character (U+%04X). Type it anew, without copying.", r)
		}
	}
	if first, _ := utf8.DecodeRuneInString(name); unicode.IsMark(first) || piled(name, maxAccents) {
		return Invalid("name", "The name has accents that belong to no letter, or too many on one.")
	}
	return nil
}

// Limits of a slug: it is escaped in addresses and headers, and one letter of a name can fold into eighteen.
const (
	maxSlugLen   = 80  // characters
	maxSlugBytes = 200 // before escaping
)

// slugify returns a channel's name for URLs: its letters and digits in lower case, everything else as hyphens.
// Characters that only shape others are dropped, and so are marks without a letter, as those of keycaps.
func slugify(name string) string {
	var b strings.Builder
	gap, length := false, 0
	for _, r := range norm.NFC.String(cases.Fold().String(norm.NFKC.String(withoutShaping(name)))) {
		if unicode.Is(unicode.Me, r) || unicode.IsMark(r) && (gap || b.Len() == 0) {
			continue
		}
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
