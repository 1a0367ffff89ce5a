package views

import (
	"net/url"

	"chitchat/chat"
)

// ChannelTable is the table of all channels for admins. Path is the URL path of the page shown.
type ChannelTable struct {
	chat.List[chat.ChannelUsage]
	Hidden chat.HiddenTotals
	Done   bool
}

// here returns the URL of the page shown: its forms return to it.
func (t ChannelTable) here() string { return tableURL("/admin/channels", t.ListQuery, t.Page) }

// deletion returns the URL that asks to confirm deleting a channel.
func (t ChannelTable) deletion(ch chat.Channel) string {
	return channelURL(ch.Slug) + "/delete?back=" + url.QueryEscape(t.here())
}

// hiddenLine returns how many channels are hidden from the reader.
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
