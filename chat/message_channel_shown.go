package chat

import (
	"html"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// channelTag begins the link to a channel in the HTML of a text, and nothing else: what people type has no tags. A slug
// and the end of the tag follow, then a text without tags, and the end of the link.
const channelTag = `<a class="channel" href="/c/`

// linksChannels reports whether a text has links to channels.
func (f Formatted) linksChannels() bool { return strings.Contains(f.HTML, channelTag) }

// showChannels returns the HTML of a text in that channel with those links to channels that all who read it there may
// know of now; the others are text, as of a channel that never was. Everything that renders a stored text, or one that
// would be, asks it. It reads memory only, and a text without such links costs a look at its HTML.
func (h *hub) showChannels(channel ID, f Formatted) Formatted {
	if !f.linksChannels() {
		return f
	}
	guests := h.guests.any(channel)
	return f.keepChannels(func(slug string) bool {
		to := h.channels.bySlug(slug)
		if to == nil {
			return false
		}
		kind := to.info.Load().Kind
		return to.ID == channel && kind != Direct || kind == Public && !guests
	})
}

// keepChannels makes text of the links to channels that keep does not want.
func (f Formatted) keepChannels(keep func(slug string) bool) Formatted {
	var b strings.Builder
	kept := false
	for rest := f.HTML; ; {
		before, after, found := strings.Cut(rest, channelTag)
		b.WriteString(before)
		slug, inner, ok := strings.Cut(after, `">`)
		text, next, closed := strings.Cut(inner, "</a>")
		if !found || !ok || !closed {
			break
		}
		if rest = next; keep(unescapeSlug(slug)) {
			kept = true
			b.WriteString(channelTag + slug + `">` + text + "</a>")
		} else {
			b.WriteString(text)
		}
	}
	if !kept && f.typed {
		return Formatted{}
	}
	f.HTML = b.String()
	return f
}

// unescapeSlug returns the slug of an address as HTML has it.
func unescapeSlug(s string) string {
	slug, err := url.PathUnescape(html.UnescapeString(s))
	if err != nil {
		return ""
	}
	return slug
}

// namesChannels matches the rows of texts that name channels.
func namesChannels(row Row) bool { return row.Channels }

// invalidateChannels makes rooms render the rows that name channels anew, if a change of channels may change links:
// before is nil for a new channel.
func (h *hub) invalidateChannels(changed map[*cachedChannel]*Channel) {
	shown := func(ch *Channel) string { // the slug that others may know
		if ch == nil || ch.deleted || ch.Kind != Public {
			return ""
		}
		return ch.Slug
	}
	for ch, before := range changed {
		if shown(ch.info.Load()) == shown(before) {
			continue
		}
		h.mu.Lock()
		rooms := slices.Collect(maps.Values(h.rooms))
		h.mu.Unlock()
		for _, r := range rooms {
			r.Invalidate(namesChannels)
		}
		return
	}
}
