package views

import "chitchat/chat"

// Unreads is the page of what the reader has not read.
type Unreads struct {
	Page    chat.UnreadPage
	Answers []Answer // of the groups
	Undo    chat.ID  // of what was marked as read before; 0: nothing
}

// Answer is the composer of a group.
type Answer struct {
	Composer
	Channel chat.ID
	Seen    int64 // see chat.Draft
}

// Group returns the id of the group's element.
func (a Answer) Group() string { return "unread-" + a.Channel.String() + "-" + itoa(a.Thread) }

func (a Answer) fieldID() string { return a.Group() + "-body" }

// address returns the address of the group's channel or thread.
func (a Answer) address() string {
	if a.Thread != 0 {
		return chat.ThreadAddress(a.Slug, a.Thread)
	}
	return a.Slug
}

// feed returns the URL of the group's channel or thread.
func (a Answer) feed() string {
	if a.Thread != 0 {
		return threadURL(a.Slug, a.Thread)
	}
	return channelURL(a.Slug)
}

// firstUnread returns the permalink of the group's first row.
func (a Answer) firstUnread(g chat.UnreadGroup) string {
	if len(g.Rows) == 0 {
		return a.after(g.ReadSeq)
	}
	return a.feed() + "/" + itoa(g.Rows[0].Seq)
}

// after returns the URL of the conversation after a message.
func (a Answer) after(seq int64) string { return a.feed() + "?after=" + itoa(seq) }

// unreadTotal says how much is unread.
func unreadTotal(p chat.UnreadPage) string {
	return count(p.Unread, "unread message in ", "unread messages in ") +
		count(int64(p.Conversations), "conversation", "conversations")
}

// groupCount says how much is unread in a group.
func groupCount(g chat.UnreadGroup) string {
	words := count(g.Unread, "unread", "unread")
	if g.Mentions > 0 {
		words += ", " + count(g.Mentions, "mentions you", "mention you")
	}
	return words
}
