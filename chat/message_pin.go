package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// MaxPins is the number of messages that may be pinned to a channel at a time.
const MaxPins = 100

var (
	errManyPins = Errorf(CodeForbidden,
		"%d messages are pinned here, and no more fit. Nothing was pinned: unpin one that is not needed any more first.",
		MaxPins)
	errLine = Errorf(CodeForbidden,
		"This line says what was done. It cannot be changed, deleted, pinned, saved, reported or reacted to.")
)

// Pin pins a message to its channel. Who may post there may pin. The channel gets a line that says so, once for each
// message: pinning it again after it was unpinned says nothing. Idempotent. It does not join the actor to the channel,
// and slow mode does not count it.
func (c Messages) Pin(ctx context.Context, a Actor, slug string, seq int64) error {
	return c.changePins(ctx, a, slug, func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (*changedPins, error) {
		return pinIn(ctx, tx, a, acc, seq)
	})
}

// Unpin takes a message from its channel's pins. Who may post in the channel may do so. Idempotent.
func (c Messages) Unpin(ctx context.Context, a Actor, slug string, seq int64) error {
	return c.changePins(ctx, a, slug, func(ctx context.Context, tx *sqlite.Tx, _ Actor, acc Access) (*changedPins, error) {
		result := new(changedPins)
		m, _, err := bareMessageAt(ctx, tx, acc.cached, seq)
		if err == nil {
			err = result.remove(ctx, tx, &m)
		}
		return result, err
	})
}

// changedPins is the result of a change of a channel's pins.
type changedPins struct {
	channel *Channel  // with the new number; nil: nothing has changed
	lines   []Message // that are new or changed, in the order of rev
	read    bool      // the author of the new line had read all before it
	mark    readMark  // then: how far they have read with it
}

func (c *core) changePins(ctx context.Context, a Actor, slug string,
	change func(context.Context, *sqlite.Tx, Actor, Access) (*changedPins, error)) error {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return err
	}
	_, err = actInValue(ctx, c, a, ch,
		func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) (*changedPins, error) {
			if refusal := acc.PostRefusal(); refusal != nil {
				return nil, refusal
			}
			return change(ctx, tx, a, acc)
		}, func(result *changedPins) {
			if len(result.lines) > 0 {
				c.hub.changed(ch, result.lines)
			}
			if result.read {
				c.hub.read(a.ID, ch.ID, result.mark)
			}
			result.publish(c.hub)
		})
	return err
}

func pinIn(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access, seq int64) (*changedPins, error) {
	result := new(changedPins)
	m, _, err := bareMessageAt(ctx, tx, acc.cached, seq)
	switch {
	case err != nil:
		return nil, err
	case m.Deleted():
		return nil, errNotFound
	case m.Pins != 0:
		return nil, errLine
	}
	pins, err := selectPins(ctx, tx, m.ChannelID)
	if err != nil {
		return nil, err
	}
	place := int64(0)
	for _, p := range pins {
		if p.seq == seq {
			return result, nil
		}
		place = max(place, p.place)
	}
	if len(pins) >= MaxPins {
		return nil, errManyPins
	}
	if err := insertPin(ctx, tx, &m, a.ID, place+1); err != nil {
		return nil, err
	}
	said, err := pinLine(ctx, tx, &m)
	if err != nil {
		return nil, err
	}
	if said == 0 {
		line := Message{ChannelID: m.ChannelID, ChannelSlug: m.ChannelSlug, Author: a.User, Pins: seq, CreatedAt: tx.Now,
			ClientID: "server-" + NewID().String()}
		if result.read, err = insertLine(ctx, tx, &line); err != nil {
			return nil, err
		}
		result.lines, result.mark = []Message{line}, readMark{line.Seq, acc.unreadRev}
	}
	result.channel, err = countPins(ctx, tx, m.ChannelID)
	return result, err
}

// remove takes a message from the pins, if it is among them.
func (r *changedPins) remove(ctx context.Context, tx *sqlite.Tx, m *Message) error {
	removed, err := deletePin(ctx, tx, m)
	if err == nil && removed {
		r.channel, err = countPins(ctx, tx, m.ChannelID)
	}
	return err
}

// forget takes a deleted message from the pins. The line that says that it was pinned leads to it no longer.
func (r *changedPins) forget(ctx context.Context, tx *sqlite.Tx, ch *cachedChannel, m *Message) error {
	if err := r.remove(ctx, tx, m); err != nil {
		return err
	}
	seq, err := pinLine(ctx, tx, m)
	if err != nil || seq == 0 {
		return err
	}
	if err := quietLine(ctx, tx, m.ChannelID, seq); err != nil {
		return err
	}
	line, err := messageAt(ctx, tx, ch, seq)
	r.lines = []Message{line}
	return err
}

// publish shows the number of pins on the channel's pages, after the commit.
func (r *changedPins) publish(h *hub) {
	if r.channel == nil {
		return
	}
	for ch := range h.channels.update([]Channel{*r.channel}) {
		h.eachSubscription(func(l *Subscription) {
			if l.channel == ch.ID {
				l.notify(func() { l.info = true })
			}
		})
	}
	h.publish(Event{List: true})
}
