package chat

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxTypedCode is the maximum length of a typed code, in bytes: a recovery code in full-width letters, with a space
// around each, fits. Folding takes time, and anyone may ask for it.
const maxTypedCode = 256

// cleanCode returns the code that a user typed, or pasted from an app or a sheet of paper, as ASCII digits and
// capitals. It drops spaces, hyphens, full stops, zero-width characters and everything else in between. Full-width
// letters and the digits of every script become ASCII. It returns "" for what is too long.
func cleanCode(typed string) string {
	if len(typed) > maxTypedCode {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Nd, r):
			return '0' + digitValue(r)
		case unicode.IsLetter(r):
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(typed))
}

// digitValue returns the value of a decimal digit of any script. Unicode has each script's digits in a row, from 0 to 9
// (The Unicode Standard, section 4.6), and its tables join adjacent rows.
func digitValue(r rune) rune {
	for _, rows := range unicode.Nd.R16 {
		if rune(rows.Lo) <= r && r <= rune(rows.Hi) {
			return (r - rune(rows.Lo)) % 10
		}
	}
	for _, rows := range unicode.Nd.R32 {
		if rune(rows.Lo) <= r && r <= rune(rows.Hi) {
			return (r - rune(rows.Lo)) % 10
		}
	}
	return 0
}
