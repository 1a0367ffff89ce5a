package handlers

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"chitchat/chat"
)

// shrugText returns a message of /shrug. As Markdown it shows ¯\_(ツ)_/¯.
func shrugText(text string) string { return strings.TrimSpace(text + ` ¯\\\_(ツ)\_/¯`) }

// actionText returns a message of /me: each line in italics, as Markdown, whatever is in it.
func actionText(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		if line = strings.TrimSpace(line); line != "" { // spaces inside of the underscores would undo them
			line = "_" + escapeAction(line) + "_"
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// escapeAction escapes what would end the italics of a line: underscores that are not within a word, a backslash before
// the end, and a backtick without another, which could close in a later line. Links and code stay as they are.
func escapeAction(line string) string {
	var b strings.Builder
	next, stop := iter.Pull(chat.Links(line))
	defer stop()
	link, more := next()
	for at := 0; at < len(line); {
		for more && link.Start < at {
			link, more = next()
		}
		from := at
		switch _, size := utf8.DecodeRuneInString(line[at:]); {
		case more && link.Start == at:
			at = link.End
		case line[at] == '`':
			ticks, code := codeSpan(line[at:])
			if at += code; code == 0 {
				b.WriteString(strings.Repeat("\\`", ticks))
				at += ticks
				from = at
			}
		case line[at] == '\\' && at+1 < len(line) && punctuation(line[at+1]):
			at += 2 // escapes something already
		case line[at] == '\\', line[at] == '_' && !withinWord(line, at):
			b.WriteByte('\\')
			at++
		default:
			at += size
		}
		b.WriteString(line[from:at])
	}
	return b.String()
}

// codeSpan returns the number of backticks at the beginning of a text, and the length of the code that they begin; 0
// when it has no end.
func codeSpan(text string) (ticks, length int) {
	run := func(at int) int { return len(text[at:]) - len(strings.TrimLeft(text[at:], "`")) }
	ticks = run(0)
	for at := ticks; ; {
		n := strings.IndexByte(text[at:], '`')
		if n < 0 {
			return ticks, 0
		}
		at += n
		closing := run(at)
		if at += closing; closing == ticks {
			return ticks, at
		}
	}
}

func punctuation(c byte) bool {
	return c > ' ' && c < utf8.RuneSelf && !unicode.IsLetter(rune(c)) && !unicode.IsDigit(rune(c)) && c != 0x7f
}

// withinWord reports whether an underscore has letters or digits on both sides, where it is no markup.
func withinWord(line string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:at])
	after, _ := utf8.DecodeRuneInString(line[at+1:])
	in := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return in(before) && in(after)
}
