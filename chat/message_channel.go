package chat

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"chitchat/chat/markdown"
)

// A # and the name, or the slug, of a channel becomes a link. A row has the same bytes for all its readers, and the
// link alone would tell that there is such a channel. So it is shown only where everyone who reads the row may know
// that:
//
//   - for the message's own channel, if it is no direct conversation;
//   - for a channel that is public now, unless a guest is in the message's own now: guests do not see public channels,
//     and would learn of them, or find out by posting names until one becomes a link.
//
// What may change is decided when a row is rendered, from memory (showChannels): the stored HTML has the links, whoever
// posts, and without one the text is what it would be if there never had been such a channel (formatIn). When an answer
// changes, the rooms render the rows that name channels anew: before a guest can read, on any node (guestSet), and
// before the change of a channel is answered. Open pages keep what they show: their readers knew it then.
//
// A private channel is never a link elsewhere, not even for its members, and one that becomes private or is deleted is
// text from then on. What stays is what its author typed. A channel gets no link in what was written before it was
// there, but where it was given the address of one that was deleted. A user who is banned from a public channel knows
// of it.

// Limits of the channels in one message.
const (
	maxChannelPlaces = 20 // # that are read
	maxChannelEnds   = 12 // places where a name may end, after each
)

// channelSpans returns the channels in a text, as links, for a message of that channel: the channel itself alone, and
// with all public ones. A text without a # costs nothing.
func (c *core) channelSpans(here *cachedChannel, body string) (own, all []markdown.Span) {
	places, asked := channelNames(body)
	if len(asked) == 0 {
		return nil, nil
	}
	bySlug, byName := make(map[string]string), make(map[string]string) // slugs
	here = here.gate()
	if info := here.info.Load(); info.Kind != Direct {
		bySlug[info.Slug], byName[info.key] = info.Slug, info.Slug
	}
	own = spansOf(places, bySlug, byName)
	mineSlug, mineName := maps.Clone(bySlug), maps.Clone(byName)
	for _, ch := range c.hub.channels.all() {
		if info := ch.info.Load(); ch != here && info.Kind == Public && !info.deleted {
			if asked[info.Slug] {
				bySlug[info.Slug] = info.Slug
			}
			if asked[info.key] {
				byName[info.key] = info.Slug
			}
		}
	}
	maps.Copy(bySlug, mineSlug) // its own names mean the channel itself
	maps.Copy(byName, mineName)
	return own, spansOf(places, bySlug, byName)
}

// spansOf returns the places that name one of the channels, whose slugs are given by slug and by name.
func spansOf(places []channelPlace, bySlug, byName map[string]string) (spans []markdown.Span) {
	for _, p := range places {
		for i := len(p.ends) - 1; i >= 0; i-- {
			if slug := cmp.Or(byName[p.keys[i]], bySlug[p.slugs[i]]); slug != "" {
				href := "/c/" + url.PathEscape(slug)
				spans = append(spans, markdown.Span{Start: p.at, End: p.ends[i], Href: href, Class: "channel"})
				break
			}
		}
	}
	return spans
}

// channelPlace is a # in a text, and the names that may follow it, shortest first.
type channelPlace struct {
	at          int
	ends        []int // of the names, in the text
	keys, slugs []string
}

// channelNames returns the places of a text that may name a channel, and all that is to be looked up.
func channelNames(body string) (places []channelPlace, asked map[string]bool) {
	if !strings.ContainsAny(body, channelSigns) {
		return nil, nil
	}
	asked = make(map[string]bool)
	for at, from := range marks(body, channelSigns) {
		if at > 0 && strings.IndexByte(`#&\/`, body[at-1]) >= 0 {
			continue
		}
		p := channelPlace{at: at}
		var names []string
		for _, n := range nameEnds(body[from:]) {
			p.ends = append(p.ends, from+n)
			names = append(names, body[from:from+n])
		}
		if len(names) == 0 {
			continue
		}
		p.keys = nameKeys(names)
		for i, name := range names {
			p.slugs = append(p.slugs, strings.ToLower(name))
			asked[p.keys[i]], asked[p.slugs[i]] = true, true
		}
		if places = append(places, p); len(places) == maxChannelPlaces {
			break
		}
	}
	return places, asked
}

// channelSigns are the characters that begin a channel's name.
const channelSigns = "#＃"

// nameEnds returns where a channel's name at the beginning of a line may end: after each word, and after each sign.
func nameEnds(text string) (ends []int) {
	before := ' '
	runes := 0
	for i, r := range text {
		if nameRune(before) && !nameRune(r) || before != ' ' && !nameRune(before) {
			ends = append(ends, i)
		}
		if runes++; runes > MaxChannelNameLen || len(ends) == maxChannelEnds || r == '\n' || before == ' ' && r == ' ' {
			return ends
		}
		before = r
	}
	if before != ' ' {
		ends = append(ends, len(text))
	}
	return ends
}

func nameRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// mergeSpans returns the spans of both lists in order, without those of the second that overlap another one.
func mergeSpans(first, second []markdown.Span) []markdown.Span {
	all := slices.Clone(first)
	for _, s := range second {
		if !slices.ContainsFunc(all, func(f markdown.Span) bool { return f.Start < s.End && s.Start < f.End }) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b markdown.Span) int { return a.Start - b.Start })
	return all
}
