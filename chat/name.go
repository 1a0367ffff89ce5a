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
// Only letters and their marks, digits, spaces, '.', '_' and '-' are taken, and nothing that calls everyone. The error is
// for the field "name".
func cleanName(s string) (string, error) { return cleanNameOf(s, "") }

// cleanNameOf is cleanName for someone who has a name: theirs stays, whatever it calls, as it was theirs before that rule.
func cleanNameOf(s, had string) (string, error) {
	name, err := tidyName(s, MaxNameLen)
	if err != nil {
		return "", err
	}
	seen := false
	for _, r := range name {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			seen = true
		case unicode.IsMark(r), r == ' ', r == '.', r == '_', r == '-':
		default:
			return "", Invalid("name", "A name is made of letters, digits, spaces, '.', '_' and '-': %q is none of them.", r)
		}
	}
	if !seen {
		return "", Invalid("name", "A name needs at least one letter or digit.")
	}
	if swells(name, MaxNameLen) {
		return "", errSwells
	}
	if word := calledAs(name); word != "" && NameKey(name) != NameKey(had) {
		return "", Invalid("name", "@%s calls everyone. Please choose another name.", word)
	}
	return name, nil
}

var errSwells = Invalid("name", "The name holds characters that each stand for many letters. Please write it in plain letters.")

// swells reports whether a name's key has more than three times the characters that a name may have: U+FDFA alone folds
// into eighteen, and keys are compared and sorted by everybody.
func swells(name string, limit int) bool { return utf8.RuneCountInString(NameKey(name)) > 3*limit }

// cleanChannelName is cleanName for a channel, where punctuation and symbols are welcome too.
func cleanChannelName(s string) (string, error) {
	name, err := tidyName(strings.ReplaceAll(s, "\ufe0f", ""), MaxChannelNameLen) // emoji carry the selector unasked
	if err != nil {
		return "", err
	}
	for _, r := range name {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) && r != ' ' {
			return "", Invalid("name", "A channel's name cannot hold the character %q.", r)
		}
	}
	if swells(name, MaxChannelNameLen) {
		return "", errSwells
	}
	return name, nil
}

// tidyName holds what is common to both kinds of name.
func tidyName(s string, limit int) (string, error) {
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
		if invisible(r) {
			return "", Invalid("name", "The name holds an invisible character (U+%04X). Type it anew, without copying.", r)
		}
		if !unicode.IsMark(r) {
			marks = 0
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
		r == '\u2800' // the blank Braille pattern
}

// Limits of a slug: escaped, it stands in addresses and headers, and one letter of a name can fold into eighteen.
const (
	maxSlugLen   = 80  // characters
	maxSlugBytes = 200 // before escaping
)

// slugOf makes a channel's place in URLs: its letters and digits in lower case, all else a hyphen.
func slugOf(name string) string {
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
