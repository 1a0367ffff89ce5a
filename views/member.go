package views

import (
	"net/url"

	"chitchat/chat"
)

// banURL leads to the form that keeps someone out of a channel, filled in with their name.
func banURL(ch chat.Channel, u chat.User) string {
	return channelURL(ch.Slug) + "/members?ban=" + url.QueryEscape(u.Name) + "#ban"
}
