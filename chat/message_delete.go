package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// Delete removes the body and the files of the actor's own message and leaves a tombstone. It returns the IDs of the
// files, for the caller to remove from the file store. Idempotent.
func (c Messages) Delete(ctx context.Context, a Actor, slug string, seq int64) (Row, []ID, error) {
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return Row{}, nil, err
	}
	return c.deleteOwn(ctx, a, at)
}

func (c *core) deleteOwn(ctx context.Context, a Actor, at located) (Row, []ID, error) {
	return c.changeMessage(ctx, a, at, messageChange{apply: func(tx *sqlite.Tx, acc Access, m *Message) error {
		if refusal := acc.changeRefusal(m.Author.ID == acc.User); refusal != nil {
			return refusal
		}
		m.remove(acc.User, tx.Now)
		return nil
	}})
}

// remove removes the message's body, and all that belongs to it, on behalf of a user. Idempotent.
func (m *Message) remove(by ID, now time.Time) {
	if m.Deleted() {
		return
	}
	m.Body, m.Formatted, m.DeletedAt = "", Formatted{}, now
	m.Attachments, m.Reactions, m.LinkPreviews = nil, nil, nil
	if m.Author.ID != by {
		m.RemovedBy = by
	}
}
