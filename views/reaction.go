package views

import (
	"context"
	"io"
	"strconv"

	"chitchat/chat"

	"github.com/a-h/templ"
)

// Limits of a message's reactions in a row.
const (
	maxReactionNames = 10  // people whom a reaction names; the others are counted
	maxReactionIDs   = 400 // people whose own reactions are marked, of all kinds together: 5 kB
)

// reactions is a message's reactions: a form whose buttons add the reader's reaction, or remove it. They are the same
// for all readers: data-by has the IDs of the first people, and a reader's style sheet marks their own (see OwnCSS).
func reactions(m chat.Message) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(appendReactions(nil, &m))
		return err
	})
}

// appendReactions appends what reactions renders.
func appendReactions(b []byte, m *chat.Message) []byte {
	if len(m.Reactions) == 0 {
		return b
	}
	b = append(b, `<form class="reactions" method="post" action="`...)
	b = append(appendEscaped(b, reactionsURL(*m)), `">`...)
	for _, r := range m.Reactions {
		b = appendReaction(b, r, maxReactionIDs/len(m.Reactions))
	}
	return append(b, `</form>`...)
}

// appendReaction appends a reaction with the IDs of so many people at most.
func appendReaction(b []byte, r chat.Reaction, most int) []byte {
	n := strconv.Itoa(r.Count)
	b = appendEscaped(append(b, `<button name="toggle" value="`...), r.Emoji)
	b = appendEscaped(append(b, `" data-reaction="`...), r.Emoji)
	b = append(append(append(b, `" data-count="`...), n...), `" data-by="`...)
	for i, u := range r.People[:min(len(r.People), most)] {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(u.ID), 36)
	}
	b = appendEscaped(append(b, `" aria-label="`...), r.Emoji+" "+n+": "+reactors(
		r)+" reacted") // begins with what one sees
	b = appendEmoji(append(b, `">`...), r)
	return append(append(append(b, ' '), n...), `</button>`...)
}

// appendEmoji appends a reaction's emoji: the picture of a custom one, as long as there is one.
func appendEmoji(b []byte, r chat.Reaction) []byte {
	if r.Picture == 0 {
		return appendEscaped(b, r.Emoji)
	}
	b = append(append(b, `<img class="emoji" src="`...), chat.EmojiURL(r.Picture)...)
	return append(appendEscaped(append(b, `" alt="`...), r.Emoji), `">`...)
}

// whoReacted says who reacted, as "Ada, Bob and 3 more reacted with 👍".
func whoReacted(r chat.Reaction) string { return reactors(r) + " reacted with " + r.Emoji }

func reactors(r chat.Reaction) string {
	people := r.People[:min(len(r.People), maxReactionNames)]
	line := ""
	for i, u := range people {
		switch {
		case i == 0:
		case i == r.Count-1:
			line += " and "
		default:
			line += ", "
		}
		line += u.Name
	}
	if more := r.Count - len(people); more > 0 {
		line += " and " + strconv.Itoa(more) + " more"
	}
	return line
}

func reactionsURL(m chat.Message) string { return messageURL(m) + "/reactions" }

// quickReactions are offered in each row's actions.
var quickReactions = []string{"👍", "❤️", "😂"}
