package views

import "chitchat/chat"

func versionsURL(m chat.Message) string { return messageURL(m) + "/history" }

func olderVersionsURL(p chat.VersionPage) string {
	return versionsURL(p.Message) + "?before=" + itoa(p.Older)
}

// shown returns the version as a message, for body.
func shown(v chat.Version) chat.Message { return chat.Message{Body: v.Body, Formatted: v.Formatted} }
