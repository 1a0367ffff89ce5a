package views

import (
	"net/url"

	"chitchat/chat"
)

// banURL returns the URL of the form to ban a user from a channel, with their name filled in.
func banURL(ch chat.Channel, u chat.User) string {
	return channelURL(ch.Slug) + "/members?ban=" + url.QueryEscape(u.Name) + "#ban"
}
