package chat

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Position is where a page stands when its socket opens.
type Position struct {
	Channel string // slug; empty on a page outside every channel
	Since   int64  // the channel's counter up to which the page shows everything
	Epoch   string
	Names   int64 // the counter of names up to which the page shows everyone's name
}

// Batch is what a listener's page has yet to hear beside the rows of its room. Empty fields mean: no news.
type Batch struct {
	Renew    *Page     // the page is too far behind to catch up: show this instead of all its rows
	Rows     []Row     // missed before it listened, in the order of Rev; to be placed by id, sorted by Seq
	Names    []User    // people whose name, handle, picture or status has changed
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

// Outlet is where a listener's news goes: one open page, seen from here. Its methods are called from many goroutines,
// some of which hold locks: they return at once, and Wake and End call nothing of this package.
type Outlet interface {
	// Send hands over rows, as Options.Frame made them. It is not called again before it has returned, and reports
	// whether the frame is on its way. If it is not, the outlet keeps it and calls Resume once it is: until then
	// it is sent no more. The bytes are shared by everyone, and are not changed.
	Send(frame []byte) bool
	// Wake says that there is something to Take. It is not called again before Take.
	Wake()
	// End says that the hub has ended the listener. What is on its way should not arrive.
	End(why Closing)
}

// Listener is one open page. Rows come by themselves, through the outlet's Send; all other news waits until the outlet
// takes it: nobody waits for a slow reader. Safe for concurrent use, but for Take, which one goroutine calls at a time.
type Listener struct {
	chat    *Chat
	actor   Actor
	channel ID // 0 outside every channel
	room    *room
	outlet  Outlet

	reason atomic.Int32 // a Closing; 0 until the hub ends the listener
	left   atomic.Bool

	// Guarded by the room's fanout.
	lane *lane // nil: in none
	slot int
	next uint64 // the place in the log of the next row to send
	held bool   // somebody sends to it, or waits for Resume

	mu       sync.Mutex
	told     bool  // the outlet was woken, and has not taken yet
	rows     []Row // that were missed before it listened
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

// Listen lets a page hear what happens from its position on: nothing is missed in between. There is something to Take
// when it returns, and no rows are sent before the Resume that follows it. Ends with Close.
func (c *Chat) Listen(ctx context.Context, a Actor, at Position, outlet Outlet) (*Listener, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	l := &Listener{chat: c, actor: a, outlet: outlet, namesRev: at.Names}
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
	// What is remembered of it is asked anew, for another node may have changed it.
	c.memory.sessions.forget(l.actor.Session)
	now, err := c.Authenticate(ctx, l.actor.ID, l.actor.Session)
	if err != nil {
		return err
	}
	if now.Role != l.actor.Role {
		l.end(CloseRestart) // it comes back as who they are now
		return nil
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

// Channel is the channel that the page shows; 0 outside every channel.
func (l *Listener) Channel() ID { return l.channel }

// tell notes news that is no row of its room: note sets what Take will look up.
func (l *Listener) tell(note func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Reason() == 0 {
		note()
		l.wake()
	}
}

// counts notes that a channel's count of unread messages has changed. The caller holds mu.
func (l *Listener) counts(channel ID) {
	if l.unread == nil {
		l.unread = make(map[ID]struct{})
	}
	l.unread[channel] = struct{}{}
}

// wake wakes the outlet, once before it takes. The caller holds mu.
func (l *Listener) wake() {
	if !l.told {
		l.told = true
		l.outlet.Wake()
	}
}

// Resume says that the outlet can send rows again: after the first Take, and after a Send that reported false.
func (l *Listener) Resume() {
	if l.room != nil {
		l.room.fan.resume(l)
	}
}

// Reason says why the hub ended the listener; 0 while it has not. What was not taken is lost, and comes again with
// the position of the next socket.
func (l *Listener) Reason() Closing { return Closing(l.reason.Load()) }

func (l *Listener) end(why Closing) {
	if l.reason.CompareAndSwap(0, int32(why)) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.rows = nil
		l.outlet.End(why)
	}
}

// Close leaves the hub. Nothing is sent afterwards, but for what was on its way. Closing twice is not an error.
func (l *Listener) Close() {
	if !l.left.CompareAndSwap(false, true) {
		return
	}
	l.reason.CompareAndSwap(0, int32(CloseRestart))
	if l.room != nil {
		l.room.fan.remove(l)
		l.chat.hub.unpin(l.room)
	}
	l.chat.hub.leave(l, leaveAfter)
}

// MarkRead remembers that the reader has seen the page's channel up to seq. Everything they have open shows it.
func (l *Listener) MarkRead(ctx context.Context, seq int64) error {
	if l.room == nil {
		return nil
	}
	ch, err := l.chat.gateID(ctx, l.actor, l.channel)
	if err != nil {
		return err
	}
	return l.chat.markRead(ctx, l.actor, ch, seq)
}

// Take returns what waits. It reads lists and counts anew, so that what is told is never older than what
// happened. After the listener has ended it returns nothing.
func (l *Listener) Take(ctx context.Context) (Batch, error) {
	l.mu.Lock()
	l.told = false
	if l.Reason() != 0 {
		l.mu.Unlock()
		return Batch{}, nil
	}
	b := Batch{Rows: l.rows}
	renew, names, list, facts, online, unread, namesRev := l.renew, l.names, l.list, l.facts, l.online, l.unread, l.namesRev
	l.rows, l.renew, l.names, l.list, l.facts, l.online, l.unread = nil, false, false, false, false, false, nil
	l.mu.Unlock()

	c := l.chat
	if names {
		b.NamesRev = c.hub.namesRev.Load()
		var err error
		if b.Names, err = c.facesSince(ctx, l.actor, namesRev); err != nil {
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
		l.direct = nil // and not a part of the whole list, which would stay in memory for it
		for i := range b.Channels {
			if b.Channels[i].Kind == Direct {
				l.direct = append(l.direct, b.Channels[i])
			}
		}
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
	return l.chat.countMentions(ctx, l.actor.ID, b.Unread)
}
