package chat

import (
	"fmt"
	"time"
)

// Limits of a message.
const (
	MaxBodyLen     = 8000 // characters
	MaxAttachments = 10
	MaxPending     = 3 * MaxAttachments // files of a user that wait for their messages, on all pages together
	MaxClientIDLen = 64                 // bytes
)

// continuedWithin is how soon after a message of the same author another one continues it. A message with an earlier
// time, as after a clock was set back, does not.
const continuedWithin = 5 * time.Minute

// Message is a message of a channel.
//
//   - Seq is its number in the channel: 1, 2, 3, without gaps, never changed.
//   - Rev is the channel's change counter at the message's last change.
//   - Body is stored exactly as it was sent: valid UTF-8 without NUL. Only the CRLF that HTML forms make of a line
//     break becomes LF again. A deleted message has no body, no attachments, no reactions and no link previews.
//   - A message has a body that shows something, or an attachment, or both, but for lines (see Pins).
type Message struct {
	ChannelID    ID // of a reply: the ID of its thread
	ChannelSlug  string
	Seq          int64
	Rev          int64
	Author       User // ID and Name
	ClientID     string
	Body         string
	Formatted         // of Body
	Continued    bool // follows one of the same author within five minutes: shown without a header
	CreatedAt    time.Time
	EditedAt     time.Time // zero: never edited
	DeletedAt    time.Time // zero: not deleted
	RemovedBy    ID        // who removed it, when that was not its author; else 0
	Attachments  []Attachment
	Reactions    []Reaction
	LinkPreviews []LinkPreview
	Thread       ThreadRef // of a reply
	Replies      Replies   // to the message, if it is the root of a thread
	Broadcast    Broadcast // of a row of a channel that shows a reply: everything but Seq and Rev is the reply's
	// Not 0: this is a line without a text, which says that its author has pinned the message of that seq; negative when
	// that message was deleted since. Such a line stays as it is.
	Pins int64

	broadcastSeq int64 // of a reply: the seq of the row of the channel that shows it; 0: there is none

	mentions []ID // while it is being edited: the users whom it mentions now
}

// In returns the channel that the message is in, also if it is a reply.
func (m *Message) In() ID {
	if m.Thread.Root != 0 {
		return m.Thread.Channel
	}
	return m.ChannelID
}

// Address returns the address of the channel or the thread that the message is in: see ThreadAddress.
func (m *Message) Address() string {
	if m.Thread.Root != 0 {
		return ThreadAddress(m.ChannelSlug, m.Thread.Root)
	}
	return m.ChannelSlug
}

// number names the message in the audit log.
func (m *Message) number() string {
	if m.Thread.Root != 0 {
		return fmt.Sprintf("reply %d to message %d", m.Seq, m.Thread.Root)
	}
	return fmt.Sprintf("message %d", m.Seq)
}

// Edited reports whether the message was edited after it was posted.
func (m *Message) Edited() bool { return !m.EditedAt.IsZero() }

// Written is when the message got its present text: milliseconds since 1970, later with each edit. It identifies the
// text among those that the message has had, while Rev rises with reactions and link previews too.
func (m *Message) Written() int64 {
	if m.Edited() {
		return millis(m.EditedAt)
	}
	return millis(m.CreatedAt)
}

// Deleted reports whether only a tombstone is left.
func (m *Message) Deleted() bool { return !m.DeletedAt.IsZero() }
