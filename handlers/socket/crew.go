package socket

import "sync"

// Crew does work in a bounded number of goroutines, which are there only while there is work. The zero value with Most
// set is ready. Safe for concurrent use.
type Crew struct {
	Most int

	mu      sync.Mutex
	waiting []func()
	next    int // in waiting
	running int
	busy    sync.WaitGroup
}

// Do has fn called soon. Work begins in the order of calls.
func (w *Crew) Do(fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next > 1024 && w.next > len(w.waiting)/2 {
		w.waiting = append([]func(){}, w.waiting[w.next:]...)
		w.next = 0
	}
	w.waiting = append(w.waiting, fn)
	if w.running < w.Most {
		w.running++
		w.busy.Go(w.work)
	}
}

func (w *Crew) work() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.next < len(w.waiting) {
		fn := w.waiting[w.next]
		w.waiting[w.next] = nil
		w.next++
		w.mu.Unlock()
		fn()
		w.mu.Lock()
	}
	w.waiting, w.next = nil, 0
	w.running--
}

// Wait returns when no work is left, after the last Do.
func (w *Crew) Wait() { w.busy.Wait() }
