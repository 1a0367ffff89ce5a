package chat

import (
	"context"
	"slices"
	"strings"
	"unicode"
)

// A message mentions whom it names after an @: by their handle, or by their name. "@all" and "@channel" are everyone in
// the channel, of those who may mention them. Who wants to be told of mentions only has those counted as unread.
//
// What stands after an @ is one person's alone: nobody's handle is another's name, and nobody is called by a word that calls
// everyone. Where it is so from earlier times, the words that call everyone are meant first, then handles, then names.

// Bounds of what is looked for in one message.
const (
	maxMentions  = 50
	mentionWords = 3 // that a name after an @ may have
)

// callWords call everyone, here or in other chats: no name and no handle is one. Those of calling call everyone here, by
// the first word after an @, so that no name begins with one: else "@all hands on deck" would be for All Hands alone.
var (
	callWords = []string{"all", "channel", "everyone", "here"}
	calling   = []string{"all", "channel"}
)

// calls reports whether what stands after an @ calls everyone: by its first word, in whatever letters that look like it.
func calls(name string) bool { return callWord(name, calling) != "" }

// calledAs returns the word that calls everyone for which a name could be taken; else "".
func calledAs(name string) string {
	if whole := strings.Trim(NameKey(name), "._- "); slices.Contains(callWords, whole) {
		return whole
	}
	return callWord(name, calling)
}

// callWord returns the first word of a name if it is one of words.
func callWord(name string, words []string) string {
	first, _, _ := strings.Cut(NameKey(name), " ")
	if first = strings.Trim(first, "._-"); slices.Contains(words, first) {
		return first
	}
	return ""
}

// everyone is the person that stands for all who are in a channel.
const everyone ID = 0

// candidates returns what a text may mean by each @: its longest reading first.
func candidates(body string) (list [][]string) {
	for at := strings.IndexByte(body, '@'); at >= 0 && len(list) < maxMentions; {
		before, rest := body[:at], body[at+1:]
		if last := strings.TrimRightFunc(before, named); last == before { // else it is an address: ada@example.com
			if readings := readings(rest); len(readings) > 0 {
				list = append(list, readings)
			}
		}
		next := strings.IndexByte(rest, '@')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return list
}

// named reports whether a character can stand in a name.
func named(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '.' || r == '_' || r == '-'
}

// readings are the names with which a text can begin: of up to mentionWords words, with and without the punctuation at
// their end.
func readings(text string) (list []string) {
	end := 0
	for range mentionWords {
		n := strings.IndexFunc(text[end:], func(r rune) bool { return !named(r) })
		if n < 0 {
			n = len(text) - end
		}
		if n == 0 || end+n > 4*MaxNameLen {
			break
		}
		end += n
		for name := text[:end]; ; name = name[:len(name)-1] {
			list = append(list, name)
			if !strings.HasSuffix(name, ".") && !strings.HasSuffix(name, "-") && !strings.HasSuffix(name, "_") {
				break
			}
		}
		if end == len(text) || text[end] != ' ' {
			break
		}
		end++
	}
	slices.Reverse(list)
	return slices.DeleteFunc(list, func(s string) bool { return strings.Trim(s, "._-") == "" })
}

// mentioned returns whom the actor's text mentions; everyone may be among them. A text without an @ costs nothing.
func (c *Chat) mentioned(ctx context.Context, a Actor, body string) ([]ID, error) {
	if !strings.Contains(body, "@") {
		return nil, nil
	}
	found := candidates(body)
	var handles, keys []any
	for _, readings := range found {
		for _, name := range readings {
			handles, keys = append(handles, strings.ToLower(name)), append(keys, NameKey(name))
		}
	}
	if len(handles) == 0 {
		return nil, nil
	}
	byHandle, byName, err := namedPeople(ctx, c.db.read, handles, keys)
	if err != nil {
		return nil, err
	}
	var who []ID
	for _, readings := range found {
		if calls(readings[len(readings)-1]) {
			if a.Role.May(MayMentionAll) {
				who = append(who, everyone)
			}
			continue
		}
		for _, name := range readings {
			id, known := byHandle[strings.ToLower(name)]
			if !known {
				id, known = byName[NameKey(name)]
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
func (c *Chat) countMentions(ctx context.Context, user ID, list []Listing) error {
	if !slices.ContainsFunc(list, func(l Listing) bool { return l.byMentions(l.LastSeq, l.ReadSeq) }) {
		return nil
	}
	counts, err := unreadMentions(ctx, c.db.read, user)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].mentions = counts[list[i].ID]
	}
	return nil
}

// byMentions reports whether what is unread has to be counted by the mentions in it.
func (m *Membership) byMentions(lastSeq, readSeq int64) bool {
	return m.Notify == NotifyMentions && !m.Muted && lastSeq > readSeq
}
