package chat

import (
	"slices"
	"strings"

	"chitchat/chat/markdown"
)

// Formatted is the HTML of a message's text. It is made once, when the message is posted or edited, and stored beside
// the text: a page of the history would otherwise cost fifty times as much as the most expensive message.
type Formatted struct {
	HTML   string // sanitized; "" for a text without formatting, whose HTML is the text itself
	Blocks bool   // HTML is made of blocks, and not the content of a single paragraph
}

// formatVersion begins stored HTML. It changes when the HTML of some text changes: what earlier versions have stored is
// made again when it is read.
const formatVersion = "1"

// format returns the HTML of a text with these mentions.
func format(body string, mentions []markdown.Span) Formatted {
	if len(mentions) == 0 && markdown.Plain(body) {
		return Formatted{}
	}
	spans := slices.Clone(mentions)
	links := 0
	for link := range Links(body) {
		if links++; links > MaxLinks {
			break
		}
		spans = append(spans, markdown.Span{Start: link.Start, End: link.End, Href: link.Scheme + body[link.Start:link.End]})
	}
	slices.SortFunc(spans, func(a, b markdown.Span) int { return a.Start - b.Start })
	html, blocks := markdown.Render(body, spans)
	return Formatted{html, blocks}
}

// Stored HTML begins with the version and how it is shown: as typed, as a paragraph, or as blocks. A text that is plain
// at first sight has none.

// stored returns what is kept of it beside the text.
func (f Formatted) stored(body string) string {
	switch {
	case f.Blocks:
		return formatVersion + "b" + f.HTML
	case f.HTML != "":
		return formatVersion + "p" + f.HTML
	case markdown.Plain(body):
		return ""
	}
	return formatVersion + "t"
}

// formattedFrom returns what stored was made of. It makes it anew for a text that an earlier version has stored.
func formattedFrom(stored, body string) Formatted {
	html, ok := strings.CutPrefix(stored, formatVersion)
	if !ok || html == "" {
		return format(body, nil)
	}
	return Formatted{HTML: html[1:], Blocks: html[0] == 'b'}
}
