package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// Highlighting is a scanner of our own, which knows comments, strings, numbers, words, and what a language calls its
// own. It reads each character once. The lexers of chroma, the usual library, are regular expressions that backtrack:
// 7,000 line breaks as C took 17 s, and 2,000 colons as YAML 1.2 s, and anyone may send those. The classes are
// chroma's: k for keywords, s strings, m numbers, c comments, nf functions, nt tags, na attributes and keys, gi and gd
// inserted and deleted lines.

// writeCode writes a block of code, highlighted if its language is known.
func writeCode(w util.BufWriter, name, code string) error {
	lang := languages[name]
	b := []byte(`<div class="code">`)
	if lang != nil {
		b = append(append(append(b, "<span>"...), lang.name...), "</span>"...)
	} else if name != "" {
		b = append(append(append(b, "<span>"...), util.EscapeHTML([]byte(name))...), "</span>"...)
	}
	b = append(b, `<pre tabindex="0"><code`...)
	if name != "" {
		b = append(append(append(b, ` class="language-`...), util.EscapeHTML([]byte(name))...), '"')
	}
	b = append(b, '>')
	if lang != nil {
		s := scanner{language: lang, code: code, out: b}
		s.scan()
		b = s.out
	} else {
		b = append(b, util.EscapeHTML([]byte(code))...)
	}
	_, err := w.Write(append(b, "</code></pre></div>\n"...))
	return err
}

// scanner writes the code of a language with an element around each token that has a class.
type scanner struct {
	*language
	code string
	at   int // what comes before it is written
	out  []byte
}

// emit writes the code up to a position.
func (s *scanner) emit(class string, end int) {
	token := util.EscapeHTML([]byte(s.code[s.at:end]))
	s.at = end
	if class == "" {
		s.out = append(s.out, token...)
		return
	}
	s.out = append(append(append(s.out, `<span class="`...), class...), `">`...)
	s.out = append(append(s.out, token...), "</span>"...)
}

// after returns the position after the next occurrence of a text, or the end of the code.
func (s *scanner) after(from int, text string) int {
	if n := strings.Index(s.code[from:], text); n >= 0 {
		return from + n + len(text)
	}
	return len(s.code)
}

func (s *scanner) scan() {
	for s.at < len(s.code) {
		switch {
		case s.kind == ofLines:
			s.diffLine()
		case s.comment(), s.quoted(), s.word(), s.number():
		case s.kind == ofTags && s.tag():
		default:
			_, size := utf8.DecodeRuneInString(s.code[s.at:])
			s.emit("", s.at+size)
		}
	}
}

// diffLine writes a line of a diff.
func (s *scanner) diffLine() {
	end := s.after(s.at, "\n")
	class := map[byte]string{'+': "gi", '-': "gd", '@': "k"}[s.code[s.at]]
	s.emit(class, end)
}

func (s *scanner) comment() bool {
	rest := s.code[s.at:]
	for _, mark := range s.line {
		// in a shell, # is a comment only where a word begins
		if strings.HasPrefix(rest, mark) && (mark != "#" || s.at == 0 || s.code[s.at-1] <= ' ') {
			end := s.after(s.at, "\n")
			if s.code[end-1] == '\n' {
				end--
			}
			s.emit("c", end)
			return true
		}
	}
	if s.block[0] != "" && strings.HasPrefix(rest, s.block[0]) {
		s.emit("c", s.after(s.at+len(s.block[0]), s.block[1]))
		return true
	}
	return false
}

// quoted writes a string. One that is not closed ends with its line, or with the code where it may have several lines.
func (s *scanner) quoted() bool {
	quote := s.code[s.at]
	switch {
	case strings.IndexByte(s.raw, quote) >= 0:
		s.emit("s", s.after(s.at+1, string(quote)))
		return true
	case strings.IndexByte(s.quotes, quote) < 0:
		return false
	}
	if three := strings.Repeat(string(quote), 3); s.triple && strings.HasPrefix(s.code[s.at:], three) {
		s.emit("s", s.after(s.at+3, three))
		return true
	}
	end := s.at + 1
	for end < len(s.code) && s.code[end] != '\n' {
		end++
		switch s.code[end-1] {
		case quote:
			s.emit(s.role(end, "s"), end)
			return true
		case '\\':
			if end < len(s.code) && s.code[end] != '\n' {
				end++
			}
		}
	}
	s.emit("s", end)
	return true
}

// role returns the class of a token that ends at a position: a key's if it is one.
func (s *scanner) role(end int, class string) string {
	if s.kind == ofKeys && strings.IndexByte(s.assign, next(s.code, end)) >= 0 {
		return "na"
	}
	return class
}

// next returns the byte after spaces; 0 at the end.
func next(code string, at int) byte {
	for at < len(code) && code[at] == ' ' {
		at++
	}
	if at == len(code) {
		return 0
	}
	return code[at]
}

// word writes a name or a keyword.
func (s *scanner) word() bool {
	end := s.at
	for i, r := range s.code[s.at:] {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && !strings.ContainsRune(s.inner, r)) {
			break
		}
		end = s.at + i + utf8.RuneLen(r)
	}
	if end == s.at {
		return false
	}
	word := s.code[s.at:end]
	if s.fold {
		word = strings.ToLower(word)
	}
	class := s.role(end, "")
	switch {
	case class == "" && s.keywords[word]:
		class = "k"
	case class == "" && s.kind == ofCode && end < len(s.code) && s.code[end] == '(':
		class = "nf"
	}
	s.emit(class, end)
	return true
}

func (s *scanner) number() bool {
	if s.kind == ofTags {
		return false
	}
	end := s.at
	for end < len(s.code) && (alphanumeric(s.code[end]) || end > s.at && strings.IndexByte("._", s.code[end]) >= 0) {
		end++
	}
	if end == s.at {
		return false
	}
	s.emit("m", end)
	return true
}

// alphanumeric reports whether a byte is an ASCII letter or digit.
func alphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

// tag writes the beginning of a tag, up to its name.
func (s *scanner) tag() bool {
	end := s.at + 1
	if s.code[s.at] != '<' {
		return false
	}
	for end < len(s.code) && (alphanumeric(s.code[end]) || strings.IndexByte("/!?:-", s.code[end]) >= 0) {
		end++
	}
	s.emit("nt", end)
	return true
}
