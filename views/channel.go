package views

import (
	"strings"
	"time"

	"chitchat/chat"
)

// ChannelView is what a channel's page shows besides the messages.
type ChannelView struct {
	Highlighted int64       // the permalink's message; 0: none
	Welcome     []chat.User // the other users present, on the first page after signing in
	Arrived     bool        // this is that first page
	Composer    Composer
	Thread      *ThreadView // shown beside the channel; nil: none
}

// NewChannel is the form to create a channel.
type NewChannel struct {
	Name string
	Fault
	Taken   string // the slug of the channel with that name, or ""
	Private bool
}

// ChannelBrowser is the list on the channels page, with its search.
type ChannelBrowser struct {
	Query     string
	Archived  bool // the list shows archived channels
	List      []ChannelSummary
	More      bool // there are more than the list shows
	MayCreate bool
}

// ChannelSummary is a channel in that list.
type ChannelSummary struct {
	chat.ChannelSummary
	General bool // the default channel: it cannot be left
}

// title returns a channel's name where only text is possible.
func title(ch chat.Channel) string {
	if ch.Kind != chat.Direct {
		return ch.Name
	}
	if len(ch.With) == 0 {
		return "Nobody else"
	}
	names := make([]string, len(ch.With))
	for i, u := range ch.With {
		names[i] = u.Name
	}
	return strings.Join(names, ", ")
}

// Title returns a channel's name, and the sign before it.
func Title(ch chat.Channel) (name, sign string) {
	if ch.Kind == chat.Direct {
		return title(ch), ""
	}
	return title(ch), "#"
}

func nothingFound(b ChannelBrowser) string {
	switch {
	case b.Query != "":
		return "No channel that you see says anything like that."
	case b.Archived:
		return "No channel is archived."
	}
	return "There is no channel that you see yet. Someone has to let you in."
}

// closed returns why the reader cannot post in the page's channel; "" if they can.
func closed(p chat.MessagePage) string {
	if refusal := p.Access.PostRefusal(); refusal != nil {
		return refusal.Message
	}
	return ""
}

// SlowHint returns the composer's hint about slow mode; "" without it.
func SlowHint(wait time.Duration) string {
	if wait == 0 {
		return ""
	}
	return "Slow mode: one message " + chat.FormatInterval(wait)
}

func channelURL(slug string) string { return "/c/" + slug }

// fullOfDirect reports whether a list has as many direct conversations as it may.
func fullOfDirect(list []chat.SidebarItem) bool {
	n := 0
	for i := range list {
		if list[i].Kind == chat.Direct {
			n++
		}
	}
	return n >= chat.ListedDirect
}

// unread returns the count for a badge: "" for none.
func unread(n int64) string {
	if n > 0 {
		return itoa(n)
	}
	return ""
}

// typingWords says who is typing; "" for nobody.
func typingWords(users []chat.User) string {
	switch len(users) {
	case 0:
		return ""
	case 1:
		return users[0].Name + " is typing…"
	case 2:
		return users[0].Name + " and " + users[1].Name + " are typing…"
	}
	return "Several people are typing…"
}

// welcome returns the line that greets a user after signing in: who else is present.
func welcome(others []chat.User) string {
	const most = 8
	switch n := len(others); {
	case n == 0:
		return "Nobody else is here right now."
	case n == 1:
		return others[0].Name + " is here too."
	default:
		line := others[0].Name
		for i, u := range others[1:min(n, most)] {
			if i == n-2 {
				return line + " and " + u.Name + " are here too."
			}
			line += ", " + u.Name
		}
		return line + " and " + itoa(int64(n-most)) + " more are here too."
	}
}

// channelStats returns what the list of channels shows about a channel.
func channelStats(l ChannelSummary) string {
	line := count(int64(l.Members), "member", "members") + ", " + count(l.LastSeq, "message", "messages")
	if n := unread(l.Unread()); n != "" && l.State != chat.Left {
		line += ", " + n + " unread"
	}
	return line
}

func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}
