package chat

import (
	"slices"
	"strings"
	"unicode"
)

// writtenTogether lists the scripts whose letters may be mixed in one word. Source: UTS #39, section 5.2, "Highly
// Restrictive", applied to words.
var writtenTogether = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// mixedWord returns the first word of a name that mixes scripts which are not written together; "" when there is none.
// Letters of different scripts can be drawn alike: Аlice with a Cyrillic А.
func mixedWord(name string) string {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool {
		return !nameLetter(r) && !unicode.IsMark(r) && !shaping(r)
	}) {
		var scripts []string
		for _, r := range word {
			if script := letterScript(r, scripts); script != "" && !slices.Contains(scripts, script) {
				scripts = append(scripts, script)
			}
			if !oneWriting(scripts) {
				return word
			}
		}
	}
	return ""
}

func oneWriting(scripts []string) bool {
	return len(scripts) < 2 || slices.ContainsFunc(writtenTogether, func(set []string) bool {
		return !slices.ContainsFunc(scripts, func(s string) bool { return !slices.Contains(set, s) })
	})
}

// letterScript returns the script of a letter or mark, trying the likely ones first; "" for one that belongs to
// several.
func letterScript(r rune, likely []string) string {
	if r < unicode.MaxASCII {
		if unicode.IsLetter(r) {
			return "Latin"
		}
		return ""
	}
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return ""
	}
	for _, script := range likely {
		if unicode.Is(unicode.Scripts[script], r) {
			return script
		}
	}
	for script, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return script
		}
	}
	return ""
}
