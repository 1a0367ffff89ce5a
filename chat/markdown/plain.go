package markdown

import "strings"

// Plain reports whether a text has nothing to format, so that its HTML is the text itself, escaped, with its line
// breaks and its spans as links. Spaces at the ends of lines are kept, which CommonMark leaves out. It may report false
// for such a text, but never true for another one.
func Plain(src string) bool {
	if strings.ContainsAny(src, "\\*`~[&|<_\t\r\x00") {
		return false
	}
	for line := range strings.SplitSeq(src, "\n") {
		if !plainLine(line) {
			return false
		}
	}
	return true
}

// plainLine reports whether a line is not empty, and begins no block: four spaces would begin code.
func plainLine(line string) bool {
	before := len(line)
	if line = strings.TrimLeft(line, " "); strings.TrimSpace(line) == "" || before-len(line) > 3 {
		return false
	}
	switch c := line[0]; {
	case c < ' ', strings.IndexByte("#>+-=", c) >= 0:
		return false
	case '0' <= c && c <= '9':
		rest := strings.TrimLeft(line, "0123456789")
		return rest == "" || rest[0] != '.' && rest[0] != ')'
	}
	return true
}
