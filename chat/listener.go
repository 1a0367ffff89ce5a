package chat

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// Bounds of what waits for one listener. Whoever exceeds them is too slow, and comes back with a position.
const (
	maxWaitingRows  = 2048
	maxWaitingBytes = 1 << 20
)

// Position is where a page stands when its socket opens.
type Position struct {
	Channel string // slug; empty on a page outside every channel
	Since   int64  // the channel's counter up to which the page shows everything
	Epoch   string
	Names   int64 // the counter of names up to which the page shows everyone's name
}

// Batch is what a listener's page has yet to hear, joined since the last Take. Empty fields mean: no news.
type Batch struct {
	Renew    *Page     // the page is too far behind to catch up: show this instead of all its rows
	Rows     []Row     // in the order of Rev; to be placed by id, sorted by Seq
	Names    []User    // people whose name has changed
	NamesRev int64     // the counter of names, when Names is set
	Channels []Listing // the whole list, when it has changed
	Facts    *Page     // the page's channel without rows, when something about it has changed
	Unread   []Listing // channels whose unread count has changed
	Online   int       // people online, when it has changed; else 0
}

// Closing says why the hub ended a listener. The numbers are WebSocket close codes: 1012 and 1013 are
// registered (Service Restart, Try Again Later), 4401 is our own.
type Closing int

// The reasons.
const (
	CloseRestart   Closing = 1012 // the server stops: come back in a moment
	CloseSlow      Closing = 1013 // too much was waiting: come back with your position
	CloseSignedOut Closing = 4401 // the session has ended: do not come back
)

// Listener is one open page. What is meant for it waits here, bounded, until its owner takes it: nobody waits
// for a slow reader. Ready, Take and Done may be used by one goroutine while another calls Close.
type Listener struct {
	chat    *Chat
	actor   Actor
	channel ID // 0 outside every channel
	room    *room

	ready chan struct{} // has room for one token
	done  chan struct{}

	mu       sync.Mutex
	ended    bool
	reason   Closing
	left     sync.Once
	rows     []Row
	bytes    int
	renew    bool
	names    bool
	list     bool
	facts    bool
	online   bool
	unread   map[ID]struct{}
	namesRev int64
	shown    int       // people online, as the page was last told
	direct   []Listing // the direct conversations, as the page was last told
}

// Listen lets a page hear what happens from its position on: nothing is missed in between. Ends with Close.
func (c *Chat) Listen(ctx context.Context, a Actor, at Position) (*Listener, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	l := &Listener{
		chat: c, actor: a, ready: make(chan struct{}, 1), done: make(chan struct{}),
		unread: make(map[ID]struct{}), namesRev: at.Names,
	}
	if at.Channel != "" {
		ch, err := c.gate(ctx, a, at.Channel)
		if err != nil {
			return nil, err
		}
		l.channel = ch.ID
		l.room = c.hub.pin(ch)
	}
	if err := l.begin(ctx, at); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (l *Listener) begin(ctx context.Context, at Position) error {
	c := l.chat
	if err := c.hub.enter(ctx, l); err != nil {
		return err
	}
	// The session may have ended between the handshake and enter, when nobody could cut this listener yet.
	if _, err := c.Authenticate(ctx, l.actor.ID, l.actor.Session); err != nil {
		return err
	}
	l.tell(func() { l.list, l.online, l.names = true, true, at.Names < c.hub.namesRev.Load() })
	if l.room == nil {
		return nil
	}
	if _, err := c.gateID(ctx, l.actor, l.channel); err != nil { // nor for the channel
		return err
	}
	since := at.Since
	if at.Epoch != c.epoch {
		since = -maxBehind - 1
	}
	caughtUp, err := l.room.attach(ctx, l, since)
	if err == nil && !caughtUp {
		l.tell(func() { l.renew = true })
	}
	return err
}

// push gives the listener rows of its room.
func (l *Listener) push(rows []Row) {
	if len(rows) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	for _, row := range rows {
		l.bytes += len(row.HTML)
	}
	if l.rows = append(l.rows, rows...); len(l.rows) > maxWaitingRows || l.bytes > maxWaitingBytes && len(l.rows) > len(rows) {
		l.endLocked(CloseSlow)
		return
	}
	l.signal()
}

// tell notes news of another kind: note sets what Take will look up.
func (l *Listener) tell(note func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		note()
		l.signal()
	}
}

func (l *Listener) signal() {
	select {
	case l.ready <- struct{}{}:
	default:
	}
}

// Ready has a token when there is something to take.
func (l *Listener) Ready() <-chan struct{} { return l.ready }

// Done is closed when the hub has ended the listener; Reason says why. What was not taken is lost, and comes
// again with the position of the next socket.
func (l *Listener) Done() <-chan struct{} { return l.done }

// Reason says why Done is closed.
func (l *Listener) Reason() Closing {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason
}

func (l *Listener) end(why Closing) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.endLocked(why)
}

func (l *Listener) endLocked(why Closing) {
	if !l.ended {
		l.ended, l.reason, l.rows = true, why, nil
		close(l.done)
	}
}

// Close leaves the hub. Nothing is pushed afterwards. Closing twice is not an error.
func (l *Listener) Close() {
	l.left.Do(func() {
		l.end(CloseRestart)
		if l.room != nil {
			l.room.detach(l)
			l.chat.hub.unpin(l.room)
		}
		l.chat.hub.leave(l, leaveAfter)
	})
}

// Take returns what waits. It reads lists and counts anew, so that what is told is never older than what
// happened. After the listener has ended it returns nothing.
func (l *Listener) Take(ctx context.Context) (Batch, error) {
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		return Batch{}, nil
	}
	b := Batch{Rows: l.rows}
	renew, names, list, facts, online, namesRev := l.renew, l.names, l.list, l.facts, l.online, l.namesRev
	l.rows, l.bytes, l.renew, l.names, l.list, l.facts, l.online = nil, 0, false, false, false, false, false
	var unread map[ID]struct{}
	if len(l.unread) > 0 {
		unread, l.unread = l.unread, make(map[ID]struct{})
	}
	l.mu.Unlock()

	c := l.chat
	if names {
		b.NamesRev = c.hub.namesRev.Load()
		var err error
		if b.Names, err = c.renamedSince(ctx, l.actor, namesRev); err != nil {
			return Batch{}, err
		}
		l.tellRev(b.NamesRev)
	}
	if renew {
		page, err := c.renewal(ctx, l)
		if err != nil {
			return Batch{}, err
		}
		b.Renew = &page
	}
	if facts && l.room != nil {
		page, err := c.page(ctx, l.actor, l.room.ch)
		if err != nil {
			return Batch{}, err
		}
		b.Facts = &page
	}
	if online {
		if n := c.OnlineCount(l.actor); n != l.shown {
			l.shown, b.Online = n, n
		}
		list = list || c.presenceChanged(l.direct)
	}
	if list || len(unread) > 0 {
		if err := l.takeChannels(ctx, &b, list, unread); err != nil {
			return Batch{}, err
		}
	}
	return b, nil
}

func (l *Listener) tellRev(rev int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.namesRev = max(l.namesRev, rev)
}

func (l *Listener) takeChannels(ctx context.Context, b *Batch, list bool, unread map[ID]struct{}) error {
	if list {
		var err error
		b.Channels, err = l.chat.Channels(ctx, l.actor)
		l.direct = slices.DeleteFunc(slices.Clone(b.Channels), func(l Listing) bool { return l.Kind != Direct })
		return err
	}
	marks := l.chat.hub.marksOf(l.actor.ID)
	if marks == nil {
		return nil // cut in the meantime
	}
	for _, id := range slices.Sorted(maps.Keys(unread)) {
		if ch := l.chat.hub.channels.byID(id); ch != nil {
			if known := listing(ch, marks[id]); known.lists(l.actor.Role) {
				b.Unread = append(b.Unread, known)
			}
		}
	}
	return nil
}
