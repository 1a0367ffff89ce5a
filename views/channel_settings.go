package views

import "chitchat/chat"

var notifyLevels = []struct {
	level chat.Notify
	label string
}{
	{chat.NotifyAll, "All messages"},
	{chat.NotifyMentions, "Mentions of me"},
	{chat.NotifyNothing, "Nothing"},
}

// rules says in words who sees a channel and who writes in it.
func rules(ch chat.Channel) string {
	line := "Everyone sees it and can join in."
	if ch.Kind == chat.Private {
		line = "Only those who are in it see it."
	}
	switch {
	case ch.Archived():
		line += " It is archived: it can be read, and not changed."
	case ch.Announce:
		line += " Only those who run it write here."
	}
	return line
}
