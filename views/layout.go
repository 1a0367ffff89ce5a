// Package views renders what people see: pages, and the fragments that a page's forms and socket get.
// A page calls the same fragments, so that there is one copy of every piece of markup.
package views

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"chitchat/chat"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// hues is the number of colours that avatars come in: the style sheet has one rule for each.
const hues = 24

// hue is the same for a person everywhere and for ever, whatever their name.
func hue(id chat.ID) string { return strconv.Itoa(int(id % hues)) }

// initial is what an avatar shows of a name.
func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r))
}
