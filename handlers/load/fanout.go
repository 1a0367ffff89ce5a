//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// saturate is a closed loop: 64 messages in flight in one room, as fast as they go.
func (b *bench) saturate(s subject, sockets int, row rowPattern) (figures, error) {
	c, err := s.crowd(b, 1, sockets, search{token: seqToken, skip: row.size(b) - 64})
	if err != nil {
		return nil, err
	}
	defer c.close()
	const inFlight = 64
	senders, err := s.posters(2 * inFlight) // an answer may come after its message has reached everybody
	if err != nil {
		return nil, err
	}
	base := int64(0)
	if p, ok := s.(*place); ok {
		base = p.rooms[0].since
	}
	w := newWindow(c, base, inFlight)
	stop := make(chan struct{})
	var stopped sync.Once
	var failed error
	fail := func(err error) { stopped.Do(func() { failed = err; close(stop) }) }
	var posting sync.WaitGroup
	var posted atomic.Int64
	for _, q := range senders {
		posting.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-w.tokens:
				}
				if err := q.send(0, b.body(1000+posted.Add(1)%1000)); err != nil {
					fail(err)
					return
				}
			}
		})
	}
	time.Sleep(b.warm)
	f, err := b.during(s.pid(), c, func() { sleepOr(b.time, stop) })
	fail(nil)
	posting.Wait()
	if err := errors.Join(err, failed, c.quiet(300*time.Millisecond, patience), c.check()); err != nil {
		return nil, err
	}
	last := base + posted.Load()
	behind, missed := 0, 0
	c.pause(func() {
		for _, m := range c.members {
			if m.pos != last {
				behind++
			}
		}
		for _, t := range w.tallies {
			missed += t.missed
			f["doubled"] += float64(t.doubled)
		}
	})
	if behind > 0 || missed > 0 {
		return nil, fmt.Errorf("%d sockets did not see the last of %d messages, %d rows were left out", behind, posted.Load(), missed)
	}
	return f, nil
}

func sleepOr(d time.Duration, stop <-chan struct{}) {
	select {
	case <-time.After(d):
	case <-stop:
	}
}

// during measures what a server does, and what it costs it, while fn runs.
func (b *bench) during(pid int, c *crowd, fn func()) (figures, error) {
	before, err := cpuTime(pid)
	if err != nil {
		return nil, err
	}
	own, _ := cpuTime(os.Getpid())
	all, err := machine()
	if err != nil {
		return nil, err
	}
	marks, bytes, begun := c.count(deliveries), c.count(received), time.Now()
	fn()
	took := time.Since(begun).Seconds()
	n := float64(c.count(deliveries) - marks)
	after, err := cpuTime(pid)
	if err != nil {
		return nil, err
	}
	ownAfter, _ := cpuTime(os.Getpid())
	allAfter, err := machine()
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errors.New("nothing was delivered")
	}
	return figures{
		"deliveries_s": n / took, "cpu_us": (after - before).Seconds() * 1e6 / n, "MB_s": float64(c.count(received)-bytes) / took / 1e6,
		"cpu": (after - before).Seconds() / took, "generator_cpu": (ownAfter - own).Seconds() / took,
		// What the figures cannot be trusted with: others at work on the machine, and a host that takes it away.
		"others_cpu": max(0, (allAfter.busy-all.busy-(after-before)-(ownAfter-own)).Seconds()/took), "stolen_cpu": (allAfter.stolen - all.stolen).Seconds() / took,
	}, nil
}

// steady is an open loop: so many messages a second over the rooms, one after the other.
func (b *bench) steady(s subject, rooms, each int, rate float64) (figures, error) {
	c, err := s.crowd(b, rooms, each, search{token: planToken})
	if err != nil {
		return nil, err
	}
	defer c.close()
	return b.paced(s, c, rooms, each, rate, b.time, nil)
}

// paced runs an open loop over a crowd. When it has begun to count, meanwhile is called.
func (b *bench) paced(s subject, c *crowd, rooms, each int, rate float64, length time.Duration, meanwhile func()) (figures, error) {
	warm := int64(max(1, b.warm.Seconds()*rate))
	plan := &schedule{every: time.Duration(float64(time.Second) / rate), from: warm}
	plan.total = warm + int64(max(1, length.Seconds()*rate))
	list, err := s.posters(min(64, int(max(2, rate))))
	if err != nil {
		return nil, err
	}
	plan.start = time.Now().Add(50 * time.Millisecond)
	tallies := newOpenTallies(c, plan)

	free := make(chan sender, len(list))
	for _, q := range list {
		free <- q
	}
	var posting sync.WaitGroup
	failed := make(chan error, 1)
	send := func(i int64) {
		q := <-free
		posting.Go(func() {
			if err := q.send(int(i)%rooms, b.body(i)); err != nil {
				select {
				case failed <- err:
				default:
				}
			}
			free <- q
		})
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range warm {
		sleepUntil(plan.planned(i))
		send(i)
	}
	sleepUntil(plan.planned(warm))
	f, err := b.during(s.pid(), c, func() {
		if meanwhile != nil {
			go meanwhile()
		}
		for i := warm; i < plan.total; i++ {
			sleepUntil(plan.planned(i))
			send(i)
		}
		sleepUntil(plan.planned(plan.total))
		posting.Wait()
	})
	if err != nil {
		return nil, err
	}
	select {
	case err := <-failed:
		return nil, err
	default:
	}
	if err := c.quiet(300*time.Millisecond, patience); err != nil {
		return nil, err
	}
	all := newHistogram()
	c.pause(func() {
		listeners := make([]int, rooms)
		for _, m := range c.members {
			if !m.stalled {
				listeners[m.room]++
			}
		}
		for i := plan.from; i < plan.total && err == nil; i++ {
			err = complete(tallies, i, listeners[int(i)%rooms])
		}
		for _, t := range tallies {
			all.Merge(t.latency)
		}
	})
	if err != nil {
		return nil, err
	}
	f.latencies(all)
	f["cpu_us_message"] = f["cpu_us"] * float64(each)
	return f, nil
}
