package feed

import (
	"context"
	"sync/atomic"
	"time"
)

// Row is a rendered message: the same bytes for every reader.
type Row struct {
	Seq       int64 // its position in the feed: 1, 2, 3, without gaps, never changed
	Rev       int64 // the feed's counter at the row's last change
	Author    int64
	CreatedAt time.Time
	Deleted   bool
	Continued bool    // HTML joins the row before it, whose author it has
	Thread    bool    // a reply in a thread
	Failed    bool    // HTML is a note that the message cannot be shown
	Line      bool    // it says what was done: nobody can change it
	Channels  bool    // its text names channels: whether HTML has links to them changes, and not Rev
	Named     []int64 // others than the author whose names are in HTML
	HTML      []byte  // read-only: shared by all
}

// Source is where a feed reads its rows from. Its methods must be safe for concurrent use.
type Source interface {
	// Newest returns the newest rows and the newest changes, up to the given numbers, and the counters, all as of one
	// moment.
	Newest(ctx context.Context, rows, changes int) (Newest, error)
	// Since returns up to most rows that have changed after rev, in the order of rev. A row that has changed twice has the
	// later rev only.
	Since(ctx context.Context, rev int64, most int) ([]Row, error)
	// Rev returns the change counter.
	Rev(ctx context.Context) (int64, error)
}

// Newest is the end of a feed.
type Newest struct {
	Rows    []Row // by seq, no more than fit on a page
	Changes []Row // by rev
	Rev     int64 // the change counter
}

// Sink receives a subscription's rows. Its methods must be safe for concurrent use. They may be called with locks held:
// they must return at once and must not call this package.
type Sink interface {
	// Missed hands over the changes since the subscription's rev, before any row is sent.
	Missed(rows []Row)
	// Send hands over a frame, and reports whether the sink is free for the next one. If not, the sink keeps the frame,
	// and nothing more is sent until Resume, which may come before Send has returned. The bytes are shared and must not
	// be changed.
	Send(frame []byte) bool
	// Slow reports that too much has waited: the subscription is sent nothing more, and may come back with its rev.
	Slow()
}

// Subscription is one reader's position in a feed.
type Subscription struct {
	to Sink

	// Guarded by the fanout's lock, but for ended.
	shard *shard // nil: none
	next  uint64 // the position in the log of the next row to send
	index int32  // in the shard
	ended atomic.Bool
	state state
}

// state is whether a subscription can be sent the next frame.
type state uint8

const (
	free    state = iota
	waits         // for Resume
	sending       // a frame is being sent to it
	resumed       // likewise, and Resume was called meanwhile
)

// Open sets the sink of a subscription that is in no feed yet.
func (l *Subscription) Open(to Sink) { l.to = to }

// End stops sending to the subscription. It takes no lock and may be called with any lock held.
func (l *Subscription) End() { l.ended.Store(true) }
