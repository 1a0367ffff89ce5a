package chat

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is looked for in one message, whatever is in it. Names in prose have six readings or so, and up to
// sixty where there are no spaces between words.
const (
	maxMentions = 50  // different ones
	maxReadings = 400 // different ones in all
	fewReadings = 6   // the shortest of each mention, which it has whatever stands before it
)

// mentionCandidate is what a text may mean by an @.
type mentionCandidate struct {
	handle string // "": no handle looks like that
	key    string
}

// mentionCandidates returns what a text may mean by each different @: its longest reading first. The mentions that come
// first have all of their readings, as long as enough is left for a few of each that follows. Those that are there
// already do not count: whoever is named in each line of a list takes the place of one.
func mentionCandidates(body string) [][]mentionCandidate {
	found := differentNames(body)
	list := make([][]mentionCandidate, len(found))
	asked := make(map[string]bool)
	for i, names := range found {
		most := max(fewReadings, maxReadings-len(asked)-fewReadings*(len(found)-i-1))
		for n, name := range names {
			if asked[name] {
				continue
			}
			if most--; most < 0 {
				names = names[:n]
				break
			}
			asked[name] = true
		}
		list[i] = make([]mentionCandidate, len(names))
		for n, key := range nameKeys(names) {
			list[i][len(names)-1-n] = mentionCandidate{handle: asHandle(names[n]), key: key}
		}
	}
	return list
}

// differentNames returns the readings of each mention that differs from those before it, of maxMentions at most.
func differentNames(body string) (list [][]string) {
	read, seen := make(map[string]bool), make(map[string]bool)
	for after := range ats(body) {
		if after = after[:min(len(after), maxNameBytes+utf8.UTFMax)]; read[after] {
			continue
		}
		read[after] = true
		names := candidateNames(after)
		if key := strings.Join(names, "@"); len(names) > 0 && !seen[key] {
			seen[key] = true
			if list = append(list, names); len(list) == maxMentions {
				break
			}
		}
	}
	return list
}

// asHandle returns the handle that a text may be; "" when none looks like that.
func asHandle(text string) string {
	for i := range len(text) {
		if !alphanumeric(text[i]) && strings.IndexByte("._-", text[i]) < 0 {
			return ""
		}
	}
	return strings.ToLower(text)
}

// ats returns what stands after each @ that can mention someone: outside of links and of addresses that are none, and
// not within an address, as in ada@example.org. Who writes without spaces has other letters before it, and may type the
// full-width one.
func ats(body string) iter.Seq[string] {
	return func(yield func(string) bool) {
		next, stop := iter.Pull(Links(body))
		defer stop()
		link, more := next()
		before := writtenWord{text: body}
		for at := 0; ; {
			n := strings.IndexAny(body[at:], signs)
			if n < 0 {
				return
			}
			at += n
			for more && link.End <= at {
				link, more = next()
			}
			_, size := utf8.DecodeRuneInString(body[at:])
			within := more && link.Start < at || before.inAddress(at) || at > 0 && alphanumeric(body[at-1])
			if !within && !yield(body[at+size:]) {
				return
			}
			at += size
		}
	}
}

// named reports whether a character can stand in a name.
func named(r rune) bool {
	return nameLetter(r) || unicode.IsMark(r) || nameSign(r) || shaping(r)
}

// candidateNames are the names with which a text can begin, the shortest first: up to the end of each word, and up to
// where a name may end within one. That is at an apostrophe, dash or bracket, where the script changes, and anywhere in
// scripts that put no spaces between words. What ends in punctuation is read with and without it. They are at most two
// for each character that a name may have.
func candidateNames(text string) (list []string) {
	first, size := utf8.DecodeRuneInString(text)
	if opens(first) { // @"Ada"
		list = namesIn(text[size:])
	}
	return append(list, namesIn(text)...)
}

// opens reports whether a character stands before what is quoted, or is put before a name by other programs.
func opens(r rune) bool {
	if r < utf8.RuneSelf { // the tables take longer
		return strings.IndexByte("\"'`<([{*", byte(r)) >= 0
	}
	return apostrophe(r) || unicode.In(r, unicode.Ps, unicode.Pi, unicode.Bidi_Control)
}

// maxNameBytes is as many bytes as the longest name has with its accents apart.
const maxNameBytes = 12 * MaxNameLen

func namesIn(text string) (list []string) {
	if r, _ := utf8.DecodeRuneInString(text); !named(r) {
		return nil
	}
	text = text[:min(len(text), maxNameBytes)]
	text = norm.NFC.String(strings.ToValidUTF8(text, ""))
	add := func(end int) {
		for _, name := range []string{trimName(text[:end]), text[:end]} {
			if strings.ContainsFunc(name, nameLetter) && utf8.RuneCountInString(name) <= MaxNameLen &&
				!slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	before, length, letters := ' ', 0, 0
	for i, r := range text {
		if letters += swelling(text[i:]); letters > 3*MaxNameLen { // no name's key is as long
			return list
		}
		space := unicode.Is(unicode.Zs, r)
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		between := listComma(before, r, after) || gershayim(before, r, after) // part of a name, and may be behind one
		switch {
		case before == ' ' && !named(r): // also two spaces: no name has them
			return list
		case before != ' ' && !comma(before) && (!named(r) || divides(before, r, text[i:])):
			add(i)
		}
		if length++; length > MaxNameLen+2 || !named(r) && !space && !between { // and the punctuation after it
			return list
		}
		if before = r; space {
			before = ' '
		}
	}
	if before != ' ' && !comma(before) {
		add(len(text))
	}
	return list
}

// divides reports whether a name may end between two characters of names. rest begins with the second.
func divides(before, r rune, rest string) bool {
	switch {
	case unicode.IsMark(r), shaping(r), joiner(before), before == 0x180E:
		return false
	case apostrophe(r), bracket(r), partingSign(r):
		return true
	case strings.ContainsRune("._-", r):
		return len(rest) > 1 && strings.IndexByte("._-", rest[1]) >= 0
	case unspaced(before), unspaced(r):
		return true
	case !unicode.IsLetter(r) || !unicode.IsLetter(before) && !unicode.IsMark(before):
		return false
	}
	if r < utf8.RuneSelf && before < utf8.RuneSelf || unicode.IsMark(before) {
		return false
	}
	return scriptOf(before) != scriptOf(r)
}

// trimName leaves out the punctuation at the end of what may be a name, but for the bracket that closes one in it.
func trimName(name string) string {
	for name != "" {
		r, size := utf8.DecodeLastRuneInString(name)
		closes := r == ')' || r == '）'
		if !strings.ContainsRune("._-(（", r) && !apostrophe(r) && !closes ||
			closes && countBrackets(name, "(（") >= countBrackets(name, ")）") {
			break
		}
		name = name[:len(name)-size]
	}
	return name
}

func countBrackets(s, kinds string) (n int) {
	for _, r := range s {
		if strings.ContainsRune(kinds, r) {
			n++
		}
	}
	return n
}

// unspaced reports whether a character is of a script whose words stand together, or to whose names endings are added
// without a space, as in Korean.
func unspaced(r rune) bool {
	return r >= 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Yi,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Javanese, unicode.Balinese)
}

// spaced are the scripts that have spaces and are told from each other.
var spaced = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Devanagari, unicode.Greek, unicode.Hebrew, unicode.Bengali,
	unicode.Tamil,
	unicode.Telugu, unicode.Gujarati, unicode.Gurmukhi, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Oriya,
	unicode.Armenian, unicode.Georgian, unicode.Ethiopic,
}

// scriptOf returns the place of a letter's script in spaced; -1 of all others.
func scriptOf(r rune) int {
	return slices.IndexFunc(spaced, func(t *unicode.RangeTable) bool { return unicode.Is(t, r) })
}
