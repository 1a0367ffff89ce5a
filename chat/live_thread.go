package chat

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"chitchat/chat/feed"
)

// A page may show a thread beside its channel. Its subscription then is in two feeds, whose rows it sends alike: the
// page places a row by its ID. What a page may no longer see it loses with the channel.

// threadFeed is the place of a subscription in a thread's feed.
type threadFeed struct {
	page   *Subscription
	room   *room
	inFeed feed.Subscription
	begun  atomic.Bool // the page has what it missed
}

// Missed implements feed.Sink.
func (t *threadFeed) Missed(rows []Row) {
	t.page.notify(func() { t.page.rows, t.page.begins = append(t.page.rows, rows...), t })
}

// Send implements feed.Sink.
func (t *threadFeed) Send(frame []byte) bool { return t.page.send(frame) }

// Slow implements feed.Sink.
func (t *threadFeed) Slow() { t.page.end(CloseSlow) }

// ShowThread makes the page show the thread of a message in its channel, from at.ThreadRev on; at.Thread 0: no thread.
// The thread that it showed before gets no more updates. Where there is no such message it does nothing else. Calls
// must not overlap.
func (l *Subscription) ShowThread(ctx context.Context, at Cursor) error {
	l.leaveThread()
	if at.Thread == 0 || l.room == nil {
		return nil
	}
	c := l.chat
	acc, err := c.accessIn(ctx, l.actor, l.room.ch)
	if err != nil {
		return err
	}
	acc, err = c.inThread(ctx, acc, at.Thread)
	if ErrorCode(err) == CodeNotFound && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	ch := acc.cached
	if ch.ID == 0 {
		if acc.ReactRefusal() != nil {
			return nil // nobody can begin it now; the page asks again when it connects
		}
		if ch, err = c.beginThread(ctx, l.actor, ch.parent, ch.root); err != nil {
			return err
		}
	}
	t := &threadFeed{page: l, room: c.hub.pin(ch)}
	t.inFeed.Open(t)
	l.thread.Store(t)
	since := at.ThreadRev
	if at.Epoch != c.epoch {
		since = -feed.MaxBehind - 1
	}
	caughtUp, err := t.room.Attach(ctx, &t.inFeed, since)
	if l.Reason() != 0 || l.left.Load() { // meanwhile
		t.inFeed.End()
		t.room.Remove(&t.inFeed)
	}
	if err == nil && !caughtUp {
		l.notify(func() { l.renewed, l.begins = t, t })
	}
	return err
}

// leaveThread ends the updates of the thread that the page shows.
func (l *Subscription) leaveThread() {
	if t := l.thread.Swap(nil); t != nil {
		t.inFeed.End()
		t.room.Remove(&t.inFeed)
		l.chat.hub.unpin(t.room)
	}
}

// MarkThreadRead records that the reader has seen the page's thread up to seq.
func (l *Subscription) MarkThreadRead(ctx context.Context, seq int64) error {
	t := l.thread.Load()
	if t == nil {
		return nil
	}
	if _, err := l.chat.authorizeByID(ctx, l.actor, l.channel); err != nil {
		return err
	}
	return l.chat.markThreadRead(ctx, l.actor, t.room.ch, seq)
}

// onRemoteThread handles the news that another node has changed a thread. The other node makes its root show it.
func (h *hub) onRemoteThread(thread ID, rev int64) {
	h.mu.Lock()
	r := h.rooms[thread]
	h.mu.Unlock()
	if r != nil {
		r.Signal(rev)
	}
	h.threadChanged(thread)
}

// threadMemory is how long before the last look a thread may have changed that was committed after it.
const threadMemory = 10 * time.Second

// reconcileThreads finds the threads that other nodes have changed, in case an event was lost.
func (h *hub) reconcileThreads(ctx context.Context) error {
	h.mu.Lock()
	warm := make([]ID, 0, len(h.threads))
	for _, r := range h.threads {
		warm = append(warm, r.ch.ID)
	}
	h.mu.Unlock()
	revs, err := threadRevs(ctx, h.chat.db, warm, h.chat.now().Add(-threadMemory))
	if err != nil {
		return err
	}
	h.mu.Lock()
	before := h.threadRevs
	h.threadRevs = revs
	h.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(revs)) {
		if before[id] < revs[id] {
			h.onRemoteThread(id, revs[id])
		}
	}
	return nil
}
