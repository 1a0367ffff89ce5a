package chat

import (
	"html"
	"strings"

	"chitchat/chat/markdown"
)

// Formatted is the HTML of a message's text. It is made once, when the message is posted or edited, and stored beside
// the text: a page of the history would otherwise cost fifty times as much as the most expensive message.
type Formatted struct {
	HTML   string // sanitized; "" for a text without formatting, whose HTML is the text itself
	Blocks bool   // HTML is made of blocks, and not the content of a single paragraph

	typed bool // HTML is the text as it was typed, but for links to channels: without any of them it is ""
}

// Stored HTML begins with a version. It changes when the HTML of some text changes.
const (
	formatVersion = "2"
	// What was stored with it, links included, is sanitized again when it is read: links could lead anywhere, such as to
	// /signout. Made again, it would mention nobody: the names may be those of others now.
	formatVersion1 = "1"
)

// formatIn returns the HTML of an actor's text for a channel, as it is stored: with its mentions, and with the channels
// that are links wherever their readers may know of them (see showChannels). Those that may become text make no other
// difference, which would tell whether they exist: a text that would be formatted otherwise without them, as one in
// which **#a** and **b** have the stars of a name, or that would be too long, has none of them.
func (c *core) formatIn(a Actor, ch *cachedChannel, body string, m mentions) Formatted {
	own, all := c.channelSpans(ch, body)
	emoji := c.emojiSpans(body)
	without := format(body, mergeSpans(m.spans, own), emoji...)
	if len(all) == len(own) && (a.Role != RoleGuest || !strings.ContainsAny(body, channelSigns)) {
		return without
	}
	// for a guest in any case: the time would tell
	with := format(body, mergeSpans(m.spans, all), emoji...)
	if with.HTML == "" {
		return without
	}
	if without.HTML == "" && len(m.spans)+len(own)+len(emoji) == 0 && markdown.Plain(body) {
		with.typed = with.linksChannels()
		return with
	}
	if as := with.keepChannels(func(slug string) bool { return slug == ch.slug() }); as != without {
		return without
	}
	return with
}

// format returns the HTML of a text with these mentions and channels, and these custom emoji.
func format(body string, named []markdown.Span, emoji ...markdown.Span) Formatted {
	if len(named)+len(emoji) == 0 && markdown.Plain(body) {
		return Formatted{}
	}
	var links []markdown.Span
	for link := range Links(body) {
		if len(links) == MaxLinks {
			break
		}
		links = append(links, markdown.Span{Start: link.Start, End: link.End, Href: link.Scheme + body[link.Start:link.End]})
	}
	named = named[:min(len(named), MaxLinks)] // the others mention all the same
	html, blocks := markdown.Render(body, mergeSpans(mergeSpans(links, named), emoji))
	return Formatted{HTML: html, Blocks: blocks}
}

// showsNothing reports whether a text that is not blank shows neither text nor a picture nor a line across, such as #,
// &nbsp; and an empty fence.
func (f Formatted) showsNothing() bool {
	if f.HTML == "" {
		return false
	}
	for rest := f.HTML; rest != ""; {
		text, tag, _ := strings.Cut(rest, "<")
		if !blank(html.UnescapeString(text)) || strings.HasPrefix(tag, "img") || strings.HasPrefix(tag, "hr") {
			return false
		}
		_, rest, _ = strings.Cut(tag, ">")
	}
	return true
}

// Stored HTML begins with the version and how it is shown: as typed, as typed but for links to channels, as a
// paragraph, or as blocks. A text that is plain at first sight has none.

// stored returns what is kept of it beside the text.
func (f Formatted) stored(body string) string {
	switch {
	case f.Blocks:
		return formatVersion + "b" + f.HTML
	case f.typed:
		return formatVersion + "c" + f.HTML
	case f.HTML != "":
		return formatVersion + "p" + f.HTML
	case markdown.Plain(body):
		return ""
	}
	return formatVersion + "t"
}

// formattedFrom returns what stored was made of. It makes it anew for a text that was stored without a version.
func formattedFrom(stored, body string) Formatted {
	html, ok := strings.CutPrefix(stored, formatVersion)
	if !ok {
		html, ok = strings.CutPrefix(stored, formatVersion1)
		html = markdown.Sanitize(html)
	}
	if !ok || html == "" {
		return format(body, nil)
	}
	return Formatted{HTML: html[1:], Blocks: html[0] == 'b', typed: html[0] == 'c'}
}

// shownHTML returns the HTML of what was stored, not sanitized; "" if the text is shown as typed, or was stored without
// a version.
func shownHTML(stored string) string {
	html, ok := strings.CutPrefix(stored, formatVersion)
	if !ok {
		html, ok = strings.CutPrefix(stored, formatVersion1)
	}
	if !ok || html == "" {
		return ""
	}
	return html[1:]
}
