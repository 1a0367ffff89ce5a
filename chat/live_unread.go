package chat

import (
	"container/list"
	"context"
	"maps"
	"slices"
	"time"
)

// Unread counts differ by user: each update is a frame of its own. So that rows never wait behind them, and that they
// cost some hundredths of a core however many pages are open and channels grow, pages are updated in laps, a few at
// each step.
const (
	unreadDelay = 200 * time.Millisecond // from the first message to the first page that is updated, and the shortest lap
	unreadStep  = 50 * time.Millisecond
	unreadPause = 2 * time.Millisecond  // what each open page adds to a lap
	unreadEntry = 25 * time.Microsecond // and what it adds for each channel that has grown since the previous lap began
	unreadBunch = 32                    // minimum number of pages of a step

	// A count that the page shows already can only grow: its update may wait for some laps. So may that of the channel
	// that the page shows, which is probably being read: at least until a browser has reported that.
	growthLaps      = 3
	unreadHereDelay = 800 * time.Millisecond
)

// growth records which channels have grown, and which pages show it. It is guarded by hub.mu.
type growth struct {
	clock  uint64     // counts messages and events about them
	recent *list.List // of *cachedChannel: those that have grown, latest first
	pages  []*Subscription

	walking bool   // a timer will look at the pages
	next    int    // the index of the next page to look at
	lap     uint64 // the clock at the start of the lap, and of the previous one
	before  uint64
	begun   time.Time
	spread  time.Duration // the duration of the lap beyond the shortest
	owed    bool          // an update was left for a later lap
}

// pace sets the duration of the lap by the expected work.
func (g *growth) pace() {
	grown := 0
	for e := g.recent.Front(); e != nil && e.Value.(*cachedChannel).grown > g.before; e = e.Next() {
		grown++
	}
	g.spread = time.Duration(len(g.pages)) * (unreadPause + time.Duration(grown)*unreadEntry)
}

func (g *growth) enter(l *Subscription) {
	l.page = len(g.pages)
	g.pages = append(g.pages, l)
}

func (g *growth) leave(l *Subscription) {
	last := len(g.pages) - 1
	g.pages[l.page] = g.pages[last]
	g.pages[l.page].page = l.page
	g.pages[last] = nil
	g.pages = g.pages[:last]
	g.owed = true // the page that has moved may have been skipped
}

// markUnread schedules updates for all online users with the channel in their sidebar, after a message in it was posted
// or deleted.
func (h *hub) markUnread(ch *cachedChannel) {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := &h.growth
	g.clock++
	ch.grown = g.clock
	if ch.recent == nil {
		ch.recent = g.recent.PushFront(ch)
	} else {
		g.recent.MoveToFront(ch.recent)
	}
	if !g.walking {
		g.walking = true
		h.after(unreadDelay, h.beginLap)
	}
	if ch.index < 0 && !ch.telling {
		ch.telling = true
		h.after(unreadDelay, func() { h.notifyDirect(ch) })
	}
}

// notifyDirect updates the pages of the members of a direct conversation at once: they are few, and need no lap.
func (h *hub) notifyDirect(ch *cachedChannel) {
	people, err := h.chat.inDirect(h.chat.background, ch)
	if err != nil && h.chat.background.Err() == nil {
		h.chat.options.Log.Error("asking who is in a direct conversation", "error", err) // the lap will update them
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	ch.telling = false
	now, patience := mono(), growthLaps*h.growth.spread
	for _, id := range people {
		if p := h.people[id]; p != nil {
			for l := range p.subscriptions {
				h.look(l, now, patience)
			}
		}
	}
}

// inDirect returns the members of a direct conversation. It reads them once, since they never change.
func (c *core) inDirect(ctx context.Context, ch *cachedChannel) ([]ID, error) {
	if people := ch.people.Load(); people != nil {
		return *people, nil
	}
	set, err := idSet(ctx, c.db, `SELECT user_id FROM memberships WHERE channel_id = $1 AND state = $2`, ch.ID, Joined)
	if err != nil {
		return nil, err
	}
	people := slices.Collect(maps.Keys(set))
	ch.people.Store(&people)
	return people, nil
}

func (h *hub) beginLap() {
	h.mu.Lock()
	h.growth.before, h.growth.lap = h.growth.lap, h.growth.clock
	h.growth.next, h.growth.begun, h.growth.owed = 0, mono(), false
	h.mu.Unlock()
	h.walk()
}

// walk looks at the next pages of the lap.
func (h *hub) walk() {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := &h.growth
	g.pace()
	now, lap := mono(), max(unreadDelay, g.spread)
	end := len(g.pages)
	if end > unreadBunch {
		end = min(end, g.next+1+int(int64(end)*int64(unreadStep)/int64(lap)))
	}
	for ; g.next < end; g.next++ {
		h.look(g.pages[g.next], now, growthLaps*g.spread)
	}
	switch {
	case g.next < len(g.pages):
		h.after(unreadStep, h.walk)
	case g.clock == g.lap && !g.owed:
		g.walking = false
	default:
		h.after(max(unreadStep, lap-now.Sub(g.begun)), h.beginLap)
	}
}

// look wakes a page that does not show the current unread counts. patience is the delay for counts that only grow. The
// caller holds mu.
func (h *hub) look(l *Subscription, now time.Time, patience time.Duration) {
	p := h.people[l.actor.ID]
	if p == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	tell, wait := false, time.Duration(-1)
	for e := h.growth.recent.Front(); e != nil && !tell; e = e.Next() {
		ch := e.Value.(*cachedChannel)
		if ch.grown <= l.counted {
			break
		}
		m := p.memberships[ch.ID]
		unread := ch.unread(m.readSeq)
		shows := l.unread.has(ch.index) || ch.index < 0 || l.taking // or may, once the Poll in progress has returned
		switch {
		case unread == 0 && (!shows || ch.lastSeq.Load() <= m.readSeq) || m.Muted || m.Notify == NotifyNothing ||
			!listed(ch, &m, l.actor.Role):
		case unread == 0: // the unread messages were deleted
			tell = true
		case l.channel == ch.ID:
			wait = max(wait, patience, unreadHereDelay)
		case l.unread.has(ch.index):
			wait = max(wait, patience)
		default:
			tell = true
		}
	}
	if !tell && wait < 0 {
		l.counted, l.owed = h.growth.clock, time.Time{} // no grown channel is news to this page, or all were read meanwhile
	} else if !tell {
		if l.owed.IsZero() {
			l.owed = now
		}
		tell = now.Sub(l.owed) >= wait
		h.growth.owed = h.growth.owed || !tell
	}
	if tell {
		l.owed = time.Time{}
		if l.Reason() == 0 {
			l.grown = true
			l.wake()
		}
	}
}
