package chat

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLinks is the maximum number of links in a message: each costs ten times its text, for every reader.
const MaxLinks = 50

// Link is an address in a text, body[Start:End]. Its target is Scheme followed by that text.
type Link struct {
	Start, End int
	Scheme     string // "https://" for an address that begins with "www.", "mailto:" for one of a person; else ""
}

// Links returns the addresses in a text, in their order. They begin with http://, https://, mailto: or www., and end
// where readers of any script would see their end; or they are the address of a person, ada@example.org. The time is
// linear in the length of the text, whatever the text.
func Links(body string) iter.Seq[Link] {
	return func(yield func(Link) bool) {
		last := 0 // the end of the last link
		for at := 0; at < len(body); {
			if body[at] == '@' {
				start, end := mailAddress(body, last, at)
				if start == end {
					at++
					continue
				}
				if !yield(Link{Start: start, End: end, Scheme: "mailto:"}) {
					return
				}
				at, last = end, end
				continue
			}
			scheme, n := beginning(body, at)
			if n == 0 {
				at++
				continue
			}
			end := at + n
			if hosted(body[end:]) {
				end = address(body, at, end)
				mail := body[at]|0x20 == 'm'      // an address of a person: mailto:x is none
				whole := hosted(body[at+n : end]) // "http://[:" has nothing left
				if whole && (scheme == "" && (!mail || strings.IndexByte(body[at+n:end], '@') > 0) || scheme != "" &&
					dotted(body[at+n:end])) {
					if !yield(Link{Start: at, End: end, Scheme: scheme}) {
						return
					}
				}
			}
			at, last = end, end
		}
	}
}

// maxMail is the limit of each side of an @ in a person's address, in bytes. Source: RFC 5321, 4.5.3.1, for its first.
const maxMail = 64

// mailAddress returns the place of the address around an @, after an earlier link; an empty one when there is none. It
// is in ASCII, and begins a word: neither ssh://git@x.org nor x/y@z.org is one. Source: GFM, 6.9, extended email
// autolinks.
func mailAddress(body string, from, at int) (start, end int) {
	start, end = at, at+1
	for start > from && at-start < maxMail && (alphanumeric(body[start-1]) ||
		strings.IndexByte(".-_+", body[start-1]) >= 0) {
		start--
	}
	for start < at && !alphanumeric(body[start]) { // ...ada@example.org
		start++
	}
	dotted := false
	for end < len(body) && end-at <= 4*maxMail && (alphanumeric(body[end]) || strings.IndexByte(".-_", body[end]) >= 0) {
		dotted = dotted || body[end] == '.' && end+1 < len(body) && alphanumeric(body[end+1])
		end++
	}
	end = at + 1 + len(strings.TrimRight(body[at+1:end], "."))
	before, _ := utf8.DecodeLastRuneInString(body[:start])
	switch {
	case start == at, !dotted, !alphanumeric(body[at+1]), !alphanumeric(body[end-1]):
		return at, at
	case start > 0 && (strings.IndexByte("/:@=", body[start-1]) >= 0 || unicode.IsLetter(before)):
		return at, at
	case end < len(body) && strings.IndexByte("@/-_", body[end]) >= 0: // a part of something else
		return at, at
	case end+1 < len(body) && body[end] == ':' && body[end+1] > ' ': // git@example.org:path
		return at, at
	}
	return start, end
}

// beginning returns the length of the beginning of a link at a position, 0 when there is none, and the scheme that it
// lacks. No link begins within a word of ASCII letters.
func beginning(body string, at int) (scheme string, n int) {
	rest := body[at:]
	switch rest[0] | 0x20 {
	case 'h':
		if n = len("https://"); !prefixed(rest, "https://") {
			if n = len("http://"); !prefixed(rest, "http://") {
				return "", 0
			}
		}
	case 'm':
		if n = len("mailto:"); !prefixed(rest, "mailto:") {
			return "", 0
		}
	case 'w':
		if n = len("www."); !prefixed(rest, "www.") || at > 0 && strings.IndexByte(".-_/@", body[at-1]) >= 0 {
			return "", 0
		}
		scheme = "https://"
	}
	if n == 0 || at > 0 && alphanumeric(body[at-1]) {
		return "", 0
	}
	return scheme, n
}

// prefixed is strings.HasPrefix, ignoring the case of the text's ASCII letters.
func prefixed(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// alphanumeric reports whether a byte is an ASCII letter or digit.
func alphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

// hosted reports whether the text after a scheme can be an address: it begins with a letter or digit, or is in IPv6.
func hosted(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '[' && len(s) > n &&
		strings.IndexByte("0123456789abcdefABCDEF:", s[n]) >= 0
}

// dotted reports whether a host, without its "www.", contains a dot. Text before an @ is not part of a host.
func dotted(s string) bool {
	if n := strings.IndexAny(s, "/?#:"); n >= 0 {
		s = s[:n]
	}
	return strings.IndexByte(strings.TrimRight(s, "."), '.') > 0 && strings.IndexByte(s, '@') < 0
}

// quotes end a link that is between two of them.
const quotes = "\"'`|*_~"

// address returns the end of the link that begins at start; from is the end of its scheme.
//
// It ends before white space, invisible characters that shape no letter, < and >, non-ASCII punctuation and symbols,
// and a closing bracket whose opening one is not in it; an unclosed bracket is part of it. Browsers accept quotes, |
// and the like within a query as they are: so they are part of it, unless the same character is before the link.
// Punctuation at its very end belongs to the sentence.
func address(body string, start, from int) int {
	before := byte(0)
	if start > 0 {
		before = body[start-1]
	}
	end, query := len(body), false
	round, square, curly := 0, 0, 0 // open brackets
scan:
	for i, r := range body[from:] {
		i += from
		switch {
		case r >= utf8.RuneSelf:
			if !within(r) && !(shaping(r) && shapes(body[from:i], r, body[i+utf8.RuneLen(r):])) {
				end = i
				break scan
			}
			continue
		case r == '?' || r == '#':
			query = true
		case r <= ' ' || r == '<' || r == '>' || r == 0x7f:
			end = i
			break scan
		case r == '"' || r == '`' || r == '\\':
			if !query || byte(r) == before {
				end = i
				break scan
			}
		case r == '|':
			if before == '|' || before == '<' { // a table, or <address|words>
				end = i
				break scan
			}
		case r == '\'' && before == '\'':
			end = i
			break scan
		}
		switch r {
		case '(':
			round++
		case '[':
			square++
		case '{':
			curly++
		case ')':
			round--
		case ']':
			square--
		case '}':
			curly--
		}
		if min(round, square, curly) < 0 {
			end = i
			break scan
		}
	}
	return from + len(trimEnd(body[from:end], before, query))
}

// within reports whether a non-ASCII character can be in a link: letters and digits of all scripts, and the few signs
// that occur within words. U+FFFD is a symbol.
func within(r rune) bool {
	return !invisible(r) && (unicode.In(r, unicode.L, unicode.M, unicode.N) || innerSign(r))
}

// innerSign reports whether a non-ASCII character is punctuation that occurs within words, as in ジョン・スミス.
func innerSign(r rune) bool {
	switch r {
	case 0xB7, 0x387, 0x58A, 0x5BE, 0x5F3, 0x5F4, 0xF0B, 0xF0C, 0x2010, 0x2011, 0x2013, 0x30FB, 0xFF65:
		return true
	}
	return false
}

// trimEnd removes the punctuation at the end of a link, and markup around it: _address_. The second of two quotes in a
// query stays.
func trimEnd(s string, before byte, query bool) string {
	var quoted [3]int // number of quotes of each kind in a query
	if query {
		quoted = [3]int{strings.Count(s, `"`), strings.Count(s, `'`), strings.Count(s, "`")}
	}
	for s != "" {
		last, n := s[len(s)-1], 1
		switch kind := strings.IndexByte("\"'`", last); {
		case last >= utf8.RuneSelf:
			r, size := utf8.DecodeLastRuneInString(s)
			if !innerSign(r) {
				return s
			}
			n = size
		case kind >= 0:
			if quoted[kind] > 0 && quoted[kind]%2 == 0 {
				return s
			}
			quoted[kind]--
		case last == before && strings.IndexByte(quotes, last) >= 0:
		case strings.IndexByte(".,:;!?*|^\\@([{", last) < 0:
			return s
		}
		s = s[:len(s)-n]
	}
	return s
}
