package chat

import "time"

// Limits of a message.
const (
	MaxBodyLen     = 8000 // characters
	MaxAttachments = 10
	MaxClientIDLen = 64 // bytes
)

// Message is one thing said.
//
//   - Seq is its place in its channel: 1, 2, 3, without gaps, never changed.
//   - Rev is the channel's counter at the message's last change.
//   - Body is kept exactly as it was sent: valid UTF-8 without NUL. A deleted message has none, and no attachments.
//   - A message has a body, or an attachment, or both.
type Message struct {
	ChannelID   ID
	ChannelSlug string
	Seq         int64
	Rev         int64
	Author      User // ID and Name
	ClientID    string
	Body        string
	Continued   bool // follows one of the same author within five minutes: shown without a head of its own
	CreatedAt   time.Time
	EditedAt    time.Time // zero when never edited
	DeletedAt   time.Time // zero when not deleted
	Attachments []Attachment
}

// Edited reports whether the message was changed after it was posted.
func (m *Message) Edited() bool { return !m.EditedAt.IsZero() }

// Deleted reports whether only a tombstone is left.
func (m *Message) Deleted() bool { return !m.DeletedAt.IsZero() }

// Row is a message rendered: the same bytes for every reader.
type Row struct {
	Seq       int64
	Rev       int64
	Author    ID
	CreatedAt time.Time
	HTML      []byte // read-only: shared by everyone
}

// Draft is what someone wants to post.
type Draft struct {
	Body     string
	ClientID string       // minted by the client for each message: a retry with the same one is the same message
	Files    []Attachment // new files, already in the file store under their IDs
	Kept     []ID         // files of the same actor that an earlier, refused form left behind: see KeepFiles
}
