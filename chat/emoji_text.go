package chat

import (
	"strings"

	"chitchat/chat/markdown"
)

func emojiCode(name string) string { return ":" + name + ":" }

// EmojiURL returns the address of a custom emoji's picture. Its content never changes.
func EmojiURL(id ID) string { return "/emoji/" + id.String() }

// emojiName returns the name that a text such as :party: stands for, whether there is such an emoji or not.
func emojiName(text string) (name string, ok bool) {
	if len(text) < minEmojiNameLen+2 || len(text) > MaxEmojiNameLen+2 || text[0] != ':' || text[len(text)-1] != ':' {
		return "", false
	}
	name = text[1 : len(text)-1]
	return strings.ToLower(name), leadingEmojiName(name) == name
}

// leadingEmojiName returns the characters at the beginning of a text that a name can have, of either case, and one more
// than fit at most.
func leadingEmojiName(text string) string {
	n := 0
	for n < len(text) && n <= MaxEmojiNameLen && (alphanumeric(text[n]) || text[n] == '-' || text[n] == '_') {
		n++
	}
	return text[:n]
}

// leadingShortcode returns the characters at the beginning of a text that a shortcode or a custom emoji's name can
// have, and one more than fit at most.
func leadingShortcode(text string) string {
	n := 0
	if text != "" && text[0] == '+' { // +1
		n++
	}
	return text[:n+len(leadingEmojiName(text[n:]))]
}

// emojiSpans returns the emoji of a text that are written as :name:, custom ones as pictures. A text without a colon
// costs nothing.
func (c *core) emojiSpans(body string) []markdown.Span {
	if strings.IndexByte(body, ':') < 0 {
		return nil
	}
	return c.hub.emoji.get().spans(body, c.options.Shortcode)
}

// spans returns the places of emoji in a text, at most maxEmojiInText. One does not begin or end within a word, as in
// 10:30:45, and a backslash before it keeps it as it is typed.
func (s *emojiSet) spans(body string, shortcode func(string) string) (spans []markdown.Span) {
	last := -1 // the end of the last one: another one may follow at once
	for at := 0; len(spans) < maxEmojiInText; {
		next := strings.IndexByte(body[at:], ':')
		if next < 0 {
			break
		}
		at += next
		name := leadingShortcode(body[at+1:])
		end := at + 1 + len(name) + 1
		if end > len(body) || body[end-1] != ':' || at != last && inWord(body[:at]) ||
			end < len(body) && alphanumeric(body[end]) {
			at++
			continue
		}
		span := markdown.Span{Start: at, End: end}
		name = strings.ToLower(name)
		if id, ok := s.byName[name]; ok {
			span.Picture = EmojiURL(id)
		} else if shortcode != nil {
			span.Emoji = shortcode(name)
		}
		if span.Picture == "" && span.Emoji == "" {
			at++
			continue
		}
		spans = append(spans, span)
		at, last = end, end
	}
	return spans
}

// inWord reports whether a text goes on with a word. Underscores are of the word before them, and of none in _:tada:_,
// which is in italics.
func inWord(before string) bool {
	before = strings.TrimRight(before, "_")
	if before == "" {
		return false
	}
	last := before[len(before)-1]
	return alphanumeric(last) || strings.IndexByte(`:\/`, last) >= 0
}

// emojiTag begins a custom emoji in the HTML of a text, and nothing else: what people type has no tags.
const emojiTag = `<img class="emoji"`

// Big reports whether a text is shown larger: it is one to MaxBigEmoji emoji, custom ones included, and nothing else.
func (f Formatted) Big(body string) bool {
	switch {
	case f.Blocks || len(body) > MaxBigEmoji*maxEmojiBytes:
		return false
	case f.HTML == "":
		return BigEmoji(body)
	}
	var b strings.Builder
	rest := f.HTML
	for {
		before, after, found := strings.Cut(rest, emojiTag)
		b.WriteString(before)
		if !found {
			return BigEmoji(b.String())
		}
		b.WriteString("⭐")
		if _, rest, found = strings.Cut(after, ">"); !found {
			return false
		}
	}
}
