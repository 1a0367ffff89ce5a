package views

import (
	"context"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"

	"chitchat/chat"

	"github.com/a-h/templ"
	"mvdan.cc/xurls/v2"
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

// links finds what becomes a link: only these three schemes, so that no text can make a "javascript:" one.
var links = mustLinks()

func mustLinks() *regexp.Regexp {
	re, err := xurls.StrictMatchingScheme(`https?://|mailto:`)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return re
}

// turns reports whether a character changes the direction of writing unseen. A link ends before one, so that it cannot
// show another address than where it leads; the style sheet sees to those around it.
func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// mayLink reports whether a text can hold a link at all: looking for them takes five times as long as all else of a row.
func mayLink(body string) bool {
	for rest := body; ; {
		at := strings.IndexByte(rest, ':')
		if at < 0 {
			return false
		}
		if strings.HasPrefix(rest[at:], "://") || at >= len("mailto") && strings.EqualFold(rest[at-len("mailto"):at], "mailto") {
			return true
		}
		rest = rest[at+1:]
	}
}

// linked is a text with its links. Everything else in it is shown as it was typed.
func linked(body string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(appendLinked(nil, body))
		return err
	})
}

// appendLinked appends what linked shows.
func appendLinked(b []byte, body string) []byte {
	at := 0
	if mayLink(body) {
		for _, m := range links.FindAllStringIndex(body, -1) {
			if n := strings.IndexFunc(body[m[0]:m[1]], turns); n >= 0 {
				if m[1] = m[0] + n; !links.MatchString(body[m[0]:m[1]]) {
					continue
				}
			}
			b = appendEscaped(b, body[at:m[0]])
			b = appendEscaped(append(b, `<a href="`...), body[m[0]:m[1]])
			b = appendEscaped(append(b, `" target="_blank" rel="noopener noreferrer nofollow ugc">`...), body[m[0]:m[1]])
			b = append(b, `</a>`...)
			at = m[1]
		}
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
