//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// saturate is a closed loop: 64 messages in flight in one room, as fast as possible.
func (b *bench) saturate(s subject, sockets int, row rowPattern) (figures, error) {
	c, err := s.openSubscribers(b, 1, sockets, search{token: seqToken, skip: row.size(b) / 2})
	if err != nil {
		return nil, err
	}
	defer c.close()
	const inFlight = 64
	senders, err := s.posters(2 * inFlight) // an answer may arrive after its message has reached everyone
	if err != nil {
		return nil, err
	}
	base := int64(0)
	if p, ok := s.(*server); ok {
		base = p.channels[0].since
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
	last := base + posted.Load()
	behind := func(m *subscriber) bool { return m.pos < last }
	c.until(patience, func() bool { return !slices.ContainsFunc(c.members, behind) })
	if err := errors.Join(err, failed, c.quiet(300*time.Millisecond, patience), c.check()); err != nil {
		return nil, err
	}
	late, missed := 0, 0
	c.pause(func() {
		for _, m := range c.members {
			if behind(m) {
				late++
			}
		}
		for _, t := range w.tallies {
			missed += t.missed
			f["doubled"] += float64(t.doubled)
		}
	})
	if late > 0 || missed > 0 {
		return nil, fmt.Errorf("%d sockets did not see the last of %d messages, %d rows were left out", late, posted.Load(),
			missed)
	}
	return f, nil
}

func sleepOr(d time.Duration, stop <-chan struct{}) {
	select {
	case <-time.After(d):
	case <-stop:
	}
}

// during measures a server's work and its cost while fn runs.
func (b *bench) during(pid int, c *subscribers, fn func()) (figures, error) {
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
	// on a busy machine a short run ends before the first
	c.until(patience, func() bool { return c.count(deliveries) > marks })
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
		"deliveries_s": n / took, "cpu_us": (after - before).Seconds() * 1e6 / n,
		"MB_s": float64(c.count(received)-bytes) / took / 1e6,
		"cpu":  (after - before).Seconds() / took, "generator_cpu": (ownAfter - own).Seconds() / took,
		// Circumstances that make the figures unreliable: other processes at work, and a host that takes processor time.
		"others_cpu": max(0, (allAfter.busy-all.busy-(after-before)-(ownAfter-own)).Seconds()/took),
		"stolen_cpu": (allAfter.stolen - all.stolen).Seconds() / took,
	}, nil
}
