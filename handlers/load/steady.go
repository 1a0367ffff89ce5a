//go:build linux

package main

import (
	"errors"
	"runtime"
	"sync"
	"time"
)

// steady is an open loop: so many messages a second over the rooms, in sequence. A message's own cost, without readers,
// is measured too, after all have disconnected; the rest is the cost of its deliveries.
func (b *bench) steady(s subject, rooms, each int, rate float64) (figures, error) {
	f, err := func() (figures, error) {
		c, err := s.openSubscribers(b, rooms, each, search{token: planToken})
		if err != nil {
			return nil, err
		}
		defer c.close()
		return b.paced(s, c, rooms, each, rate, b.time, nil)
	}()
	if err != nil {
		return nil, err
	}
	time.Sleep(b.silence) // the server frees the memory of closed connections
	unread, err := b.unread(s, rooms, rate)
	if err != nil {
		return nil, err
	}
	f["cpu_us_unread"] = unread
	f["cpu_us_delivery"] = f["cpu_us"] - unread/float64(each)
	return f, nil
}

// unread measures what a message without readers costs the server, in µs of CPU.
func (b *bench) unread(s subject, rooms int, rate float64) (float64, error) {
	list, err := s.posters(min(64, int(max(2, rate))))
	if err != nil {
		return 0, err
	}
	n := int64(max(20, b.time.Seconds()*rate)) // fewer would cost less than the resolution of CPU times
	plan := &schedule{every: time.Duration(float64(time.Second) / rate), start: time.Now().Add(50 * time.Millisecond),
		total: n}
	if short := b.time / time.Duration(n); short < plan.every {
		plan.every = short
	}
	before, err := cpuTime(s.pid())
	if err != nil {
		return 0, err
	}
	out := b.outbox(list, rooms)
	for i := range n {
		sleepUntil(plan.planned(i))
		out.send(i)
	}
	if err := out.wait(); err != nil {
		return 0, err
	}
	sleepUntil(plan.planned(n))
	after, err := cpuTime(s.pid())
	return (after - before).Seconds() * 1e6 / float64(n), err
}

// outbox sends numbered messages over the rooms, in sequence, without waiting for answers.
type outbox struct {
	b       *bench
	rooms   int64
	free    chan sender
	sending sync.WaitGroup
	failed  chan error // buffered
}

func (b *bench) outbox(list []sender, rooms int) *outbox {
	o := &outbox{b: b, rooms: int64(rooms), free: make(chan sender, len(list)), failed: make(chan error, 1)}
	for _, q := range list {
		o.free <- q
	}
	return o
}

func (o *outbox) send(i int64) {
	q := <-o.free
	o.sending.Go(func() {
		if err := q.send(int(i%o.rooms), o.b.body(i)); err != nil {
			select {
			case o.failed <- err:
			default:
			}
		}
		o.free <- q
	})
}

// wait waits for all answers, and returns one of the errors.
func (o *outbox) wait() error {
	o.sending.Wait()
	select {
	case err := <-o.failed:
		return err
	default:
		return nil
	}
}

// paced runs an open loop over subscribers. It calls meanwhile once counting has begun.
func (b *bench) paced(s subject, c *subscribers, rooms, each int, rate float64, length time.Duration,
	meanwhile func()) (figures, error) {
	warm := int64(max(1, b.warm.Seconds()*rate))
	plan := &schedule{every: time.Duration(float64(time.Second) / rate), from: warm}
	plan.total = warm + int64(max(1, length.Seconds()*rate))
	list, err := s.posters(min(64, int(max(2, rate))))
	if err != nil {
		return nil, err
	}
	plan.start = time.Now().Add(50 * time.Millisecond)
	tallies := newOpenTallies(c, plan)

	out := b.outbox(list, rooms)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range warm {
		sleepUntil(plan.planned(i))
		out.send(i)
	}
	sleepUntil(plan.planned(warm))
	f, err := b.during(s.pid(), c, func() {
		if meanwhile != nil {
			go meanwhile()
		}
		for i := warm; i < plan.total; i++ {
			sleepUntil(plan.planned(i))
			out.send(i)
		}
		sleepUntil(plan.planned(plan.total))
		out.sending.Wait()
	})
	if err := errors.Join(err, out.wait()); err != nil {
		return nil, err
	}
	listeners := make([]int, rooms)
	for _, m := range c.members {
		if !m.stalled {
			listeners[m.room]++
		}
	}
	whole := func() bool {
		err = nil
		for i := plan.from; i < plan.total && err == nil; i++ {
			err = complete(tallies, i, listeners[int(i)%rooms])
		}
		return err == nil
	}
	c.until(patience, whole)
	time.Sleep(300 * time.Millisecond) // duplicates would arrive by now
	c.pause(func() { whole() })
	if err != nil {
		return nil, err
	}
	all := newHistogram()
	c.pause(func() {
		for _, t := range tallies {
			all.Merge(t.latency)
		}
	})
	f.latencies(all)
	f["cpu_us_message"] = f["cpu_us"] * float64(each)
	return f, nil
}
