package views

import (
	"slices"

	"chitchat/chat"
)

// hasTarget reports whether a list has channels, or direct conversations.
func hasTarget(list []chat.SidebarItem, direct bool) bool {
	return slices.ContainsFunc(list, func(l chat.SidebarItem) bool { return (l.Kind == chat.Direct) == direct })
}

// targetName is a channel's name, with its sign, or the names of a conversation's other members.
func targetName(ch chat.Channel) string {
	name, sign := Title(ch)
	if sign != "" {
		return sign + " " + name
	}
	return name
}

// forwardHint says who will see what a message of a channel says, after it was forwarded.
func forwardHint(from chat.Channel) string {
	switch from.Kind {
	case chat.Private:
		return "This message is from a private channel: only those who are in it will see what it says. The others " +
			"see a link, with the channel's name in it."
	case chat.Direct:
		return "This message is from a direct conversation: only those who are in it will see what it says. The " +
			"others see a link that does not open for them."
	case chat.Public:
	}
	return "A channel, or a direct conversation, in which you may write."
}
