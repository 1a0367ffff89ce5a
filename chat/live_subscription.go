package chat

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"chitchat/chat/feed"
	"chitchat/chat/guard"
)

// Cursor is what a page shows already when its socket opens.
type Cursor struct {
	Channel    string // slug; empty on a page outside of channels
	Since      int64  // the channel's rev up to which the page shows all changes
	Thread     int64  // the root's seq of a thread of the channel that the page shows beside it; 0: none
	ThreadRev  int64  // the thread's rev up to which the page shows all changes
	Epoch      string
	ProfileRev int64 // the profile rev up to which the page shows all profiles
}

// CloseReason is why the hub ended a subscription. The numbers are WebSocket close codes: 1011 to 1013 are registered
// (Internal Error, Service Restart, Try Again Later), 4401 is our own.
type CloseReason int

// The reasons.
const (
	CloseRestart   CloseReason = 1012 // the server stops: reconnect in a moment
	CloseSlow      CloseReason = 1013 // too much was waiting: reconnect with the cursor
	CloseFailed    CloseReason = 1011 // a fault of the program: reconnect with the cursor
	CloseSignedOut CloseReason = 4401 // the session has ended: do not reconnect
)

// Subscriber receives the updates of a subscription: it is one open page. Its methods must be safe for concurrent use.
// They may be called with locks held: they must return at once, and Notify and End must not call this package.
type Subscriber interface {
	// Send hands over rows of a channel or a thread, as Options.Frame made them, and reports whether the subscriber is
	// free for the next frame. Calls for one of the two do not overlap. If it is not free, the subscriber keeps the frame
	// and calls Writable later: until then it is sent no more than one frame of the other. The bytes are shared and must
	// not be changed.
	Send(frame []byte) bool
	// Notify reports that Poll has an update. It is not called again before Poll.
	Notify()
	// End reports that the hub has ended the subscription. Frames in progress should not be delivered.
	End(why CloseReason)
}

// Subscription is one open page. Rows are pushed through the subscriber's Send; all other updates wait until the
// subscriber polls for them: nothing waits for a slow reader. It is safe for concurrent use, except that calls of Poll
// must not overlap.
type Subscription struct {
	// What each row needs, side by side in memory.
	inFeed feed.Subscription // in the room's feed
	to     Subscriber
	chat   *core

	actor   Actor
	channel ID // 0 outside of channels
	room    *room
	thread  atomic.Pointer[threadFeed] // the thread that the page shows too; nil: none

	reason atomic.Int32 // a CloseReason; 0 until the hub ends the subscription
	left   atomic.Bool

	// Guarded by hub.mu.
	page int       // its index among all pages
	owed time.Time // since when the page has been owed an update of a grown count; zero: it is not

	// Used by who polls.
	begun  bool        // there was an update
	polled *threadFeed // what it missed is in the last one

	mu         sync.Mutex
	notified   bool  // the subscriber was notified and has not polled yet
	taking     bool  // a Poll is in progress
	rows       []Row // missed before the subscription
	renew      bool
	renewed    *threadFeed // the thread that is to be rendered anew
	begins     *threadFeed // what it missed is among rows, or is to be rendered
	threads    bool        // the counts of unread replies have changed
	profiles   bool
	list       bool
	info       bool
	marked     bool // the read mark of the page's channel has moved back
	online     bool
	grown      bool            // channels have more unread messages
	read       map[ID]struct{} // channels that the user has read further
	counted    uint64          // the clock of growth up to which the page shows counts
	unread     channelSet      // the channels that the page shows as unread
	profileRev int64
	typing     bool          // who types in the channel has changed
	typed      time.Time     // when the page's user last typed
	typists    []ID          // who the page shows as typing; used by Poll only
	shown      int           // number of online users that the page shows
	direct     []SidebarItem // the direct conversations that the page shows
}

// Subscribe starts the updates of a page after its cursor, without a gap. There is something to Poll when it returns,
// and no rows are sent before the Begin that follows it. The subscription ends with Close.
func (c Live) Subscribe(ctx context.Context, a Actor, at Cursor, to Subscriber) (*Subscription, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	// a larger rev is from another history
	l := &Subscription{chat: c.core, actor: a, to: to, profileRev: min(at.ProfileRev, c.hub.profileRev.Load())}
	if at.Channel != "" {
		ch, err := c.authorize(ctx, a, at.Channel)
		if err != nil {
			return nil, err
		}
		l.channel = ch.ID
		l.room = c.hub.pin(ch)
		l.inFeed.Open((*feedSink)(l))
	}
	if err := l.begin(ctx, at); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (l *Subscription) begin(ctx context.Context, at Cursor) error {
	c := l.chat
	if err := c.hub.enter(ctx, l); err != nil {
		return err
	}
	// The session may have ended between the handshake and enter, when this subscription could not be ended yet. This asks
	// the database and not the cache: another node may have changed it.
	now, err := c.accounts.Authenticate(ctx, l.actor.ID, l.actor.Session)
	if err != nil {
		return err
	}
	if now.Role != l.actor.Role {
		l.end(CloseRestart) // the page reconnects with the new role
		return nil
	}
	l.notify(func() {
		l.list, l.online, l.threads, l.profiles = true, true, true, at.ProfileRev < c.hub.profileRev.Load()
	})
	if l.room == nil {
		return nil
	}
	if _, err := c.authorizeByID(ctx, l.actor, l.channel); err != nil { // its bans or membership may have changed too
		return err
	}
	l.notify(func() { l.marked = true })
	since := at.Since
	if at.Epoch != c.epoch {
		since = -feed.MaxBehind - 1
	}
	caughtUp, err := l.room.Attach(ctx, &l.inFeed, since)
	if err == nil && !caughtUp {
		l.notify(func() { l.renew = true })
	}
	if err != nil || at.Thread == 0 {
		return err
	}
	return l.ShowThread(ctx, at)
}

// Channel returns the channel that the page shows; 0 outside of channels.
func (l *Subscription) Channel() ID { return l.channel }

// notify records updates other than rows of the page's room: note sets what Poll will look up.
func (l *Subscription) notify(note func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Reason() == 0 {
		note()
		l.wake()
	}
}

// reads records that the user has read more of a channel. A page that does not show it as unread needs no update,
// unless a Poll in progress has counted before.
func (l *Subscription) reads(ch *cachedChannel) {
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

// wake notifies the subscriber, once until it polls. The caller holds mu.
func (l *Subscription) wake() {
	if !l.notified {
		l.notified = true
		if guard.Run(l.log(), "waking a page", l.to.Notify) != nil {
			l.fail()
		}
	}
}

// feedSink is a subscription as the sink of its room's feed.
type feedSink Subscription

// Missed implements feed.Sink.
func (s *feedSink) Missed(rows []Row) {
	l := (*Subscription)(s)
	l.notify(func() { l.rows = append(l.rows, rows...) })
}

// Send implements feed.Sink.
func (s *feedSink) Send(frame []byte) bool { return (*Subscription)(s).send(frame) }

// send sends a frame of a feed.
func (l *Subscription) send(frame []byte) (free bool) {
	if guard.Run(l.log(), "sending to a page", func() { free = l.to.Send(frame) }) != nil {
		l.fail() // nothing more is sent: whether the frame was delivered is unknown
		return false
	}
	return free
}

// Slow implements feed.Sink.
func (s *feedSink) Slow() { (*Subscription)(s).end(CloseSlow) }

// fail ends the subscription of a subscriber that panicked. It takes no lock.
func (l *Subscription) fail() {
	if l.reason.CompareAndSwap(0, int32(CloseFailed)) {
		l.endFeeds()
		l.endSubscriber(CloseFailed)
	}
}

// log returns the logger for panics of the subscriber; nil: slog.Default.
func (l *Subscription) log() *slog.Logger {
	if l.chat == nil {
		return nil
	}
	return l.chat.options.Log
}

func (l *Subscription) endSubscriber(why CloseReason) {
	_ = guard.Run(l.log(), "ending a page", func() { l.to.End(why) }) // Run has logged the error
}

// Begin reports that an update with Begins has been handed over: rows that follow those of the update may be sent.
// Calls must not overlap with those of Poll.
func (l *Subscription) Begin() {
	if t := l.polled; t != nil {
		t.begun.Store(true)
		l.polled = nil
	}
	l.Writable()
}

// Writable reports that the subscriber can send rows again, after a Send that reported false.
func (l *Subscription) Writable() {
	if l.room != nil {
		l.room.Resume(&l.inFeed)
	}
	if t := l.thread.Load(); t != nil && t.begun.Load() {
		t.room.Resume(&t.inFeed)
	}
}

// Reason returns why the hub ended the subscription; 0 while it has not. Updates that were not polled are lost, and
// come again with the cursor of the next socket.
func (l *Subscription) Reason() CloseReason { return CloseReason(l.reason.Load()) }

func (l *Subscription) end(why CloseReason) {
	if l.reason.CompareAndSwap(0, int32(why)) {
		l.endFeeds()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.rows = nil
		l.endSubscriber(why)
	}
}

// Close ends the subscription. Nothing more is sent, except a frame in progress. Idempotent.
func (l *Subscription) Close() {
	if !l.left.CompareAndSwap(false, true) {
		return
	}
	l.reason.CompareAndSwap(0, int32(CloseRestart))
	l.endFeeds()
	l.leaveThread()
	if l.room != nil {
		l.room.Remove(&l.inFeed)
		l.chat.hub.unpin(l.room)
	}
	l.chat.hub.leave(l, leaveAfter)
}

// endFeeds sends no more rows. It takes no lock.
func (l *Subscription) endFeeds() {
	l.inFeed.End()
	if t := l.thread.Load(); t != nil {
		t.inFeed.End()
	}
}
