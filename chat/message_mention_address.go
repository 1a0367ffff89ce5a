package chat

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writtenWord is the word of a text that ends at a position. The text is read forward once, so all words together take
// time linear in its length.
type writtenWord struct {
	text    string
	read    int  // the position up to which the text was read
	part    int  // the beginning of the word, or of the part after its last slash
	address bool // a part of it was a host or a scheme
}

// inAddress reports whether a position, which must not decrease between calls, is within an address that Links does not
// find because it has no scheme or another one: youtube.com/@Ada, ftp://x/@Ada. In those a slash follows a host or a
// scheme. Punctuation that is as often outside an address ends it where an @ follows: (x.example/a)@Ada.
func (w *writtenWord) inAddress(at int) bool {
	for i, r := range w.text[w.read:at] {
		i += w.read
		switch {
		case r == '/':
			part := w.text[w.part:i]
			w.address = w.address || hostlike(part) || schemelike(part) && strings.HasPrefix(w.text[i:], "//")
			w.part = i + 1
		case r < utf8.RuneSelf && (r <= ' ' || r == 0x7f || strings.ContainsRune("\"`<>", r)), r >= utf8.RuneSelf &&
			!within(r) && !shaping(r):
			_, size := utf8.DecodeRuneInString(w.text[i:])
			w.address, w.part = false, i+size
		}
	}
	w.read = at
	return w.address && strings.IndexByte(",;!'|*)]}", w.text[at-1]) < 0
}

// schemelike reports whether a text ends like an address before its slashes.
func schemelike(s string) bool {
	return len(s) > 1 && s[len(s)-1] == ':' && alphanumeric(s[len(s)-2])
}

// hostlike reports whether a text looks like a host: a word, a dot, and a word that begins with two letters. So neither
// e.g. nor v1.2 does.
func hostlike(s string) bool {
	s = s[strings.LastIndexByte(s, '@')+1:]
	s, _, _ = strings.Cut(strings.TrimLeft(s, "([{'|*"), ":")
	if strings.EqualFold(s, "localhost") {
		return true
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	s = strings.TrimRight(s, ".")
	dot := strings.LastIndexByte(s, '.')
	if dot < 1 || s[dot-1] == '.' {
		return false
	}
	first, size := utf8.DecodeRuneInString(s[dot+1:])
	second, _ := utf8.DecodeRuneInString(s[dot+1+size:])
	return unicode.IsLetter(first) && (unicode.IsLetter(second) || unicode.IsMark(second))
}
