package views

import "chitchat/chat"

func pinsURL(ch chat.Channel) string { return channelURL(ch.Slug) + "/pins" }

func pinnedURL(p chat.PinPage, pin chat.Pin) string {
	return channelURL(p.Channel.Slug) + "/" + itoa(pin.Row.Seq)
}
