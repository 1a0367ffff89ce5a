package chat

import (
	"context"
	"slices"

	"chitchat/chat/feed"
	"chitchat/chat/sqlite"
)

// Numbers of messages on one page of a channel's history.
const (
	historyPage = 50
	aroundPage  = 25 // on either side of a permalink's message
)

// MessagePage is a range of a channel's messages, oldest row first.
type MessagePage struct {
	Channel    Channel
	Rows       []Row // must not be changed
	Ring       *Ring // the source of Rows when they are the newest; nil on a page of the history
	ReadSeq    int64 // the newest message that the actor had read before this page
	MarkRev    int64 // of the actor's last Mark in the channel; 0: none
	Access     Access
	Thread     *ThreadView // of a thread: LastSeq and LastRev of Channel are the thread's
	Members    int         // number of members of the channel
	Epoch      string      // names this history: a page of another epoch cannot be caught up, only rendered anew
	ProfileRev int64       // the profile rev up to which the rows show all profiles
	Older      bool        // there are messages before the first row, or before its place if there are no rows
	Newer      bool        // there are messages after the last row, or after its place if there are no rows
}

// View opens a channel at its newest messages: it marks all as read, and the channel becomes the actor's last one. For
// a warm channel it makes no message query and renders no row.
func (c Messages) View(ctx context.Context, a Actor, slug string) (MessagePage, error) {
	p, ch, err := c.newest(ctx, a, slug)
	if err != nil {
		return MessagePage{}, err
	}
	return p, c.recordVisit(ctx, a, ch, p.Channel.LastSeq, p.ReadSeq)
}

// Peek is View without marking anything.
func (c Messages) Peek(ctx context.Context, a Actor, slug string) (MessagePage, error) {
	p, _, err := c.newest(ctx, a, slug)
	return p, err
}

func (c *core) newest(ctx context.Context, a Actor, slug string) (MessagePage, *cachedChannel, error) {
	acc, err := c.accessFeed(ctx, a, slug)
	if err != nil {
		return MessagePage{}, nil, err
	}
	ch := acc.cached
	p, err := c.page(ctx, a, acc)
	if err != nil {
		return MessagePage{}, nil, err
	}
	if ch.ID == 0 { // a thread that has not begun
		p.Ring = new(Ring)
	} else {
		r := c.hub.pin(ch)
		defer c.hub.unpin(r)
		if p.Ring, err = r.Newest(ctx); err != nil {
			return MessagePage{}, nil, err
		}
	}
	p.Rows, p.Channel.LastRev = p.Ring.Rows, p.Ring.Rev
	p.Channel.LastSeq = 0
	if len(p.Rows) > 0 {
		p.Channel.LastSeq = p.Rows[len(p.Rows)-1].Seq
	}
	p.Older = len(p.Rows) > 0 && p.Rows[0].Seq > 1
	return p, ch, nil
}

// renewal returns the page for a subscription that is too far behind, which continues from its rows.
func (c *core) renewal(ctx context.Context, l *Subscription) (MessagePage, error) {
	return c.messages.Peek(ctx, l.actor, l.room.ch.slug())
}

// page begins a page: it reads the counters before the rows are read, so that the rows are at least as new.
func (c *core) page(ctx context.Context, a Actor, acc Access) (p MessagePage, err error) {
	p = MessagePage{Access: acc, Epoch: c.epoch, ProfileRev: c.hub.profileRev.Load()}
	if p.ReadSeq, p.MarkRev = acc.readSeq, acc.unreadRev; !acc.readKnown {
		memberships, err := c.memberships(ctx, a.ID)
		if err != nil {
			return MessagePage{}, err
		}
		mark := memberships[acc.cached.ID].readMark
		p.ReadSeq, p.MarkRev = mark.readSeq, mark.unreadRev
	}
	gate := acc.cached.gate()
	if p.Channel, err = c.channelFor(ctx, a, gate); err != nil {
		return MessagePage{}, err
	}
	if p.Members, err = c.memberCount(ctx, gate); err != nil || acc.cached == gate {
		return p, err
	}
	p.Channel.LastSeq, p.Channel.LastRev = acc.cached.lastSeq.Load(), acc.cached.lastRev.Load()
	p.Thread = &ThreadView{ID: acc.cached.ID, ThreadRef: acc.cached.ref(), Following: acc.following}
	p.Thread.RootRow, err = c.threadRoot(ctx, acc.cached)
	return p, err
}

// Before returns the page of messages before seq.
func (c Messages) Before(ctx context.Context, a Actor, slug string, seq int64) (MessagePage, error) {
	return c.history(ctx, a, slug, seq, func(ch *cachedChannel) ([]Message, int, error) {
		list, err := c.selectHistory(ctx, ch, messagesBefore, seq, historyPage)
		slices.Reverse(list)
		return list, max(0, len(list)-1), err
	})
}

// After returns the page of messages after seq.
func (c Messages) After(ctx context.Context, a Actor, slug string, seq int64) (MessagePage, error) {
	return c.history(ctx, a, slug, seq, func(ch *cachedChannel) ([]Message, int, error) {
		list, err := c.selectHistory(ctx, ch, messagesAfter, seq, historyPage)
		return list, 0, err
	})
}

// Around returns the message at seq with its neighbours; it fails with CodeNotFound when there is no such message. The
// channel becomes the actor's last one, but nothing is marked as read.
func (c Messages) Around(ctx context.Context, a Actor, slug string, seq int64) (MessagePage, error) {
	p, err := c.history(ctx, a, slug, seq, func(ch *cachedChannel) (list []Message, at int, err error) {
		err = c.db.Snapshot(ctx, func(q sqlite.Querier) error {
			before, err := messages(ctx, q, ch, messagesBefore, seq, aroundPage)
			if err != nil {
				return err
			}
			slices.Reverse(before)
			after, err := messages(ctx, q, ch, messagesAfter, seq-1, aroundPage+1)
			if err == nil && (len(after) == 0 || after[0].Seq != seq) {
				err = errNotFound
			}
			list, at = append(before, after...), len(before)
			return err
		})
		return list, at, err
	})
	if err != nil {
		return MessagePage{}, err
	}
	ch := c.hub.channels.byID(p.Channel.ID)
	if ch == nil { // it was deleted a moment ago
		return MessagePage{}, errNotFound
	}
	return p, c.recordVisit(ctx, a, ch, 0, p.ReadSeq)
}

// history reads a range from the database. at is the requested position, for an empty range. read also returns the
// index of the message that must be on the page if not all fit.
func (c *core) history(ctx context.Context, a Actor, slug string, at int64,
	read func(*cachedChannel) ([]Message, int, error)) (MessagePage, error) {
	acc, err := c.accessFeed(ctx, a, slug)
	if err != nil {
		return MessagePage{}, err
	}
	p, err := c.page(ctx, a, acc)
	if err != nil {
		return MessagePage{}, err
	}
	c.hub.messageQueries.Add(1)
	list, pivot, err := read(acc.cached)
	if err != nil {
		return MessagePage{}, err
	}
	list, pivot = c.hub.fitMessages(list, pivot)
	p.Rows = feed.FitRows(c.hub.renderAll(list), pivot)
	if len(p.Rows) > 0 {
		p.Older = p.Rows[0].Seq > 1
		p.Newer = p.Rows[len(p.Rows)-1].Seq < p.Channel.LastSeq
	} else {
		p.Older = p.Channel.LastSeq > 0 && at > p.Channel.LastSeq-1
		p.Newer = p.Channel.LastSeq > 0 && !p.Older
	}
	return p, nil
}
