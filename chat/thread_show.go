package chat

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// repliesDelay is how long a root waits for more replies before it shows them: a lively thread costs its channel a row
// at each such time, and not at each reply.
const repliesDelay = 250 * time.Millisecond

// maxOutdatedAtOnce is the number of roots that are brought up to date at the start, or once an hour, in one go: those
// whose replies were posted just before the program ended.
const maxOutdatedAtOnce = 1000

// add counts an author of a thread's last replies, which come the latest first.
func (r *Replies) add(user ID, at time.Time) {
	if r.LastAt.IsZero() {
		r.LastAt = at
	}
	if len(r.People) < maxRepliers && !slices.ContainsFunc(r.People, func(u User) bool { return u.ID == user }) {
		r.People = append(r.People, User{ID: user})
	}
}

// threadChanged schedules what follows a change of a thread: its root shows it, if this node has made it, and the pages
// of those who follow it count it.
func (h *hub) threadChanged(thread ID) {
	h.chat.caches.threads.forgetAll()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.changedThreads == nil {
		h.changedThreads = make(map[ID]struct{})
		h.after(repliesDelay, h.showThreads)
	}
	h.changedThreads[thread] = struct{}{}
}

// showThreads does what threadChanged has scheduled.
func (h *hub) showThreads() {
	h.mu.Lock()
	threads := slices.Sorted(maps.Keys(h.changedThreads))
	h.changedThreads = nil
	h.mu.Unlock()
	for _, id := range threads {
		ctx := h.chat.background
		if err := errors.Join(h.chat.showReplies(ctx, id), h.notifyFollowers(ctx, id)); err != nil && ctx.Err() == nil {
			h.chat.options.Log.Error("showing replies", "thread", id, "error", err)
		}
	}
}

// showReplies makes the root of a thread show how many replies there are. Idempotent.
func (c *core) showReplies(ctx context.Context, thread ID) error {
	_, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (*changedMessage, error) {
		t, err := threadByID(ctx, tx, thread)
		if errors.Is(err, sql.ErrNoRows) || err == nil && t.shownRev == t.lastRev {
			return new(changedMessage), nil
		}
		if err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, `UPDATE threads SET shown_rev = last_rev WHERE id = $1`, thread)
		in := c.hub.channels.byID(t.channel)
		if err != nil || in == nil {
			return new(changedMessage), err
		}
		return showRepliesIn(ctx, tx, in, t)
	}, func(result *changedMessage) {
		if result.changed {
			result.publish(c.hub, located{ch: c.hub.channels.byIDWithDeleted(result.message.ChannelID)})
		}
	})
	return err
}

// showRepliesIn is showReplies in its transaction.
func showRepliesIn(ctx context.Context, tx *sqlite.Tx, in *cachedChannel, t threadRow) (*changedMessage, error) {
	m, err := messageAt(ctx, tx, in, t.root)
	if err != nil {
		return nil, err
	}
	now, err := selectReplies(ctx, tx, t)
	if err != nil || now.stored() == m.Replies.stored() {
		return new(changedMessage), err
	}
	m.Replies = now
	err = setReplies(ctx, tx, &m)
	return &changedMessage{message: m, changed: true}, err
}

// showMissedReplies brings the roots up to date whose threads changed just before the program ended.
func (c *core) showMissedReplies(ctx context.Context) error {
	threads, err := outdatedThreads(ctx, c.db, maxOutdatedAtOnce)
	for _, id := range threads {
		err = errors.Join(err, c.showReplies(ctx, id))
	}
	return err
}

// readRepliers caches the profiles of those who replied last, for nameRepliers: all of a page's at once, and mostly
// they are cached already.
func (h *hub) readRepliers(list []Message) {
	var people []ID
	for i := range list {
		for _, u := range list[i].Replies.People {
			people = append(people, u.ID)
		}
	}
	if missing := h.profiles.missing(people); len(missing) > 0 {
		users, err := usersByID(h.chat.background, h.chat.db, missing)
		if err != nil && h.chat.background.Err() == nil {
			h.chat.options.Log.Error("reading who replied", "error", err) // their names are missing
		}
		h.profiles.cache(users)
	}
}

// nameRepliers gives the authors of the last replies their profiles, and returns their IDs: what the row depends on.
func (h *hub) nameRepliers(m *Message) (named []int64) {
	m.Replies.People = slices.Clone(m.Replies.People) // the caller's stay as they are
	for i := range m.Replies.People {
		m.Replies.People[i] = h.profiles.get(m.Replies.People[i])
		named = append(named, int64(m.Replies.People[i].ID))
	}
	return named
}
