package chat

import (
	"context"
	"sync/atomic"
	"time"

	"chitchat/chat/guard"
)

// How long a node waits before it tries again to take over a change that it could not read: at first, and at most.
const (
	retryFirst = 50 * time.Millisecond
	retryMost  = 5 * time.Second
)

// refresher is one kind of change that the hub takes over from the database after commits. If that fails, it is tried
// again until it works or the chat closes: on a single node nobody else would tell of it, and whoever was removed would
// go on hearing. Safe for concurrent use.
type refresher struct {
	what string // for the log: what is being learned
	owed atomic.Int64
}

// refresh takes over what has just changed: take takes over everything since it last worked.
func (h *hub) refresh(l *refresher, take func(context.Context) error) {
	ctx := h.chat.background
	take = h.guarded(l, take)
	err := take(ctx)
	if err == nil || ctx.Err() != nil {
		return
	}
	h.chat.options.Log.Error("refreshing "+l.what, "error", err)
	if l.owed.Add(1) > 1 {
		return // it is being tried again already, and goes on until nothing is owed
	}
	h.chat.goroutines.Go("refreshing "+l.what, func() {
		for wait := retryFirst; ; wait = min(2*wait, retryMost) {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
			owed := l.owed.Load()
			if take(ctx) == nil && l.owed.Add(-owed) == 0 {
				return
			}
		}
	})
}

// guarded is take, of which a panic is an error like others: it is tried again.
func (h *hub) guarded(l *refresher, take func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		if failure := guard.Run(h.chat.options.Log, "refreshing "+l.what, func() { err = take(ctx) }); failure != nil {
			return failure
		}
		return err
	}
}
