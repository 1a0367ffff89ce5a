package views

import (
	"time"

	"chitchat/chat"
)

var notifyLevels = []struct {
	level chat.Notify
	label string
}{
	{chat.NotifyAll, "All messages"},
	{chat.NotifyMentions, "Mentions of me"},
	{chat.NotifyNothing, "Nothing"},
}

// slowLabel returns the name of a step of slow mode.
func slowLabel(seconds int) string {
	if seconds == 0 {
		return "Off"
	}
	return "One message " + chat.FormatInterval(time.Duration(seconds)*time.Second)
}

// rules returns in words who sees a channel and who may post in it.
func rules(ch chat.Channel) string {
	line := "Everyone sees it and can join in."
	if ch.Kind == chat.Private {
		line = "Only those who are in it see it."
	}
	switch {
	case ch.Archived():
		line += " It is archived: it can be read, and not changed."
	case ch.Announce:
		line += " Only those who manage it write here."
	case ch.SlowSeconds > 0:
		line += " " + SlowHint(time.Duration(ch.SlowSeconds)*time.Second) + " from each."
	}
	return line
}
