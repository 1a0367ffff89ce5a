package views

import (
	"context"
	"io"
	"strings"
	"time"
	"unicode"

	"chitchat/chat"

	"github.com/a-h/templ"
)

// EditForm is the form that changes a message's text.
type EditForm struct{ Body, Error string }

func rowID(m chat.Message) string { return "m-" + m.ChannelID.String() + "-" + itoa(m.Seq) }

func messageURL(m chat.Message) string { return channelURL(m.ChannelSlug) + "/" + itoa(m.Seq) }

func rowClass(m chat.Message) string {
	class := "message"
	if m.Continued {
		class += " continued"
	}
	if m.Deleted() {
		class += " deleted"
	}
	return class
}

// tombstone is what stands where a message was.
func tombstone(m chat.Message) string {
	if m.RemovedBy != 0 {
		return "This message was removed by an admin."
	}
	return "This message was deleted."
}

func bodyClass(body string) string {
	if onlyEmoji(body) {
		return "body big"
	}
	return "body"
}

// utc is a moment as <time> wants it. Seconds do: the list is ordered by seq, never by clock.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// linked is a text with its links, the first chat.MaxLinks of them. Everything else in it is shown as it was typed.
func linked(body string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(appendLinked(nil, body))
		return err
	})
}

// appendLinked appends what linked shows.
func appendLinked(b []byte, body string) []byte {
	at, n := 0, 0
	for link := range chat.Links(body) {
		if n++; n > chat.MaxLinks {
			break
		}
		text := body[link.Start:link.End]
		b = appendEscaped(b, body[at:link.Start])
		b = appendEscaped(append(append(b, `<a href="`...), link.Scheme...), text)
		b = appendEscaped(append(b, `" target="_blank" rel="noopener noreferrer nofollow ugc">`...), text)
		b = append(b, `</a>`...)
		at = link.End
	}
	return appendEscaped(b, body[at:])
}

// onlyEmoji reports whether a text is one to six emoji and nothing else, to be shown larger.
func onlyEmoji(body string) bool {
	const most = 6
	n := 0
	joined := false
	for _, r := range strings.TrimSpace(body) {
		switch {
		case r == 0x200D: // joins two into one
			joined = true
			continue
		case r == 0xFE0F, r == 0x20E3, r >= 0x1F3FB && r <= 0x1F3FF, r == ' ': // shapes the one before
			continue
		case r >= 0x1F1E6 && r <= 0x1F1FF, r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF,
			r >= 0x2300 && r <= 0x23FF && unicode.Is(unicode.So, r), r == 0x2B50, r == 0x2B55:
			if !joined {
				n++
			}
			joined = false
		default:
			return false
		}
	}
	return n > 0 && n <= 2*most // a flag is two letters
}
