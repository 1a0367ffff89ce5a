package chat

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"chitchat/chat/markdown"
)

// Limits of the mentions in one message. A name in prose has six readings or so, and up to sixty in scripts without
// spaces between words.
const (
	maxMentions = 50  // different ones
	maxReadings = 400 // different ones in all
	fewReadings = 6   // the shortest ones of each mention, which are always kept
	maxPlaces   = 200 // different texts after an @ that are read
)

// mentionCandidate is a possible meaning of the text after an @.
type mentionCandidate struct {
	handle string // "": it cannot be a handle
	key    string
}

// foundMentions are the different mentions of a text.
type foundMentions struct {
	text       string
	candidates [][]mentionCandidate // their possible meanings, longest first
	names      [][]string           // the same, as they are in the text, shortest first
	places     []mentionPlace
}

// mentionPlace is an @ in the text, and where the text after it begins.
type mentionPlace struct{ at, after, mention int }

// spans returns the places of a mention that means the user of one of its candidates, as links to an address.
func (f foundMentions) spans(mention, candidate int, href string) (list []markdown.Span) {
	name := f.names[mention][len(f.candidates[mention])-1-candidate]
	for _, p := range f.places {
		if p.mention != mention {
			continue
		}
		if n := prefixLen(f.text[p.after:], name); n > 0 {
			list = append(list, markdown.Span{Start: p.at, End: p.after + n, Href: href, Class: "mention"})
		}
	}
	return list
}

// prefixLen returns the number of bytes at the beginning of a text that say a name: in other letters, with accents
// apart, or after what opens.
func prefixLen(text, name string) int {
	if len(text) >= len(name) && strings.EqualFold(text[:len(name)], name) {
		return len(name)
	}
	if first, size := utf8.DecodeRuneInString(text); opens(first) && strings.HasPrefix(text[size:], name) {
		if closing, n := utf8.DecodeRuneInString(text[size+len(name):]); closes(first, closing) {
			size += n
		}
		return size + len(name)
	}
	text = text[:min(len(text), maxNameBytes)]
	for i := range text {
		if norm.NFC.String(text[:i]) == name && norm.NFC.IsNormalString(text[i:min(len(text), i+utf8.UTFMax)]) {
			return i
		}
	}
	if norm.NFC.String(text) == name {
		return len(text)
	}
	return 0
}

// findMentions returns the possible meanings of each different @ in a text. Earlier mentions keep all of their
// readings, as long as enough remain for a few of each later one. Repeated readings do not count: a user who is named
// in each line of a list counts once.
func findMentions(body string) foundMentions {
	found, places := differentNames(body)
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
	return foundMentions{text: body, candidates: list, names: found, places: places}
}

// differentNames returns the readings of each mention that differs from earlier ones, of maxMentions at most, and the
// places of all of them.
func differentNames(body string) (list [][]string, places []mentionPlace) {
	read, seen := make(map[string]int), make(map[string]int) // the index in list; -1: it is nobody's name
	for at, from := range ats(body) {
		after := body[from:min(len(body), from+maxNameBytes+utf8.UTFMax)]
		index, known := read[after]
		if !known {
			names := candidateNames(after)
			key := strings.Join(names, "@")
			if index, known = seen[key]; !known {
				if index = -1; len(names) > 0 && len(list) < maxMentions {
					index = len(list)
					list = append(list, names)
				}
				seen[key] = index
			}
			read[after] = index
		}
		if index >= 0 {
			places = append(places, mentionPlace{at, from, index})
		}
		if len(read) > maxPlaces {
			break
		}
	}
	return list, places
}

// asHandle returns the handle that a text may be; "" when it cannot be one.
func asHandle(text string) string {
	for i := range len(text) {
		if !alphanumeric(text[i]) && strings.IndexByte("._-", text[i]) < 0 {
			return ""
		}
	}
	return strings.ToLower(text)
}

// ats returns the positions of each @ that can be a mention, and of the text after it: outside of links and other
// addresses, such as ada@example.org, and not escaped. In scripts without spaces, letters may precede the @, and it
// may be full-width.
func ats(body string) iter.Seq2[int, int] { return marks(body, signs) }

// marks is ats for other signs.
func marks(body, signs string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
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
			within := more && link.Start < at || before.inAddress(at) || at > 0 && alphanumeric(body[at-1]) ||
				size == 1 && escaped(body[:at])
			if !within && !yield(at, at+size) {
				return
			}
			at += size
		}
	}
}

// escaped reports whether a text ends in a backslash that Markdown takes from what follows, if that is of ASCII: the
// second of two is a backslash.
func escaped(before string) bool {
	return (len(before)-len(strings.TrimRight(before, `\`)))%2 == 1
}

// named reports whether a character can be in a name.
func named(r rune) bool {
	return nameLetter(r) || unicode.IsMark(r) || nameSign(r) || shaping(r)
}

// candidateNames returns the possible names at the beginning of a text, shortest first: up to the end of each word, and
// up to where a name may end within one. That is at an apostrophe, dash or bracket, where the script changes, and
// anywhere in scripts without spaces between words. A text that ends in punctuation is returned with and without it.
// There are at most two for each character that a name may have.
func candidateNames(text string) (list []string) {
	first, size := utf8.DecodeRuneInString(text)
	if opens(first) { // @"Ada"
		list = namesIn(text[size:])
	}
	return append(list, namesIn(text)...)
}

// opens reports whether a character precedes quoted text, or is put before names by other programs.
func opens(r rune) bool {
	if r < utf8.RuneSelf { // the tables take longer
		return strings.IndexByte("\"'`<([{*", byte(r)) >= 0
	}
	return apostrophe(r) || unicode.In(r, unicode.Ps, unicode.Pi, unicode.Bidi_Control)
}

// closes reports whether a character ends what another one opens.
func closes(opening, closing rune) bool {
	switch opening {
	case '"', '\'', '`', '*', '´':
		return closing == opening
	case '<', '[', '{':
		return closing == opening+2
	case '«':
		return closing == '»'
	case '\u2066', '\u2067', '\u2068': // isolates
		return closing == '\u2069'
	}
	return closing == opening+1 && (closing == ')' || unicode.In(closing, unicode.Pe, unicode.Pf))
}

// maxNameBytes is the size of the longest name with its accents decomposed.
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
		if letters += swelling(text[i:]); letters > 3*MaxNameLen { // longer than any name's key
			return list
		}
		space := unicode.Is(unicode.Zs, r)
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		between := listComma(before, r, after) || gershayim(before, r, after) // part of a name, and may follow one
		switch {
		case before == ' ' && !named(r): // or two spaces: no name has them
			return list
		case before != ' ' && !comma(before) && (!named(r) || divides(before, r, text[i:])):
			add(i)
		}
		if length++; length > MaxNameLen+2 || !named(r) && !space && !between { // or the punctuation after it
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

// trimName removes the punctuation at the end of a possible name, except a bracket that closes one in it, and the space
// before it: @Ada - hi.
func trimName(name string) string {
	for name != "" {
		r, size := utf8.DecodeLastRuneInString(name)
		closes := r == ')' || r == '）'
		if !strings.ContainsRune("._-(（", r) && !unicode.Is(unicode.Zs, r) && !apostrophe(r) && !closes ||
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

// unspaced reports whether a character is of a script without spaces between words, or one that adds endings to names
// without a space, as Korean does.
func unspaced(r rune) bool {
	return r >= 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Yi,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Javanese, unicode.Balinese)
}

// spaced lists the scripts that have spaces and are told apart.
var spaced = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Devanagari, unicode.Greek, unicode.Hebrew, unicode.Bengali,
	unicode.Tamil,
	unicode.Telugu, unicode.Gujarati, unicode.Gurmukhi, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Oriya,
	unicode.Armenian, unicode.Georgian, unicode.Ethiopic,
}

// scriptOf returns the index of a letter's script in spaced; -1 for all others.
func scriptOf(r rune) int {
	return slices.IndexFunc(spaced, func(t *unicode.RangeTable) bool { return unicode.Is(t, r) })
}
