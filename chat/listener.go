package chat

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"chitchat/chat/guard"
)

// Position is where a page stands when its socket opens.
type Position struct {
	Channel string // slug; empty on a page outside every channel
	Since   int64  // the channel's counter up to which the page shows everything
	Epoch   string
	Names   int64 // the counter of names up to which the page shows everyone's name
}

// Closing says why the hub ended a listener. The numbers are WebSocket close codes: 1011 to 1013 are
// registered (Internal Error, Service Restart, Try Again Later), 4401 is our own.
type Closing int

// The reasons.
const (
	CloseRestart   Closing = 1012 // the server stops: come back in a moment
	CloseSlow      Closing = 1013 // too much was waiting: come back with your position
	CloseFailed    Closing = 1011 // a fault of the program: come back with your position
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

	// Guarded by hub.mu.
	page int       // its place among all pages
	owed time.Time // since when it shows a count that has grown; zero: it does not

	// Guarded by the room's fanout.
	lane *lane // nil: in none
	slot int
	next uint64 // the place in the log of the next row to send
	held bool   // somebody sends to it, or waits for Resume

	mu       sync.Mutex
	told     bool  // the outlet was woken, and has not taken yet
	taking   bool  // what it takes is being looked up
	rows     []Row // that were missed before it listened
	renew    bool
	names    bool
	list     bool
	facts    bool
	online   bool
	grown    bool            // channels have more that is unread
	read     map[ID]struct{} // channels of which the person has read more
	counted  uint64          // the growth's clock up to which the page shows counts
	unread   channelSet      // what it shows as unread
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
	l := &Listener{chat: c, actor: a, outlet: outlet, namesRev: min(at.Names, c.hub.namesRev.Load())} // more: from another history
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

// reads notes that the person has read more of a channel. A page that shows nothing of it as unread need not hear of it,
// unless it is just being told what was counted before.
func (l *Listener) reads(ch *channelState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Reason() != 0 || !l.taking && ch.index >= 0 && !l.unread.has(ch.index) {
		return
	}
	if l.read == nil {
		l.read = make(map[ID]struct{})
	}
	l.read[ch.ID] = struct{}{}
	l.wake()
}

// wake wakes the outlet, once before it takes. The caller holds mu.
func (l *Listener) wake() {
	if !l.told {
		l.told = true
		if guard.Run(l.log(), "waking a page", l.outlet.Wake) != nil {
			l.fail()
		}
	}
}

// send hands a frame to the outlet, and reports what Outlet.Send does.
func (l *Listener) send(frame []byte) (free bool) {
	if guard.Run(l.log(), "sending to a page", func() { free = l.outlet.Send(frame) }) != nil {
		l.fail() // and never sends more: what became of the frame is not known
		return false
	}
	return free
}

// fail ends the listener of an outlet that has failed by a panic. It takes no lock.
func (l *Listener) fail() {
	if l.reason.CompareAndSwap(0, int32(CloseFailed)) {
		l.endOutlet(CloseFailed)
	}
}

// log is where a panic of the outlet is told; nil: slog's own.
func (l *Listener) log() *slog.Logger {
	if l.chat == nil {
		return nil
	}
	return l.chat.options.Log
}

func (l *Listener) endOutlet(why Closing) {
	_ = guard.Run(l.log(), "ending a page", func() { l.outlet.End(why) }) // it is in the log
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
		l.endOutlet(why)
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
