package chat

import (
	"slices"
	"strings"
	"unicode"
)

// writtenTogether are the scripts of which letters may stand in one word.
// Source: UTS #39, section 5.2, "Highly Restrictive", a word at a time.
var writtenTogether = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// mixedWord returns the first word of a name whose letters are of scripts that nobody writes together, as those of
// another script can be drawn alike: Аlice with a Cyrillic А. "" when there is none.
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

// letterScript returns the script of a letter or mark, looked for among those that are likely first; "" of what belongs
// to several.
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
