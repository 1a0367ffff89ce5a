package chat

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxTypedCode bounds, in bytes, what is read as a code: a recovery code in full-width letters, with a space around
// each, fits. Folding costs, and anybody may ask for it.
const maxTypedCode = 256

// cleanCode makes what people type, or paste from an app or a sheet of paper, the code that it stands for: ASCII digits
// and capitals. Spaces, hyphens, full stops, characters without width and all else between them are dropped; full-width
// letters and the digits of every script are as good as ASCII's. What is too long is no code: "".
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

// digitValue is what a decimal digit of any script counts. Unicode has those of a script in a row, from 0 to 9 (The
// Unicode Standard, section 4.6), and the tables join rows that touch.
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
