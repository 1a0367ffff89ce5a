package chat

import (
	"context"
	"database/sql"
	"time"
)

// MaxReasonLen bounds the reason of what is done to someone, in characters.
const MaxReasonLen = 500

// cleanReason is a reason as it is kept: a line of text. It stands in the tables of those who moderate and in the log.
func cleanReason(s string) (string, error) { return cleanField("reason", s, MaxReasonLen) }

// MayRemove reports whether the actor may take a message of someone else away: who moderates the workspace, in every
// channel that they see but direct conversations.
func (a Actor) MayRemove(ch Channel) bool { return ch.Kind != Direct && a.Role.May(MayModerate) }

// RemoveMessage takes the body and the files out of anyone's message; the tombstone says that an admin did it, and the
// log why. One's own is deleted, as by Delete. It returns the IDs of the files, for the caller to remove.
func (c *Chat) RemoveMessage(ctx context.Context, a Actor, slug string, seq int64, reason string) (Row, []ID, error) {
	ch, err := c.gate(ctx, a, slug)
	if err != nil {
		return Row{}, nil, err
	}
	if !a.MayRemove(ch.snapshot()) {
		return c.Delete(ctx, a, slug, seq)
	}
	if reason, err = cleanReason(reason); err != nil {
		return Row{}, nil, err
	}
	return c.editMessage(ctx, a, slug, seq, func(ctx context.Context, tx *sql.Tx, a Actor, m Message) error {
		if err := c.stillSees(ctx, tx, a, ch); err != nil {
			return err
		}
		if !a.MayRemove(ch.snapshot()) && m.Author.ID != a.ID {
			return errNotAuthor
		}
		return c.noteRemoval(ctx, tx, a, m, reason)
	}, a.remove(c.now()))
}

// remove is the change of a message that takes its body and files away, in the actor's name.
func (a Actor) remove(now time.Time) func(*Message) error {
	return func(m *Message) error {
		if !m.Deleted() {
			m.Body, m.DeletedAt, m.Attachments = "", now, nil
			if m.Author.ID != a.ID {
				m.RemovedBy = a.ID
			}
		}
		return nil
	}
}
