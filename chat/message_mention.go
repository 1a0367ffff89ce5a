package chat

import (
	"context"
	"slices"
	"strings"
)

// A message mentions whom it names after an @: by their handle, or by their name. "@all" and "@channel" are everyone in
// the channel, of those who may mention them. Who wants to be told of mentions only has those counted as unread.
//
// What stands after an @ is one person's alone: nobody's handle is another's name, and nobody is called by a word that
// calls everyone. Where it is so from earlier times, the words that call everyone are meant first, then handles, then
// names.

// calls reports whether what stands after an @ calls everyone: by its first word, in whatever letters that look like
// it.
func calls(r mentionCandidate) bool { return callWord(r.key, calling) != "" }

// signs are what a mention may begin with.
const signs = "@＠﹫"

// everyone is the person that stands for all who are in a channel.
const mentionAll ID = 0

// mentioned returns whom the actor's text mentions; everyone may be among them. A text without an @ costs nothing.
func (c *core) mentioned(ctx context.Context, a Actor, body string) ([]ID, error) {
	if !strings.ContainsAny(body, signs) {
		return nil, nil
	}
	found := mentionCandidates(body)
	var handles, keys []any
	asked := make(map[mentionCandidate]bool)
	for _, readings := range found {
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
		return nil, nil
	}
	byHandle, byName, err := namedPeople(ctx, c.db, handles, keys)
	if err != nil {
		return nil, err
	}
	var who []ID
	for _, readings := range found {
		if slices.ContainsFunc(readings, calls) {
			if a.Role.May(MayMentionAll) {
				who = append(who, mentionAll)
			}
			continue
		}
		for _, r := range readings {
			id, known := byHandle[r.handle]
			if !known {
				id, known = byName[r.key]
			}
			if known {
				who = append(who, id)
				break
			}
		}
	}
	slices.Sort(who)
	return slices.Compact(who), nil
}

// countMentions fills in how many mentions are unread, where that is what someone wants to be told.
func (c *core) countMentions(ctx context.Context, user ID, list []SidebarItem) error {
	if !slices.ContainsFunc(list, func(l SidebarItem) bool { return l.byMentions(l.LastSeq - l.ReadSeq - l.deleted) }) {
		return nil
	}
	counts, err := unreadMentions(ctx, c.db, user)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].mentions = counts[list[i].ID]
	}
	return nil
}

// byMentions reports whether what is unread, if anything is, has to be counted by the mentions in it.
func (m *Membership) byMentions(unread int64) bool {
	return m.Notify == NotifyMentions && !m.Muted && unread > 0
}
