package chat

import (
	"context"
	"slices"
	"strings"

	"chitchat/chat/markdown"
)

// A message mentions the users whom it names after an @, by handle or by name. "@all", "@channel" and "@everyone"
// mention all members of the channel, and "@here" those who are online, if the author may mention them: see
// mentionCall. Users who are notified of mentions only have only those counted as unread.
//
// A mention goes on saying what its author typed when the user takes another name: the link leads to them all the same.
// Rows are read by guests too, who must not learn the new name of a user whom they do not see, and who has never
// written in the channel.
//
// The text after an @ names one user: no handle is another user's name, and no name or handle is a word that mentions
// everyone. Where older data conflicts, @all and @channel win, then handles, then names, then @everyone and @here.

// calls reports whether the text after an @ mentions everyone: by its first word, in any letters that look like it.
func calls(r mentionCandidate) bool { return callWord(r.key, calling) != "" }

// signs are the characters that begin a mention.
const signs = "@＠﹫"

// mentionAll is the ID for a mention of all members.
const mentionAll ID = 0

// mentions are the mentions of a text.
type mentions struct {
	who   []ID            // sorted, each once; mentionAll may be among them
	spans []markdown.Span // where they are, sorted
	mentionCall
}

// mentionedIn is mentioned for a text in a feed. In a thread nobody is called by a word: those who follow it are told
// of each reply, and a word that tells the whole channel belongs there.
func (c *core) mentionedIn(ctx context.Context, a Actor, ch *cachedChannel, body string) (mentions, error) {
	if ch.parent != nil {
		a.Role = RoleGuest // who calls nobody
	}
	return c.mentioned(ctx, a, body)
}

// mentioned returns whom the actor's text mentions, outside of code and quotes. A text without an @ costs nothing.
func (c *core) mentioned(ctx context.Context, a Actor, body string) (mentions, error) {
	if !strings.ContainsAny(body, signs) {
		return mentions{}, nil
	}
	found := findMentions(markdown.Spoken(body))
	var handles, keys []any
	asked := make(map[mentionCandidate]bool)
	for _, readings := range found.candidates {
		for _, r := range readings {
			if asked[r] {
				continue
			}
			asked[r] = true
			keys = append(keys, r.key)
			if r.handle != "" {
				handles = append(handles, r.handle)
			}
		}
	}
	if len(keys) == 0 {
		return mentions{}, nil
	}
	byHandle, byName, err := namedPeople(ctx, c.db, handles, keys)
	if err != nil {
		return mentions{}, err
	}
	m := mentions{}
	for i, readings := range found.candidates {
		call := func(n int, word string) {
			if a.Role.May(MayMentionAll) {
				spans := found.spans(i, n, "")
				m.call(word, body, spans)
				m.spans = append(m.spans, spans...)
			}
		}
		if slices.ContainsFunc(readings, calls) {
			shortest := len(readings) - 1
			for !calls(readings[shortest]) {
				shortest--
			}
			call(shortest, callWord(readings[shortest].key, calling))
			continue
		}
		for n, r := range readings {
			if word := calledAlone(r.key); word != "" {
				call(n, word)
				break
			}
			id, known := byHandle[r.handle]
			if !known {
				id, known = byName[r.key]
			}
			if known {
				m.who = append(m.who, id)
				m.spans = append(m.spans, found.spans(i, n, "/u/"+id.String())...)
				break
			}
		}
	}
	if m.all {
		m.who = append(m.who, mentionAll)
	}
	slices.Sort(m.who)
	m.who = slices.Compact(m.who)
	slices.SortFunc(m.spans, func(a, b markdown.Span) int { return a.Start - b.Start })
	return m, nil
}

// countMentions fills in the numbers of unread mentions.
func (c *core) countMentions(ctx context.Context, user ID, list []SidebarItem) error {
	var feeds []unreadFeed
	var at []int
	for i := range list {
		l := &list[i]
		if !l.needsMentions(l.Kind, l.LastSeq-l.ReadSeq-l.deleted) {
			continue
		}
		if ch := c.hub.channels.byID(l.ID); ch != nil {
			feeds, at = append(feeds, unreadFeed{ch: ch, readSeq: l.ReadSeq}), append(at, i)
		}
	}
	if len(feeds) == 0 {
		return nil
	}
	err := c.countUnreadMentions(ctx, user, feeds)
	for i := range feeds {
		list[at[i]].mentions = feeds[i].mentions
	}
	return err
}

// needsMentions reports whether what is shown of so many unread messages depends on how many mention the user.
func (m *Membership) needsMentions(kind Kind, unread int64) bool {
	return unread > 0 && !m.Muted && m.Notify != NotifyNothing && (kind != Direct || m.Notify == NotifyMentions)
}

// byMentions reports whether the unread count, if any, is the number of mentions.
func (m *Membership) byMentions(unread int64) bool {
	return m.Notify == NotifyMentions && !m.Muted && unread > 0
}
