package socket

import (
	"log/slog"
	"sync"

	"chitchat/chat/guard"
)

// WorkerPool runs functions in a bounded number of goroutines, which exist only while there is work. The zero value
// with Most set is ready. A panic in one function is logged, and the others run. Safe for concurrent use.
type WorkerPool struct {
	Most int
	Log  *slog.Logger // nil: slog's own

	mu      sync.Mutex
	waiting []func()
	next    int // index in waiting
	running int
	busy    guard.Group
}

// Do runs fn soon in a goroutine. Functions start in the order of calls.
func (w *WorkerPool) Do(fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next > 1024 && w.next > len(w.waiting)/2 {
		w.waiting = append([]func(){}, w.waiting[w.next:]...)
		w.next = 0
	}
	w.waiting = append(w.waiting, fn)
	if w.running < w.Most {
		w.running++
		w.busy.Go("working", w.work)
	}
}

func (w *WorkerPool) work() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.next < len(w.waiting) {
		fn := w.waiting[w.next]
		w.waiting[w.next] = nil
		w.next++
		w.mu.Unlock()
		_ = guard.Run(w.Log, "working", fn) // it is in the log
		w.mu.Lock()
	}
	w.waiting, w.next = nil, 0
	w.running--
}

// Wait blocks until no work is left. Call it after the last Do.
func (w *WorkerPool) Wait() { w.busy.Wait() }
