package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// MaxReasonLen is the maximum length of a reason, in characters.
const MaxReasonLen = 500

// cleanReason returns a reason as it is stored: a line of text, for the moderators' tables and the audit log.
func cleanReason(s string) (string, error) { return cleanField("reason", s, MaxReasonLen) }

// RemoveMessage removes the body and the files of any user's message: the tombstone shows that an admin did it, and the
// audit log shows why. The actor's own message is deleted, as by Delete. It returns the IDs of the files, for the
// caller to remove.
func (c Moderation) RemoveMessage(ctx context.Context, a Actor, slug string, seq int64,
	reason string) (Row, []ID, error) {
	acc, err := c.accessFeed(ctx, a, slug)
	if err != nil {
		return Row{}, nil, err
	}
	at, err := c.original(ctx, acc.cached, seq)
	if err != nil {
		return Row{}, nil, err
	}
	if !acc.CanModerate() {
		return c.deleteOwn(ctx, a, at)
	}
	if reason, err = cleanReason(reason); err != nil {
		return Row{}, nil, err
	}
	return c.changeMessage(ctx, a, at, messageChange{
		apply: func(tx *sqlite.Tx, acc Access, m *Message) error {
			if refusal := acc.RemoveRefusal(*m); refusal != nil {
				return refusal
			}
			m.remove(acc.User, tx.Now)
			return nil
		},
		audit: func(ctx context.Context, tx *sqlite.Tx, a Actor, old Message) error {
			return c.auditRemoval(ctx, tx, a, old, reason)
		},
	})
}
