package uploads

import (
	"context"
	"sync"
	"time"
)

const (
	// smallWork is the decoded size in bytes up to which a picture is decoded beside the large ones: about a screen of 4
	// megapixels, some tenths of a second.
	smallWork = 16_000_000
	// maxWork bounds one user's pictures per minute, in decoded bytes: some ten seconds of one processor. It is 20
	// photographs of 24 megapixels.
	maxWork = 2_500_000_000
)

// turns schedules the two slots in which pictures are decoded, one for small pictures and one for large ones, so that
// decoding uses the memory of two pictures at most. A user has one picture in them at a time, and a free slot goes to
// the user served longest ago: a user who sends a hundred delays others by one picture only.
type turns struct {
	now func() time.Time

	mu      sync.Mutex
	busy    [2]bool // by slot
	people  map[string]*sender
	waiting []*waiter // in order of arrival
	minute  int64
	served  int64 // turns given so far
}

// sender is the state of a user, kept for the minute and while a picture of theirs waits or is decoded.
type sender struct {
	work     int64 // decoded bytes in the current minute
	last     int64 // the number of their last turn
	waiting  int
	decoding bool
}

// waiter is one picture in the queue. Closing ready gives it its turn.
type waiter struct {
	by    *sender
	slot  int
	ready chan struct{}
	given bool
}

func newTurns() *turns { return &turns{now: time.Now, people: map[string]*sender{}} }

// enter blocks until a picture of the user by, with so much work, may be decoded. The caller must call leave. It fails
// when ctx ends, and with a Refusal when the user's work for this minute is used up.
func (t *turns) enter(ctx context.Context, by string, work int64) (leave func(), err error) {
	mine, err := t.queue(by, work)
	if err != nil {
		return nil, err
	}
	select {
	case <-mine.ready:
		return func() { t.leave(mine) }, nil
	case <-ctx.Done():
		t.leave(mine)
		return nil, context.Cause(ctx)
	}
}

func (t *turns) queue(by string, work int64) (*waiter, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := t.now().Unix() / 60; minute != t.minute {
		t.minute = minute
		for key, p := range t.people {
			if p.work = 0; p.waiting == 0 && !p.decoding {
				delete(t.people, key)
			}
		}
	}
	p := t.people[by]
	if p == nil {
		p = &sender{}
		t.people[by] = p
	}
	if p.work+work > maxWork {
		return nil, refuse(TooOften, "These are too many large pictures for one minute. Try again in the next.")
	}
	p.work += work
	p.waiting++
	mine := &waiter{by: p, ready: make(chan struct{})}
	if work > smallWork {
		mine.slot = 1
	}
	t.waiting = append(t.waiting, mine)
	t.give()
	return mine, nil
}

// leave ends a turn, or leaves the queue.
func (t *turns) leave(mine *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.given {
		mine.by.decoding, t.busy[mine.slot] = false, false
	} else {
		t.unqueue(mine)
	}
	t.give()
}

// give assigns the free slots.
func (t *turns) give() {
	for slot := range t.busy {
		if t.busy[slot] {
			continue
		}
		var next *waiter
		for _, w := range t.waiting {
			if w.slot == slot && !w.by.decoding && (next == nil || w.by.last < next.by.last) {
				next = w
			}
		}
		if next == nil {
			continue
		}
		t.unqueue(next)
		t.served++
		t.busy[slot], next.given = true, true
		next.by.decoding, next.by.last = true, t.served
		close(next.ready)
	}
}

func (t *turns) unqueue(gone *waiter) {
	gone.by.waiting--
	for i, w := range t.waiting {
		if w == gone {
			t.waiting = append(t.waiting[:i], t.waiting[i+1:]...)
			return
		}
	}
}
