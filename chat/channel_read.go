package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// readMark is how far a user has read a channel. It moves forward, and back only by MarkUnread, each time with a larger
// unreadRev: news of marks come late and out of order, from commits, refreshes and other nodes, and so a read from
// before cannot undo it.
type readMark struct {
	readSeq   int64 // the newest message that the user has read
	unreadRev int64 // the membership's rev when the mark last moved back; 0: never
}

// newer reports whether the mark replaces another one of the same membership.
func (m readMark) newer(than readMark) bool {
	if m.unreadRev != than.unreadRev {
		return m.unreadRev > than.unreadRev
	}
	return m.readSeq > than.readSeq
}

// MarkRead records that the actor has read the channel up to seq. It never moves back.
func (c Channels) MarkRead(ctx context.Context, a Actor, slug string, seq int64) error {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return err
	}
	return c.markRead(ctx, a, ch, seq)
}

func (c *core) markRead(ctx context.Context, a Actor, ch *cachedChannel, seq int64) error {
	if ch.parent != nil {
		return c.markThreadRead(ctx, a, ch, seq)
	}
	seq = min(seq, ch.lastSeq.Load())
	memberships, err := c.memberships(ctx, a.ID)
	if err != nil || seq <= memberships[ch.ID].readSeq {
		return err
	}
	return bestEffortValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (readMark, error) {
		return raiseRead(ctx, tx, ch.ID, a.ID, seq)
	}, func(mark readMark) { c.hub.read(a.ID, ch.ID, mark) })
}

// MarkUnread moves the actor's read mark back to before the message at seq, on all their pages; it never moves it
// forward. It fails with CodeNotFound for a message that is not there any more. A page that shows the channel's end
// must not mark it as read again before the user has turned to it anew: see Update.Mark.
func (c Channels) MarkUnread(ctx context.Context, a Actor, slug string, seq int64) error {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return err
	}
	m, err := c.message(ctx, ch, seq)
	if err != nil {
		return err
	}
	if m.Deleted() {
		return errNotFound
	}
	return c.actIn(ctx, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, _ Access) error {
		return lowerRead(ctx, tx, ch.ID, a.ID, seq-1)
	}, c.hub.membersChanged)
}

// Mark is a read mark that has moved back, for a page of its channel. Rev is larger each time.
type Mark struct{ Seq, Rev int64 }

// mark returns the mark of the page's channel; nil when it never moved back.
func (l *Subscription) mark(ctx context.Context) (*Mark, error) {
	memberships, err := l.chat.memberships(ctx, l.actor.ID)
	m := memberships[l.channel]
	if err != nil || m.unreadRev == 0 {
		return nil, err
	}
	return &Mark{Seq: m.readSeq, Rev: m.unreadRev}, nil
}

// MarkRead records that the reader has seen the page's channel up to seq. All their open pages show it. known is the
// rev of the last Mark that the page was sent, 0 for none, and -1 if it does not say: a report that was made before the
// channel was marked as unread, and arrives after, does not undo that.
func (l *Subscription) MarkRead(ctx context.Context, seq, known int64) error {
	if l.room == nil {
		return nil
	}
	ch, err := l.chat.authorizeByID(ctx, l.actor, l.channel)
	if err != nil {
		return err
	}
	if known >= 0 {
		memberships, err := l.chat.memberships(ctx, l.actor.ID)
		if err != nil || memberships[l.channel].unreadRev > known {
			return err
		}
	}
	return l.chat.markRead(ctx, l.actor, ch, seq)
}
