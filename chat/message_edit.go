package chat

import (
	"context"
	"strings"
	"time"

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
	acc, err := c.accessToPost(ctx, a, slug)
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
	mentions, err := c.mentioned(ctx, a, body)
	if err != nil {
		return Row{}, err
	}
	if err := c.mayCallByEdit(ctx, a, acc, seq, &mentions, body, confirm); err != nil {
		return Row{}, err
	}
	formatted := c.formatIn(a, acc.cached, body, mentions)
	if formatted.showsNothing() {
		body, formatted = "", Formatted{}
	}
	row, _, err := c.changeMessage(ctx, a, acc.cached, seq,
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
		c.fetchLinksLater(a, acc.cached.ID, seq, body)
	}
	return row, err
}

// Delete removes the body and the files of the actor's own message and leaves a tombstone. It returns the IDs of the
// files, for the caller to remove from the file store. Idempotent.
func (c Messages) Delete(ctx context.Context, a Actor, slug string, seq int64) (Row, []ID, error) {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return Row{}, nil, err
	}
	return c.deleteOwn(ctx, a, ch, seq)
}

func (c *core) deleteOwn(ctx context.Context, a Actor, ch *cachedChannel, seq int64) (Row, []ID, error) {
	return c.changeMessage(ctx, a, ch, seq, messageChange{apply: func(tx *sqlite.Tx, acc Access, m *Message) error {
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

// messageChange is a change of an existing message.
type messageChange struct {
	apply func(tx *sqlite.Tx, acc Access, m *Message) error // changes it, or returns why the actor may not
	keep  bool                                              // keeps what the message said before as a version
	// logs a change of the message as it was; nil: not logged
	audit func(context.Context, *sqlite.Tx, Actor, Message) error
}

// changeMessage changes a message of an active channel that the actor sees. A changed message gets the channel's next
// rev. It returns the IDs of the removed attachments.
func (c *core) changeMessage(ctx context.Context, a Actor, ch *cachedChannel, seq int64,
	change messageChange) (Row, []ID, error) {
	if ch.info.Load().Archived() {
		return Row{}, nil, errArchived
	}
	result, err := actInValue(ctx, c, a, ch,
		func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (*changedMessage, error) {
			return change.in(ctx, tx, a, acc, seq)
		}, func(result *changedMessage) { result.publish(c.hub, ch) })
	if err != nil {
		return Row{}, nil, err
	}
	return result.answer()
}

// changedMessage is the result of a messageChange.
type changedMessage struct {
	message Message
	changed bool
	gone    []ID // attachments that were removed from it
	row     Row  // set by publish
}

// in makes the change in a transaction.
func (change messageChange) in(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access,
	seq int64) (*changedMessage, error) {
	old, err := messageAt(ctx, tx, acc.cached, seq)
	if err != nil {
		return nil, err
	}
	m := old
	if err := change.apply(tx, acc, &m); err != nil {
		return nil, err
	}
	result := &changedMessage{message: m, changed: m.Body != old.Body || m.Deleted() != old.Deleted()}
	if !result.changed {
		return result, nil
	}
	if m.Deleted() {
		for _, file := range old.Attachments {
			result.gone = append(result.gone, file.ID)
		}
	}
	if change.keep && m.Body != old.Body && !m.Deleted() {
		if err := insertVersion(ctx, tx, &old); err != nil {
			return nil, err
		}
	}
	if change.audit != nil {
		if err := change.audit(ctx, tx, a, old); err != nil {
			return nil, err
		}
	}
	if strings.ContainsAny(old.Body+m.Body, signs) {
		if err := replaceMentions(ctx, tx, acc.cached.ID, seq, m.mentions); err != nil {
			return nil, err
		}
	}
	if !m.Deleted() {
		if err := keepLinkPreviews(ctx, tx, old, &result.message); err != nil {
			return nil, err
		}
	}
	return result, updateMessage(ctx, tx, &result.message)
}

// publish shows the change to the subscriptions, after the commit.
func (r *changedMessage) publish(h *hub, ch *cachedChannel) {
	if r.changed {
		r.row = h.changed(ch, []Message{r.message})[0]
	} else {
		r.row = h.render(r.message)
	}
}

// answer returns the results for the caller, after publish.
func (r *changedMessage) answer() (Row, []ID, error) {
	if r.row.Failed {
		return r.row, r.gone, ErrUnshown
	}
	return r.row, r.gone, nil
}
