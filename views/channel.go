package views

import "chitchat/chat"

// ChannelView is what a channel's page shows besides the messages.
type ChannelView struct {
	Marked   int64       // the permalink's message; 0 when there is none
	Welcome  []chat.User // the others who are here, on the first page after signing in
	Arrived  bool        // this is that first page
	Composer Composer
}

// NewChannel is the form that makes a channel.
type NewChannel struct{ Name, Error string }

func channelURL(slug string) string { return "/c/" + slug }

// unread is the count as a badge shows it: nothing when all is read.
func unread(l chat.Listing) string {
	if n := l.Unread(); n > 0 {
		return itoa(n)
	}
	return ""
}

// welcome is the line that greets someone who has just signed in: who else is here.
func welcome(others []chat.User) string {
	const most = 8
	switch n := len(others); {
	case n == 0:
		return "You are the first one here."
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

// tally is what the list of channels says about one.
func tally(l chat.Listing) string {
	line := itoa(l.LastSeq) + " messages"
	if l.LastSeq == 1 {
		line = "1 message"
	}
	if n := unread(l); n != "" {
		line += ", " + n + " unread"
	}
	return line
}
