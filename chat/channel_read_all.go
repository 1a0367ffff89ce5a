package chat

import (
	"context"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// undoLifetime is how long MarkAllRead and MarkReadTo can be undone.
const undoLifetime = time.Hour

// readBatch is what one marking as read has changed.
type readBatch struct {
	id    ID
	marks map[ID]readMark // of channels
}

// MarkAllRead marks all of the actor's conversations as read, muted ones included, and the threads that they follow: up
// to what had come until a time, or if that is zero, to the newest message. It returns the batch for UndoRead; 0 if
// nothing was unread.
func (c Channels) MarkAllRead(ctx context.Context, a Actor, until time.Time) (batch ID, err error) {
	if a.ID == 0 || a.Session == 0 {
		return 0, errSignedOut
	}
	memberships, err := c.memberships(ctx, a.ID)
	if err != nil {
		return 0, err
	}
	var channels []ID
	to := make(map[ID]int64)
	var marks []readTo
	c.behind(a, memberships, func(ch *cachedChannel, m *membershipRow) {
		channels, marks = append(channels, ch.ID), append(marks, readTo{ch.ID, m.readSeq, ch.lastSeq.Load()})
	})
	seen, err := c.visibleAmong(ctx, a, channels)
	if err != nil {
		return 0, err
	}
	marks = slices.DeleteFunc(marks, func(m readTo) bool { return seen[m.feed] == nil })
	threads, err := c.readUntil(ctx, a, marks, until)
	if err != nil {
		return 0, err
	}
	for _, m := range marks {
		to[m.feed] = m.to
	}
	return c.markBatch(ctx, a, func(ctx context.Context, tx *sqlite.Tx, b *readBatch) (err error) {
		if b.marks, err = raiseReads(ctx, tx, b.id, a.ID, to); err != nil {
			return err
		}
		if err := readThreads(ctx, tx, b.id, a.ID, until); err != nil {
			return err
		}
		for _, m := range threads {
			if err := readThread(ctx, tx, b.id, a.ID, m.feed, m.to); err != nil {
				return err
			}
		}
		return nil
	})
}

// MarkReadTo marks the channel or thread at an address as read up to seq; 0: up to its newest
// message. What others wrote later stays unread. It returns the batch for UndoRead; 0 if nothing was marked.
func (c Channels) MarkReadTo(ctx context.Context, a Actor, address string, seq int64) (batch ID, err error) {
	ch, err := c.authorizeFeed(ctx, a, address)
	if err != nil || ch.ID == 0 {
		return 0, err
	}
	newest := ch.lastSeq.Load()
	if seq <= 0 {
		seq = newest
	}
	if seq, err = pastOwn(ctx, c.db, ch.ID, a.ID, seq, newest); err != nil {
		return 0, err
	}
	return c.markBatch(ctx, a, func(ctx context.Context, tx *sqlite.Tx, b *readBatch) error {
		if _, err := c.stillAccess(ctx, tx, a, ch); err != nil {
			return err
		}
		if ch.parent != nil {
			return readThread(ctx, tx, b.id, a.ID, ch.ID, seq)
		}
		var err error
		b.marks, err = raiseReads(ctx, tx, b.id, a.ID, map[ID]int64{ch.ID: seq})
		return err
	})
}

// markBatch marks channels and threads of the actor as read, in place of the batch that they could undo before.
func (c *core) markBatch(ctx context.Context, a Actor,
	mark func(context.Context, *sqlite.Tx, *readBatch) error) (ID, error) {
	b, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (*readBatch, error) {
		if _, err := stillActor(ctx, tx, a); err != nil {
			return nil, err
		}
		b := &readBatch{id: NewID()}
		if err := mark(ctx, tx, b); err != nil {
			return nil, err
		}
		some, err := replaceUndo(ctx, tx, b.id, a.ID)
		if !some {
			b.id = 0
		}
		return b, err
	}, func(b *readBatch) {
		for channel, mark := range b.marks {
			c.hub.read(a.ID, channel, mark)
		}
		c.hub.threadsChanged(a.ID)
	})
	if err != nil {
		return 0, err
	}
	return b.id, nil
}

var errNoUndo = Errorf(CodeNotFound,
	"This cannot be undone any more: only what you marked as read last can, for an hour.")

// UndoRead puts the actor's read marks of a batch back to where they were before. It fails with CodeNotFound unless it
// is the actor's last batch, of the last hour, and not undone.
func (c Channels) UndoRead(ctx context.Context, a Actor, batch ID) error {
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		rev, err := nextMembershipRev(ctx, tx)
		if err != nil {
			return err
		}
		some, err := undoReads(ctx, tx, batch, a.ID, rev)
		if err == nil && !some {
			err = errNoUndo
		}
		return err
	}, func() {
		c.hub.membersChanged()
		c.hub.threadsChanged(a.ID)
	})
}
