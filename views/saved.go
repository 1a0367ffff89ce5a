package views

import (
	"net/url"

	"chitchat/chat"
)

// savedURL returns the page of saved messages before a place; 0: the first one.
func savedURL(done bool, before int64) string {
	query := make(url.Values)
	if done {
		query.Set("done", "1")
	}
	if before > 0 {
		query.Set("before", itoa(before))
	}
	u := url.URL{Path: "/saved", RawQuery: query.Encode()}
	return u.String()
}

// keptURL returns the page of a message that is shown outside of its channel.
func keptURL(ch chat.Channel, of chat.ThreadRef, seq int64) string {
	return messageURL(chat.Message{ChannelSlug: ch.Slug, Thread: of, Seq: seq})
}

// where says how a kept message is in its channel.
func where(ch chat.Channel, of chat.ThreadRef) string {
	words := "In "
	if of.Root != 0 {
		words = "In a thread of "
	}
	if ch.Kind == chat.Direct {
		words = "With "
		if of.Root != 0 {
			words = "In a thread with "
		}
	}
	return words
}

func savedWhen(done bool) string {
	if done {
		return " · done"
	}
	return " · saved"
}

// nothingSaved is what the page says without messages.
func nothingSaved(p chat.SavedPage) string {
	if p.Done {
		return "Nothing is done yet. What you mark as done on your list is kept here."
	}
	return "Nothing is saved. “Save for later” on a message puts it here, where only you see it."
}
