package views

import (
	"context"
	"io"
	"time"

	"chitchat/chat"

	"github.com/a-h/templ"
)

// EditForm is the form to edit a message's text.
type EditForm struct {
	Body, Error string
	Confirm     string // see Composer
	Changed     bool   // the message has changed since the edit began: its text is shown
}

func rowID(m chat.Message) string { return "m-" + m.ChannelID.String() + "-" + itoa(m.Seq) }

// messageURL returns a message's permalink.
func messageURL(m chat.Message) string {
	if m.Thread.Root != 0 {
		return threadURL(m.ChannelSlug, m.Thread.Root) + "/" + itoa(m.Seq)
	}
	return channelURL(m.ChannelSlug) + "/" + itoa(m.Seq)
}

// broadcastURL returns the permalink of the reply that a row of a channel shows.
func broadcastURL(m chat.Message) string {
	return threadURL(m.ChannelSlug, m.Broadcast.Root) + "/" + itoa(m.Broadcast.Seq)
}

// threadURL returns the address of the thread of a channel's message.
func threadURL(slug string, root int64) string {
	return channelURL(slug) + "/" + itoa(root) + "/thread"
}

func linkPreviewsURL(m chat.Message) string { return messageURL(m) + "/link-previews" }

func rowClass(m chat.Message) string {
	class := "message"
	if m.Continued {
		class += " continued"
	}
	if m.Deleted() {
		class += " deleted"
	}
	if m.Pins != 0 {
		class += " line"
	}
	return class
}

// action is something that a reader may do with a message: a path below the message's URL.
type action struct{ path, label string }

// actions returns what the access allows with the message of a row.
func actions(acc chat.Access, r chat.Row) (list []action) {
	if r.Deleted || r.Line {
		return nil
	}
	m := chat.Message{Author: chat.User{ID: chat.ID(r.Author)}}
	if acc.EditRefusal(m) == nil {
		list = append(list, action{"/edit", "Edit"})
	}
	if acc.RemoveRefusal(m) == nil {
		list = append(list, action{"/delete", "Delete"})
	}
	if acc.ReportRefusal(m) == nil {
		list = append(list, action{"/report", "Report"})
	}
	if acc.CanView() {
		list = append(list, action{"/forward", "Forward"})
	}
	return list
}

// tombstone returns the text in place of a deleted message.
func tombstone(m chat.Message) string {
	if m.RemovedBy != 0 {
		return "This message was removed by an admin."
	}
	return "This message was deleted."
}

func bodyClass(f chat.Formatted, body string) string {
	if f.Big(body) {
		return "body big"
	}
	return "body"
}

// utc returns a time for the datetime attribute. Seconds suffice: the list is ordered by seq, never by time.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// body is a message's text.
func body(m chat.Message) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(appendBody(nil, &m))
		return err
	})
}

// appendBody appends what body renders.
func appendBody(b []byte, m *chat.Message) []byte {
	if m.HTML != "" {
		return append(b, m.HTML...)
	}
	return appendPlain(b, m.Body)
}

// appendPlain appends a text as it was typed, with its URLs as links, up to chat.MaxLinks. The style sheet shows its
// line breaks.
func appendPlain(b []byte, body string) []byte {
	at, n := 0, 0
	for link := range chat.Links(body) {
		if n++; n > chat.MaxLinks {
			break
		}
		text := body[link.Start:link.End]
		b = appendEscaped(b, body[at:link.Start])
		b = appendEscaped(append(append(b, `<a href="`...), link.Scheme...), text)
		if b = append(b, '"'); link.Scheme != "mailto:" && text[0]|0x20 != 'm' { // those open the mail program
			b = append(b, ` rel="nofollow noreferrer noopener" target="_blank"`...)
		}
		b = appendEscaped(append(b, '>'), text)
		b = append(b, `</a>`...)
		at = link.End
	}
	return appendEscaped(b, body[at:])
}
