package chat

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// match is how well a name matches the letters that were typed; of two the smaller is the better.
type match int

const (
	noMatch        match = iota
	matchesWhole         // it is what was typed
	matchesStart         // it begins with that
	matchesWord          // a further word does
	matchesInitial       // each letter begins a word, or follows the one before: “dc” in “design crew”
	matchesInside        // it contains what was typed
	matchesFrom          // it has the letters in order, the first one begins a word
	matchesSome          // it has the letters in order
)

// matcher finds names that have the typed letters in their order, without regard to case, accents and spaces.
type matcher struct {
	typed   string
	letters []rune
}

// newMatcher returns a matcher for what was typed. Without letters it matches nothing.
func newMatcher(query string) matcher {
	typed := plainKey(NameKey(ListQuery{Text: query}.clean().Text))
	return matcher{typed, []rune(strings.ReplaceAll(typed, " ", ""))}
}

// plainKey returns a NameKey without accents.
func plainKey(key string) string {
	if ascii(key) {
		return key
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(key))
}

// of returns how well the name with that NameKey matches. It takes at most as many steps as the name has letters, times
// those that were typed.
func (m matcher) of(key string) match {
	if len(m.letters) == 0 {
		return noMatch
	}
	key = plainKey(key)
	if key == m.typed {
		return matchesWhole
	}
	if strings.HasPrefix(key, m.typed) {
		return matchesStart
	}
	name := []rune(key)
	first, found := 0, 0 // where the first letter is, and how many there are
	for i, r := range name {
		if found < len(m.letters) && r == m.letters[found] {
			if found++; found == 1 {
				first = i
			}
		}
		if begins(name, i) && hasPrefix(name[i:], m.typed) {
			return matchesWord
		}
	}
	if found < len(m.letters) {
		return noMatch
	}
	switch {
	case m.byInitials(name):
		return matchesInitial
	case strings.Contains(key, m.typed):
		return matchesInside
	case begins(name, first):
		return matchesFrom
	}
	return matchesSome
}

// begins reports whether a letter begins a word.
func begins(name []rune, i int) bool { return i == 0 || !isLetter(name[i-1]) && isLetter(name[i]) }

func isLetter(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.M) }

func hasPrefix(name []rune, typed string) bool {
	i := 0
	for _, r := range typed {
		if i == len(name) || name[i] != r {
			return false
		}
		i++
	}
	return true
}

// byInitials reports whether the letters can be found so that each begins a word or follows the one before it.
func (m matcher) byInitials(name []rune) bool {
	last, next := make([]bool, len(name)), make([]bool, len(name)) // where the letters so far can end
	for i, r := range m.letters {
		some, before := false, i == 0
		for j := range name {
			next[j] = name[j] == r && (before && begins(name, j) || i > 0 && j > 0 && last[j-1])
			some = some || next[j]
			before = before || last[j]
		}
		if !some {
			return false
		}
		last, next = next, last
	}
	return true
}
