package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// maxUnreadThreads is how many threads with unread replies are counted for a user: the newest ones.
const maxUnreadThreads = 200

// ThreadCount is the number of unread replies in a thread that a user follows.
type ThreadCount struct {
	ThreadRef
	Unread int64

	id                       ID
	readSeq, lastSeq, lastAt int64
}

// UnreadThreads returns the threads that the actor follows, sees and has not read to the end, the newest first, at most
// maxUnreadThreads.
func (c Threads) UnreadThreads(ctx context.Context, a Actor) ([]ThreadCount, error) {
	if a.ID == 0 {
		return nil, errSignedOut
	}
	list, err := c.caches.threads.get(a.ID, func() ([]ThreadCount, error) { return selectUnreadThreads(ctx, c.db, a.ID) })
	if err != nil {
		return nil, err
	}
	return c.visibleThreads(ctx, a, list)
}

// FollowedThread is a thread that a user follows, as the list of these has it.
type FollowedThread struct {
	Channel Channel
	Root    Row // of the message that it is about, as it is now
	Unread  int64
}

// maxFollowed is how many of the threads that they follow a user finds in the list: the newest ones.
const maxFollowed = 500

// List returns a page of the threads that the actor follows and sees, those with the newest replies first.
func (c Threads) List(ctx context.Context, a Actor, page int) (List[FollowedThread], error) {
	if a.ID == 0 || a.Session == 0 {
		return List[FollowedThread]{}, errSignedOut
	}
	all, err := selectFollowed(ctx, c.db, a.ID)
	if err != nil {
		return List[FollowedThread]{}, err
	}
	if all, err = c.visibleThreads(ctx, a, all); err != nil {
		return List[FollowedThread]{}, err
	}
	found := paginate(ListQuery{Page: page}.clean(), all)
	t := List[FollowedThread]{ListQuery: found.ListQuery, Total: found.Total}
	t.Rows, err = c.readFollowed(ctx, a, found.Rows)
	return t, err
}

// readFollowed returns threads with their channels and roots, but for those of channels that were deleted a moment ago.
func (c *core) readFollowed(ctx context.Context, a Actor, threads []ThreadCount) (list []FollowedThread, err error) {
	var chosen chosenMessages
	for _, n := range threads {
		if ch := c.hub.channels.byID(n.Channel); ch != nil {
			chosen.add(ch, n.Root)
		}
	}
	c.hub.messageQueries.Add(1)
	if err := c.db.Snapshot(ctx, func(q sqlite.Querier) error { return chosen.load(ctx, q) }); err != nil {
		return nil, err
	}
	var channels []*cachedChannel
	var roots []Message
	for _, n := range threads {
		if root, found := chosen.get(n.Channel, n.Root); found {
			channels, roots = append(channels, chosen.in[n.Channel]), append(roots, root)
			list = append(list, FollowedThread{Unread: n.Unread})
		}
	}
	shown, err := c.channelsFor(ctx, a, channels)
	for i, row := range c.hub.renderAll(roots) {
		list[i].Channel, list[i].Root = shown[channels[i].ID], row
	}
	return list, err
}

// visibleThreads returns those of the threads whose channels the actor sees.
func (c *core) visibleThreads(ctx context.Context, a Actor, list []ThreadCount) ([]ThreadCount, error) {
	if len(list) == 0 {
		return nil, nil
	}
	channels := make([]ID, len(list))
	for i, t := range list {
		channels[i] = t.Channel
	}
	seen, err := c.visibleAmong(ctx, a, channels)
	visible := make([]ThreadCount, 0, len(list))
	for _, t := range list {
		if seen[t.Channel] != nil {
			visible = append(visible, t)
		}
	}
	return visible, err
}

// countedThreads reads the threads that a user follows, as scanThreadCount reads them, with unread replies or without.
// Those of channels that the user has lost are not among them: they would take the place of others. Who of the others
// may still not see a channel, as a guest or by a ban, is for the caller to find out.
const countedThreads = `SELECT channel_id, seq, unread, id, read_seq, last_seq, last_at FROM (
		SELECT t.channel_id, t.seq, t.id, f.read_seq, t.last_seq, t.last_at,
			t.last_seq - f.read_seq - (SELECT count(*) FROM messages d
			WHERE d.channel_id = t.id AND d.seq > f.read_seq AND d.deleted_at > 0) AS unread
		FROM thread_followers f JOIN threads t ON t.id = f.thread_id JOIN channels c ON c.id = t.channel_id
		WHERE f.user_id = $1 AND f.following AND t.last_seq >= f.read_seq + $2 AND t.last_seq > 0 AND c.deleted_at = 0
			AND (c.kind = 'public' OR EXISTS (SELECT 1 FROM memberships m
				WHERE m.channel_id = c.id AND m.user_id = f.user_id AND m.state = 'joined'))
	) AS counted WHERE unread >= $2 ORDER BY last_at DESC, seq DESC LIMIT $3`

func scanThreadCount(row sqlite.Scanner) (t ThreadCount, err error) {
	err = row.Scan(&t.Channel, &t.Root, &t.Unread, &t.id, &t.readSeq, &t.lastSeq, &t.lastAt)
	return t, err
}

// selectFollowed returns the threads that a user follows, of any channels.
func selectFollowed(ctx context.Context, q sqlite.Querier, user ID) ([]ThreadCount, error) {
	return sqlite.Collect(ctx, q, scanThreadCount, countedThreads, user, 0, maxFollowed)
}

// selectUnreadThreads returns the threads that a user follows and has not read to the end, of any channels.
func selectUnreadThreads(ctx context.Context, q sqlite.Querier, user ID) ([]ThreadCount, error) {
	return sqlite.Collect(ctx, q, scanThreadCount, countedThreads, user, 1, maxUnreadThreads)
}

// selectFollowers returns who follows a thread.
func selectFollowers(ctx context.Context, q sqlite.Querier, thread ID) ([]ID, error) {
	return sqlite.Collect(ctx, q, scanID, `SELECT user_id FROM thread_followers WHERE thread_id = $1 AND following`,
		thread)
}

// notifyFollowers updates the pages of those who follow a thread that has changed.
func (h *hub) notifyFollowers(ctx context.Context, thread ID) error {
	people, err := selectFollowers(ctx, h.chat.db, thread)
	for _, id := range people {
		h.threadsChanged(id)
	}
	return err
}

// threadsChanged updates the counts of unread replies on a user's pages.
func (h *hub) threadsChanged(user ID) {
	h.chat.caches.threads.forget(user)
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.people[user]; p != nil {
		for l := range p.subscriptions {
			l.notify(func() { l.threads = true })
		}
	}
}

// markThreadRead records that the actor has read a thread up to seq. It never moves back. Only for those who follow a
// thread it is recorded.
func (c *core) markThreadRead(ctx context.Context, a Actor, ch *cachedChannel, seq int64) error {
	t, err := threadOf(ctx, c.db, ch.parent.ID, ch.root, a.ID)
	if seq = min(seq, t.lastSeq); err != nil || seq <= t.readSeq || !t.following {
		return err
	}
	return c.writer.bestEffort(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE thread_followers SET read_seq = $1
			WHERE thread_id = $2 AND user_id = $3 AND read_seq < $1`, seq, ch.ID, a.ID)
		return err
	}, func() { c.hub.threadsChanged(a.ID) })
}
