package views

import (
	"net/url"
	"strings"

	"chitchat/chat"
)

// mentionsURL returns the page of mentions at a place; nil: the first one.
func mentionsURL(filter chat.MentionFilter, at *chat.ListPlace) string {
	query := make(url.Values)
	if filter != chat.AllMentions {
		query.Set("type", string(filter))
	}
	if at != nil {
		query.Set("before", at.String())
	}
	u := url.URL{Path: "/mentions", RawQuery: query.Encode()}
	return u.String()
}

var mentionTabs = map[chat.MentionFilter]string{
	chat.AllMentions: "All", chat.OnlyMentions: "Mentions", chat.OnlyReactions: "Reactions",
}

// noMentions is what the page says without messages.
func noMentions(p chat.MentionPage, first bool) string {
	switch {
	case p.Older != chat.ListPlace{}:
		return "Nothing of this part of the list is yours to see any more."
	case !first:
		return "There is nothing older."
	case p.Filter == chat.OnlyReactions:
		return "Nobody has reacted to a message of yours yet."
	case p.Filter == chat.OnlyMentions:
		return "Nobody has mentioned you yet. Who writes @ and your name does."
	}
	return "Nothing is here yet. Messages that mention you come here, and the reactions of others to yours."
}

// mentionedHow says why a message is on the page.
func mentionedHow(m chat.Mention) string {
	if len(m.Reactions) == 0 {
		return " · mentioned you "
	}
	all := make([]string, len(m.Reactions))
	for i, r := range m.Reactions {
		all[i] = whoReacted(r)
	}
	return " · " + strings.Join(all, "; ") + " · "
}
