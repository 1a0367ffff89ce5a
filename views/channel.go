package views

import (
	"strings"
	"time"

	"chitchat/chat"
)

// ChannelView is what a channel's page shows besides the messages.
type ChannelView struct {
	Highlighted int64       // the permalink's message; 0 when there is none
	Welcome     []chat.User // the others who are here, on the first page after signing in
	Arrived     bool        // this is that first page
	Composer    Composer
}

// NewChannel is the form that makes a channel.
type NewChannel struct {
	Name string
	Fault
	Taken   string // the slug of the channel that has the name, if one has
	Private bool
}

// ChannelBrowser is the list of channels on their page, and what was searched for.
type ChannelBrowser struct {
	Query     string
	Archived  bool // the list is of those that are archived
	List      []ChannelSummary
	More      bool // there are more than the list holds
	MayCreate bool
}

// ChannelSummary is a channel in that list.
type ChannelSummary struct {
	chat.ChannelSummary
	General bool // everyone's: it cannot be left
}

// title is what a channel is called where there is only text.
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

// Title is what a channel is called, and the sign that stands before it.
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

// closed is why the reader cannot write in the page's channel; empty when they can.
func closed(p chat.MessagePage) string {
	if refusal := p.Access.PostRefusal(); refusal != nil {
		return refusal.Message
	}
	return ""
}

// SlowHint is what the composer says to someone who waits so long between two messages.
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

// unread is the count as a badge shows it: nothing when all is read.
func unread(n int64) string {
	if n > 0 {
		return itoa(n)
	}
	return ""
}

// welcome is the line that greets someone who has just signed in: who else is here.
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

// channelStats is what the list of channels says about one.
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
