package chat

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a message.
const (
	MaxBodyLen     = 8000 // characters
	MaxAttachments = 10
	MaxClientIDLen = 64 // bytes
)

// continuedWithin is how soon a message must follow one of the same author to stand under its head: not before it, as it may
// by a clock that was set back.
const continuedWithin = 5 * time.Minute

// Message is one thing said.
//
//   - Seq is its place in its channel: 1, 2, 3, without gaps, never changed.
//   - Rev is the channel's counter at the message's last change.
//   - Body is kept exactly as it was sent: valid UTF-8 without NUL. Only the CRLF that HTML forms make of a
//     line break is turned back into LF. A deleted message has no body and no attachments.
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
	RemovedBy   ID        // who took it away, when that was not its author; else 0
	Attachments []Attachment

	mentions []ID // of one that is being edited: whom it mentions now
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
	Deleted   bool
	HTML      []byte // read-only: shared by everyone

	failed bool // HTML says that the message cannot be shown
}

// ErrUnshown says that a message was kept as it is, and that showing it failed: by a fault of the program.
var ErrUnshown = Errorf(CodeInternal, "Your message was kept, but it cannot be shown. That is our fault, and it was noted. There is no need to send it again.")

// Draft is what someone wants to post.
type Draft struct {
	Body     string
	ClientID string       // minted by the client for each message: a retry with the same one is the same message
	Files    []Attachment // new files, already in the file store under their IDs
	Kept     []ID         // files of the same actor that an earlier, refused form left behind: see SavePendingFiles
}

var errNothing = Invalid("body", "Write something first.")

// cleanBody returns the body as it is kept. needed: without one there is nothing.
func cleanBody(body string, needed bool) (string, error) {
	if !utf8.ValidString(body) {
		return "", Invalid("body", "The message is not valid text (UTF-8).")
	}
	if strings.ContainsRune(body, 0) {
		return "", Invalid("body", "The message holds a NUL character, which cannot be kept.")
	}
	body = strings.ReplaceAll(body, "\r\n", "\n")
	if n := utf8.RuneCountInString(body); n > MaxBodyLen {
		return "", Invalid("body", "The message is too long: %d characters, and at most %d fit.", n, MaxBodyLen)
	}
	if blank(body) {
		if needed {
			return "", errNothing
		}
		body = ""
	}
	return body, nil
}

var errMayNotUpload = Errorf(CodeForbidden, "You may write here, but not send files.")

// Post adds a message, and lets its author be in the channel. It returns after the message is on disk and shown to those who listen. An error means
// that nothing was posted, but for ctx's own, and ErrUnshown. fresh is false when the draft's ClientID was posted before: the
// row is that message's, and the draft's files were not used.
func (c *Chat) Post(ctx context.Context, a Actor, slug string, d Draft) (row Row, fresh bool, err error) {
	ch, err := c.gate(ctx, a, slug)
	if err != nil {
		return Row{}, false, err
	}
	if err := c.mayPost(ctx, a, ch); err != nil {
		return Row{}, false, err
	}
	files := len(d.Files) + len(d.Kept)
	if files > 0 && !a.Role.May(MayUpload) {
		return Row{}, false, errMayNotUpload
	}
	body, err := cleanBody(d.Body, files == 0)
	if err != nil {
		return Row{}, false, err
	}
	if files > MaxAttachments {
		return Row{}, false, Invalid("file", "At most %d files fit in one message.", MaxAttachments)
	}
	if len(d.ClientID) > MaxClientIDLen || !utf8.ValidString(d.ClientID) || strings.ContainsRune(d.ClientID, 0) {
		return Row{}, false, Invalid("client_id", "The message's client_id is not valid: at most %d bytes of text.", MaxClientIDLen)
	}
	if d.ClientID == "" {
		d.ClientID = "server-" + NewID().String() // a bare form: it cannot be retried, but it can be posted
	}
	mentions, err := c.mentioned(ctx, a, body)
	if err != nil {
		return Row{}, false, err
	}
	p := &post{
		session:  a.Session,
		mentions: mentions,
		files:    slices.Clone(d.Files),
		kept:     slices.Clone(d.Kept),
		message: Message{
			ChannelID: ch.ID, ChannelSlug: ch.slug(), Author: a.User, ClientID: strings.Clone(d.ClientID), Body: strings.Clone(body),
			CreatedAt: c.now(),
		},
	}
	if err := c.writer.submit(ctx, &job{post: p}); err != nil {
		return Row{}, false, err
	}
	if p.untold {
		return Row{}, !p.again, ErrUnshown
	}
	return p.row, !p.again, nil
}

// Message returns one message.
func (c *Chat) Message(ctx context.Context, a Actor, slug string, seq int64) (Message, error) {
	ch, err := c.gate(ctx, a, slug)
	if err != nil {
		return Message{}, err
	}
	c.hub.messageQueries.Add(1)
	return messageAt(ctx, c.db.read, ch, seq)
}

// Row returns one message rendered.
func (c *Chat) Row(ctx context.Context, a Actor, slug string, seq int64) (Row, error) {
	m, err := c.Message(ctx, a, slug, seq)
	if err != nil {
		return Row{}, err
	}
	return c.hub.render(m), nil
}

// ErrChanged says that a message is not what it was when somebody began to edit it, and that it was left as it is.
var ErrChanged = Invalid("body", "This message was changed since you began, and nothing was saved yet. Save again to put your text in its place.")

// Edit changes the body of the actor's own message, whatever it was. The same body again changes nothing.
func (c *Chat) Edit(ctx context.Context, a Actor, slug string, seq int64, body string) (Row, error) {
	return c.EditFrom(ctx, a, slug, seq, 0, body)
}

// EditFrom is Edit of the message as it was at that rev: of one that says something else since, it is ErrChanged. 0 stands
// for whatever it is.
func (c *Chat) EditFrom(ctx context.Context, a Actor, slug string, seq, rev int64, body string) (Row, error) {
	ch, err := c.gate(ctx, a, slug)
	if err != nil {
		return Row{}, err
	}
	if err := c.mayPost(ctx, a, ch); err != nil { // an edit says something anew, to someone who has blocked the author too
		return Row{}, err
	}
	body, err = cleanBody(body, false) // before any work on it
	if err != nil {
		return Row{}, err
	}
	mentions, err := c.mentioned(ctx, a, body)
	if err != nil {
		return Row{}, err
	}
	row, _, err := c.editMessage(ctx, a, slug, seq, nil, func(m *Message) error {
		m.mentions = mentions
		if m.Deleted() {
			return errNotFound
		}
		if body == "" && len(m.Attachments) == 0 {
			return errNothing
		}
		if m.Body != body {
			if rev != 0 && rev != m.Rev {
				return ErrChanged
			}
			m.Body, m.EditedAt = body, c.now()
		}
		return nil
	})
	return row, err
}

// Delete takes the body and the files out of the actor's own message; a tombstone stays. It returns the IDs
// of the files, for the caller to remove from the file store. Deleting again is not an error.
func (c *Chat) Delete(ctx context.Context, a Actor, slug string, seq int64) (Row, []ID, error) {
	return c.editMessage(ctx, a, slug, seq, nil, func(m *Message) error {
		if !m.Deleted() {
			m.Body, m.DeletedAt, m.Attachments = "", c.now(), nil
		}
		return nil
	})
}

var errNotAuthor = Errorf(CodeForbidden, "Only the author can change a message.")

// editMessage changes a message by fn, and gives it the channel's next rev if fn changed it. It returns the attachments
// that fn took out. note is for what is done to the message of someone else: it stands in the log; nil: only authors.
func (c *Chat) editMessage(ctx context.Context, a Actor, slug string, seq int64, note func(context.Context, *sql.Tx, Actor, Message) error,
	fn func(*Message) error) (Row, []ID, error) {
	ch, err := c.gate(ctx, a, slug)
	if err != nil {
		return Row{}, nil, err
	}
	if ch.info.Load().Archived() {
		return Row{}, nil, errArchived
	}
	return c.editMessageIn(ctx, a, ch, seq, note, fn)
}

// editMessageIn is revise in a channel that the gate, or a report, has opened.
func (c *Chat) editMessageIn(ctx context.Context, a Actor, ch *cachedChannel, seq int64, note func(context.Context, *sql.Tx, Actor, Message) error,
	fn func(*Message) error) (Row, []ID, error) {
	var m Message
	var row Row
	var gone []ID
	changed := false
	err := c.act(ctx, a, func(ctx context.Context, tx *sql.Tx, a Actor) error {
		old, err := messageAt(ctx, tx, ch, seq)
		if err != nil {
			return err
		}
		if note == nil {
			if err := c.stillSees(ctx, tx, a, ch); err != nil {
				return err
			}
			if old.Author.ID != a.ID {
				return errNotAuthor
			}
		}
		m, gone = old, nil
		if err := fn(&m); err != nil {
			return err
		}
		changed = m.Body != old.Body || m.Deleted() != old.Deleted()
		if !changed {
			return nil
		}
		if !m.Deleted() { // an edit, which says something
			s, err := c.stillWrites(ctx, tx, a, ch)
			if err != nil {
				return err
			}
			m.mentions = s.mention(m.mentions)
		}
		if m.Deleted() {
			for _, file := range old.Attachments {
				gone = append(gone, file.ID)
			}
		}
		if note != nil {
			if err := note(ctx, tx, a, old); err != nil {
				return err
			}
		}
		if strings.ContainsAny(old.Body+m.Body, signs) {
			if err := replaceMentions(ctx, tx, ch.ID, seq, m.mentions); err != nil {
				return err
			}
		}
		return updateMessage(ctx, tx, &m)
	}, func() {
		if changed {
			row = c.hub.changed(ch, []Message{m})[0]
		} else {
			row = c.hub.render(m)
		}
	})
	if err == nil && row.failed {
		err = ErrUnshown
	}
	return row, gone, err
}
