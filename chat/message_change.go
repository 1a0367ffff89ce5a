package chat

import (
	"context"
	"strings"

	"chitchat/chat/sqlite"
)

// messageChange is a change of an existing message.
type messageChange struct {
	apply func(tx *sqlite.Tx, acc Access, m *Message) error // changes it, or returns why the actor may not
	keep  bool                                              // keeps what the message said before as a version
	// logs a change of the message as it was; nil: not logged
	audit func(context.Context, *sqlite.Tx, Actor, Message) error
}

// changeMessage changes a message of an active channel that the actor sees. A changed message gets the channel's next
// rev. It returns the IDs of the removed attachments.
func (c *core) changeMessage(ctx context.Context, a Actor, at located, change messageChange) (Row, []ID, error) {
	if at.ch.gate().info.Load().Archived() {
		return Row{}, nil, errArchived
	}
	result, err := actInValue(ctx, c, a, at.ch,
		func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (*changedMessage, error) {
			return change.in(ctx, tx, a, acc, at.seq)
		}, func(result *changedMessage) { result.publish(c.hub, at) })
	if err != nil {
		return Row{}, nil, err
	}
	return result.answer()
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
	if old.Pins != 0 {
		return nil, errLine
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
		if in := acc.cached.parent; in != nil {
			if err := followMentioned(ctx, tx, in, acc.cached.ID, seq, m.mentions); err != nil {
				return nil, err
			}
		}
	}
	if !m.Deleted() {
		if err := keepLinkPreviews(ctx, tx, old, &result.message); err != nil {
			return nil, err
		}
	}
	if err := result.update(ctx, tx); err != nil || !m.Deleted() {
		return result, err
	}
	if b := result.broadcast; b != nil {
		return result, result.pins.forget(ctx, tx, acc.cached.gate(), b)
	}
	return result, result.pins.forget(ctx, tx, acc.cached, &m)
}

// changedMessage is the result of a change of an existing message.
type changedMessage struct {
	message   Message
	changed   bool
	broadcast *Message    // the row of the channel that shows it; nil: none
	gone      []ID        // attachments that were removed from it
	pins      changedPins // by a deletion
	row       Row         // set by publish
}

// update writes the message, and what shows it.
func (r *changedMessage) update(ctx context.Context, tx *sqlite.Tx) (err error) {
	if err = updateMessage(ctx, tx, &r.message); err == nil {
		r.broadcast, err = touchBroadcast(ctx, tx, &r.message)
	}
	return err
}

// publish shows the change to the subscriptions, after the commit. The row of the result is that which was named.
func (r *changedMessage) publish(h *hub, at located) {
	if !r.changed {
		r.row = h.render(r.message)
		if at.shown > 0 {
			r.row = h.render(broadcastOf(r.message, at.shown, at.shownRev, at.of))
		}
		return
	}
	defer r.pins.publish(h)
	if at.ch.parent != nil && len(r.message.mentions) > 0 {
		h.threadChanged(at.ch.ID) // those whom the reply mentions now follow it
	}
	if r.broadcast == nil {
		r.row = h.changed(at.ch, append([]Message{r.message}, r.pins.lines...))[0]
		return
	}
	r.row = h.changed(at.ch, []Message{r.message})[0]
	if row := h.changed(at.ch.gate(), append([]Message{*r.broadcast}, r.pins.lines...))[0]; at.shown > 0 {
		r.row = row
	}
}

// answer returns the results for the caller, after publish.
func (r *changedMessage) answer() (Row, []ID, error) {
	if r.row.Failed {
		return r.row, r.gone, ErrUnshown
	}
	return r.row, r.gone, nil
}
