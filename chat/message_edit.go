package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// ErrChanged reports that a message has changed since the actor began to edit it, and that it was not edited.
var ErrChanged = Invalid("body",
	"This message was changed since you began, and nothing was saved yet. Save again to put your text in its place.")

// Edit changes the body of the actor's own message, whatever it was before. The same body changes nothing.
func (c Messages) Edit(ctx context.Context, a Actor, slug string, seq int64, body string) (Row, error) {
	return c.EditFrom(ctx, a, slug, seq, 0, body, "")
}

// EditFrom is Edit of the text that was written then (see Message.Written): it fails with ErrChanged when the body has
// changed since. A 0 skips that check. confirm is the Confirm of the refusal that asked before many are notified, or
// "".
func (c Messages) EditFrom(ctx context.Context, a Actor, slug string, seq, written int64, body, confirm string) (Row,
	error) {
	acc, err := c.accessFeedToPost(ctx, a, slug)
	if err != nil {
		return Row{}, err
	}
	// an edit can say something new to a user who has blocked the author
	if refusal := acc.PostRefusal(); refusal != nil {
		return Row{}, refusal
	}
	body, err = cleanBody(body, false) // before anything expensive
	if err != nil {
		return Row{}, err
	}
	at, err := c.original(ctx, acc.cached, seq)
	if err != nil {
		return Row{}, err
	}
	acc.cached = at.ch
	mentions, err := c.mentionedIn(ctx, a, at.ch, body)
	if err != nil {
		return Row{}, err
	}
	if err := c.mayCallByEdit(ctx, a, acc, at.seq, &mentions, body, confirm); err != nil {
		return Row{}, err
	}
	formatted := c.formatIn(a, acc.cached, body, mentions)
	if formatted.showsNothing() {
		body, formatted = "", Formatted{}
	}
	row, _, err := c.changeMessage(ctx, a, at,
		messageChange{keep: !c.workspace.Load().HideVersions, apply: func(tx *sqlite.Tx, acc Access, m *Message) error {
			if refusal := acc.EditRefusal(*m); refusal != nil {
				return refusal
			}
			switch {
			case m.Deleted():
				return errNotFound
			case body == "" && len(m.Attachments) == 0:
				return errNothing
			case m.Body == body:
				return nil
			case written != 0 && written != m.Written():
				return ErrChanged
			}
			if refusal := acc.PostRefusal(); refusal != nil {
				return refusal
			}
			// later than the text before, whose form may be open, though the clock was set back
			at := max(millis(tx.Now), m.Written()+1)
			m.Body, m.Formatted, m.EditedAt = body, formatted, fromMillis(at)
			m.mentions = acc.mention(mentions)
			return nil
		}})
	if err == nil {
		c.fetchLinksLater(a, at.ch.ID, at.seq, body)
	}
	return row, err
}
