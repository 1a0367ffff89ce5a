package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is the number of combining marks in a row that are kept: more are no script's, and cover other texts.
const maxMarks = 3

// fewMarks removes combining marks after the first maxMarks of a row.
func fewMarks(text string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxMarks {
			return -1
		}
		return r
	}, text)
}

// cleanPreviewText returns a stranger's text as it is shown: one line, without invisible characters.
func cleanPreviewText(text string, most int) string {
	text = fewMarks(cleanLine(strings.Join(strings.Fields(text), " ")))
	if utf8.RuneCountInString(text) > most+1 { // with its ellipsis
		text = string([]rune(text)[:most])
	}
	return text
}
