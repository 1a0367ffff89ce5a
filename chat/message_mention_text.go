package chat

import (
	"iter"
	"strings"
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
