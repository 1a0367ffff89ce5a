package feed

import (
	"context"
	"sync/atomic"
	"time"
)

// Row is a message rendered: the same bytes for every reader.
type Row struct {
	Seq       int64 // its place in the feed: 1, 2, 3, without gaps, never changed
	Rev       int64 // the feed's counter at the row's last change
	Author    int64
	CreatedAt time.Time
	Deleted   bool
	Failed    bool   // HTML says that the message cannot be shown
	HTML      []byte // read-only: shared by everyone
}

// Source is where the rows of a feed are kept. Its methods are called from many goroutines.
type Source interface {
	// Newest returns the newest rows and the newest changes, as many as there are or so many, and the counters, all as of
	// one moment.
	Newest(ctx context.Context, rows, changes int) (Newest, error)
	// Since returns the rows that have changed after a rev, in the order of rev, at most so many. A row that has changed
	// twice bears the later rev only.
	Since(ctx context.Context, rev int64, most int) ([]Row, error)
	// Rev is the counter.
	Rev(ctx context.Context) (int64, error)
}

// Newest is the end of a feed.
type Newest struct {
	Rows    []Row // by seq, no more than fit on a page
	Changes []Row // by rev
	Rev     int64 // the counter
}

// Sink is where a subscription's rows go. Its methods are called from many goroutines, some of which hold locks: they
// return at once, and call nothing of this package.
type Sink interface {
	// Missed hands over what has changed since the subscription's rev, before any row is sent.
	Missed(rows []Row)
	// Send hands over a frame, and reports whether it is on its way. If it is not, the sink keeps it, and Resume is called
	// once it is: until then the subscription is sent no more. The bytes are shared by everyone, and are not changed.
	Send(frame []byte) bool
	// Slow says that too much has waited: the subscription is sent nothing more, and may come back with its rev.
	Slow()
}

// Subscription is one reader's place in a feed.
type Subscription struct {
	to    Sink
	ended atomic.Bool

	// Guarded by the fanout's lock.
	shard    *shard // nil: in none
	index    int
	next     uint64 // the place in the log of the next row to send
	inFlight bool   // somebody sends to it, or waits for Resume
}

// Open says where the rows go of a subscription that is in no feed yet.
func (l *Subscription) Open(to Sink) { l.to = to }

// End says that the subscription is to be sent nothing more. It takes no lock, and may be called whatever locks are
// held.
func (l *Subscription) End() { l.ended.Store(true) }
