package chat

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Two names that differ by their keys may be drawn alike: AIice and Alice, Marnie and Mamie. A name that looks like one
// which someone keeps is refused, so that nobody passes for another. It is no more than that: whoever has a name signs in, is
// mentioned, found and sorted by its key.

//go:embed confusables.txt
var confusablesText string

// likenessRules names the rules by which likenesses are made. When they change, those of all names are made anew.
const likenessRules = "Unicode 17.0.0, 1"

// confusables returns what each character looks like.
var confusables = sync.OnceValue(func() map[rune]string {
	table := make(map[rune]string, 2200)
	for line := range strings.Lines(confusablesText) {
		if fields := strings.Fields(line); fields[0] != "#" {
			var looks strings.Builder
			for _, hex := range fields[1:] {
				looks.WriteRune(mustRune(hex))
			}
			table[mustRune(fields[0])] = looks.String()
		}
	}
	return table
})

// mustRune reads a code point of a file that is part of the program.
func mustRune(hex string) rune {
	n, err := strconv.ParseInt(hex, 16, 32)
	if err != nil {
		panic(err)
	}
	return rune(n)
}

// likenesses returns what a name looks like, as it is written and in small letters. Names of which one is the same look alike.
func likenesses(name string) []string {
	list := []string{skeleton(name), skeleton(strings.ToLower(name))}
	slices.Sort(list)
	return slices.Compact(list)
}

// skeleton is what a text looks like, whatever its case.
// Source: the skeleton of UTS #39, section 4, of the text and again of its folded letters, for M is m, and m looks like rn.
func skeleton(text string) string {
	looks := cases.Fold().String(drawn(norm.NFD.String(norm.NFKC.String(text))))
	return NameKey(drawn(norm.NFD.String(looks)))
}

// drawn replaces each character by what it looks like.
func drawn(text string) string {
	var b strings.Builder
	table := confusables()
	for _, r := range text {
		if looks, ok := table[r]; ok {
			b.WriteString(looks)
		} else if !joiner(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
