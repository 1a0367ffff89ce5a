package views

import (
	"net/url"

	"chitchat/chat"
)

// ChannelTable is the page of all channels for admins. Path is the page of the table that is shown.
type ChannelTable struct {
	chat.List[chat.ChannelUsage]
	Hidden chat.HiddenTotals
	Done   bool
}

// here is the page of the table that is shown: what was done in it leads back to it.
func (t ChannelTable) here() string { return tableURL("/admin/channels", t.ListQuery, t.Page) }

// deletion is where the second question is asked before a channel goes.
func (t ChannelTable) deletion(ch chat.Channel) string {
	return channelURL(ch.Slug) + "/delete?back=" + url.QueryEscape(t.here())
}

// hiddenLine says how much there is that the reader does not see.
func hiddenLine(h chat.HiddenTotals) string {
	if h.Channels == 0 {
		return "You are in every private channel."
	}
	return "Besides, there " + isAre(h.Channels) + " " + count(h.Channels, "private channel", "private channels") +
		" in which you are not, with " +
		count(h.Messages, "message", "messages") + ". Only those who are in a private channel see it, whatever their role."
}

func isAre(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
