package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// newThreadFeed returns a thread of a channel as it is in memory.
func newThreadFeed(in *cachedChannel, t threadRow) *cachedChannel {
	ch := &cachedChannel{ID: t.id, CreatedAt: t.createdAt, index: -1, parent: in, root: t.root}
	ch.info.Store(in.info.Load())
	ch.advance(t.lastSeq, t.lastRev, t.lastAt)
	return ch
}

// gate returns the channel that decides who may see and do what: a thread's channel, or the channel itself.
func (ch *cachedChannel) gate() *cachedChannel {
	if ch.parent != nil {
		return ch.parent
	}
	return ch
}

// ref returns the thread that it is; zero for a channel.
func (ch *cachedChannel) ref() ThreadRef {
	if ch.parent == nil {
		return ThreadRef{}
	}
	return ThreadRef{Channel: ch.parent.ID, Root: ch.root}
}

// address returns the address of a feed: see ThreadAddress.
func (ch *cachedChannel) address() string {
	if ch.parent == nil {
		return ch.slug()
	}
	return ThreadAddress(ch.slug(), ch.root)
}

// threadFeed returns a thread of a channel: the one that its room has, if it is warm.
func (h *hub) threadFeed(in *cachedChannel, t threadRow) *cachedChannel {
	h.mu.Lock()
	r := h.rooms[t.id]
	h.mu.Unlock()
	if r == nil || t.id == 0 {
		return newThreadFeed(in, t)
	}
	r.ch.advance(t.lastSeq, t.lastRev, t.lastAt)
	return r.ch
}

// accessFeed is access for an address.
func (c *core) accessFeed(ctx context.Context, a Actor, address string) (Access, error) {
	slug, root := cutThread(address)
	acc, err := c.access(ctx, a, slug)
	if err != nil || root == 0 {
		return acc, err
	}
	return c.inThread(ctx, acc, root)
}

// accessFeedToPost is accessToPost for an address.
func (c *core) accessFeedToPost(ctx context.Context, a Actor, address string) (Access, error) {
	slug, root := cutThread(address)
	acc, err := c.accessToPost(ctx, a, slug)
	if err != nil || root == 0 {
		return acc, err
	}
	return c.inThread(ctx, acc, root)
}

// authorizeFeed is authorize for an address.
func (c *core) authorizeFeed(ctx context.Context, a Actor, address string) (*cachedChannel, error) {
	slug, root := cutThread(address)
	ch, err := c.authorize(ctx, a, slug)
	if err != nil || root == 0 {
		return ch, err
	}
	acc, err := c.inThread(ctx, Access{User: a.ID, cached: ch}, root)
	return acc.cached, err
}

// inThread returns the access to a channel as the access to the thread of the message at root, with what the user has
// read of it. A thread that has not begun has the ID 0. It fails with CodeNotFound if there is no such message, or only
// its tombstone, and for a line, to which nobody replies.
func (c *core) inThread(ctx context.Context, acc Access, root int64) (Access, error) {
	t, err := threadOf(ctx, c.db, acc.cached.ID, root, acc.User)
	if err != nil {
		return Access{}, err
	}
	if t.id == 0 {
		m, _, err := bareMessageAt(ctx, c.db, acc.cached, root)
		if err != nil {
			return Access{}, err
		}
		if m.Broadcast.Seq != 0 { // an answer to a reply belongs into its thread
			in, _, _, err := broadcastReply(ctx, c.db, acc.cached.ID, root)
			if err != nil {
				return Access{}, err
			}
			return c.inThread(ctx, acc, in.root)
		}
		if m.Deleted() || m.Pins != 0 {
			return Access{}, errNotFound
		}
		t.root = root
	}
	acc.cached = c.hub.threadFeed(acc.cached, t)
	acc.readSeq, acc.readKnown, acc.following = 0, true, t.following
	if t.following { // else what the user reads is not recorded, and the mark is of an earlier time
		acc.readSeq = t.readSeq
	}
	return acc, nil
}

// feedByID returns a channel or a thread; nil if there is none, or its channel was deleted.
func (c *core) feedByID(ctx context.Context, id ID) (*cachedChannel, error) {
	if ch := c.hub.channels.byIDWithDeleted(id); ch != nil {
		return c.hub.channels.byID(id), nil
	}
	t, err := threadByID(ctx, c.db, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	in := c.hub.channels.byID(t.channel)
	if err != nil || in == nil {
		return nil, err
	}
	return c.hub.threadFeed(in, t), nil
}

// beginThread returns the thread of a message, which begins if it has not yet. No cache depends on that.
func (c *core) beginThread(ctx context.Context, a Actor, in *cachedChannel, root int64) (*cachedChannel, error) {
	t, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (threadRow, error) {
		acc, err := c.stillAccess(ctx, tx, a, in)
		if err != nil {
			return threadRow{}, err
		}
		if refusal := acc.ReactRefusal(); refusal != nil {
			return threadRow{}, refusal
		}
		m, _, err := bareMessageAt(ctx, tx, in, root)
		if err != nil {
			return threadRow{}, err
		}
		return insertThread(ctx, tx, m)
	}, nil)
	if err != nil {
		return nil, err
	}
	return c.hub.threadFeed(in, t), nil
}

// findMessage returns where a message is kept that the actor sees at an address.
func (c *core) findMessage(ctx context.Context, a Actor, address string, seq int64) (located, error) {
	ch, err := c.authorizeFeed(ctx, a, address)
	if err != nil {
		return located{}, err
	}
	return c.original(ctx, ch, seq)
}

// visibleFeeds is visibleAmong for channels and threads.
func (c *core) visibleFeeds(ctx context.Context, a Actor, feeds []ID) (map[ID]*cachedChannel, error) {
	var channels, others []ID
	for _, id := range feeds {
		if c.hub.channels.byIDWithDeleted(id) != nil {
			channels = append(channels, id)
		} else {
			others = append(others, id)
		}
	}
	threads, err := threadsByID(ctx, c.db, others)
	if err != nil {
		return nil, err
	}
	for _, t := range threads {
		channels = append(channels, t.channel)
	}
	seen, err := c.visibleAmong(ctx, a, channels)
	for _, t := range threads {
		if in := seen[t.channel]; in != nil {
			seen[t.id] = c.hub.threadFeed(in, t)
		}
	}
	return seen, err
}

// original returns where a message is kept: at the address, or for a broadcast as the reply that it shows.
func (c *core) original(ctx context.Context, ch *cachedChannel, seq int64) (at located, err error) {
	at = located{ch: ch, seq: seq}
	if ch.parent != nil {
		return at, nil
	}
	t, n, rev, err := broadcastReply(ctx, c.db, ch.ID, seq)
	if err != nil || n == 0 {
		return at, err
	}
	at = located{ch: c.hub.threadFeed(ch, t), seq: n, shown: seq, shownRev: rev}
	at.of, err = authorAt(ctx, c.db, ch.ID, t.root)
	return at, err
}

// located is where a message is kept.
type located struct {
	ch  *cachedChannel
	seq int64

	// of a reply that was named by the row of the channel that shows it: that row, and the root's author
	shown, shownRev int64
	of              User
}
