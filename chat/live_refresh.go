package chat

import (
	"context"
	"sync/atomic"
	"time"

	"chitchat/chat/guard"
)

// The delay before a failed refresh is retried: at first, and at most.
const (
	retryFirst = 50 * time.Millisecond
	retryMost  = 5 * time.Second
)

// refresher is one kind of change that the hub reads from the database after commits. A failed read is retried until it
// works or the chat closes: on a single node nothing else would repeat it, and a removed user would go on receiving
// updates. It is safe for concurrent use.
type refresher struct {
	what string // for the log: what is being read
	owed atomic.Int64
}

// refresh reads the latest changes: take reads everything since its last success.
func (h *hub) refresh(l *refresher, take func(context.Context) error) {
	ctx := h.chat.background
	take = h.guarded(l, take)
	err := take(ctx)
	if err == nil || ctx.Err() != nil {
		return
	}
	h.chat.options.Log.Error("refreshing "+l.what, "error", err)
	if l.owed.Add(1) > 1 {
		return // a retry is running, and goes on until nothing is left to read
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

// guarded returns take with panics turned into errors, so that it is retried.
func (h *hub) guarded(l *refresher, take func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		if failure := guard.Run(h.chat.options.Log, "refreshing "+l.what, func() { err = take(ctx) }); failure != nil {
			return failure
		}
		return err
	}
}
