//go:build linux

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// window is a closed loop: so many messages are in flight, and the next is sent when one has reached everyone. The
// marks are the messages' numbers in the channel, which each socket must receive in sequence.
type window struct {
	tokens chan struct{} // one per message that may be sent

	mu       sync.Mutex
	tallies  []*closedTally
	released int64
}

// newWindow begins a closed loop over subscribers whose sockets are all at the same mark.
func newWindow(c *subscribers, base int64, inFlight int) *window {
	w := &window{tokens: make(chan struct{}, inFlight), released: base}
	for range inFlight {
		w.tokens <- struct{}{}
	}
	c.pause(func() {
		of := make(map[*reader]*closedTally)
		for _, m := range c.members {
			t := of[m.reader]
			if t == nil {
				t = &closedTally{window: w, at: make(map[int64]int), least: base}
				t.shared.Store(base)
				of[m.reader], m.reader.tally = t, t
				w.tallies = append(w.tallies, t)
			}
			t.at[base]++
			m.pos = base
		}
	})
	return w
}

// closedTally counts the marks of one reader's sockets.
type closedTally struct {
	window *window
	at     map[int64]int // number of sockets by mark
	least  int64
	moved  bool
	shared atomic.Int64 // least, for the window

	doubled, missed int // marks received again, and marks skipped
}

func (t *closedTally) mark(m *subscriber, n int64, _ time.Time) {
	if n <= m.pos {
		t.doubled++
		return
	}
	t.missed += int(n - m.pos - 1)
	if t.at[m.pos]--; t.at[m.pos] == 0 {
		delete(t.at, m.pos)
	}
	t.at[n]++
	m.pos = n
	for t.at[t.least] == 0 {
		t.least++
		t.moved = true
	}
}

func (t *closedTally) flush() {
	if t.moved {
		t.moved = false
		t.shared.Store(t.least)
		t.window.advance()
	}
}

// advance allows as many new messages as have reached everyone.
func (w *window) advance() {
	w.mu.Lock()
	defer w.mu.Unlock()
	least := int64(1) << 62
	for _, t := range w.tallies {
		least = min(least, t.shared.Load())
	}
	for ; w.released < least; w.released++ {
		select {
		case w.tokens <- struct{}{}:
		default: // more messages than were sent: another client posts
			return
		}
	}
}

// schedule is an open loop: message i is sent at start + i·every, whatever happened to earlier ones, and its latency
// counts from then. The marks are the i.
type schedule struct {
	start time.Time
	every time.Duration
	from  int64 // the first message that counts: earlier ones warm up
	total int64
}

func (s *schedule) planned(i int64) time.Time { return s.start.Add(time.Duration(i) * s.every) }

// openTally records the latencies of one reader.
type openTally struct {
	schedule *schedule
	latency  *hdrhistogram.Histogram
	seen     []uint16 // number of sockets that received a message
	wrong    int
}

func newOpenTallies(c *subscribers, s *schedule) []*openTally {
	list := make([]*openTally, len(c.readers))
	c.pause(func() {
		for i, r := range c.readers {
			list[i] = &openTally{schedule: s, latency: newHistogram(), seen: make([]uint16, s.total)}
			r.tally = list[i]
		}
	})
	return list
}

func (t *openTally) mark(_ *subscriber, n int64, now time.Time) {
	if n < 0 || n >= t.schedule.total {
		t.wrong++
		return
	}
	t.seen[n]++
	if n >= t.schedule.from {
		_ = t.latency.RecordValue(max(1, now.Sub(t.schedule.planned(n)).Microseconds())) // out of range: more than a minute
	}
}

func (t *openTally) flush() {}

// complete reports whether so many sockets, over all readers, received message i.
func complete(list []*openTally, i int64, sockets int) error {
	n := 0
	for _, t := range list {
		n += int(t.seen[i])
	}
	if n != sockets {
		return fmt.Errorf("message %d reached %d sockets of %d", i, n, sockets)
	}
	return nil
}
