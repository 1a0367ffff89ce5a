//go:build linux

package main

import (
	"errors"
	"fmt"
	"time"
)

// slow measures what stalled readers cost the others: 1,000 sockets at 25 large messages/s, once with all of them
// reading and once with a tenth stalled. The messages are large so that the kernel's buffers, some megabytes per
// socket, fill within the run.
func (b *bench) slow() error {
	for range b.runs {
		for _, nth := range []int{0, 10} {
			key := "slow none"
			if nth > 0 {
				key = "slow tenth"
			}
			f, err := b.slowOnce(nth)
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			b.report(key, f)
		}
	}
	r := &b.result
	r.hold("slow", "p99 of the others, a tenth stalled", "ms", "slow tenth", "p99_ms", "slow none", "p99_ms", atMost(1.5))
	r.hold("slow", "the stalled are closed, after the kernel is full", "s", "slow tenth", "closed_s", "", "",
		valueAtMost(10))
	r.hold("slow", "and after they stopped reading", "s", "slow tenth", "unread_s", "", "", goal{})
	r.hold("slow", "memory that they cost at most", "MB", "slow tenth", "grown_MB", "", "", goal{})
	return nil
}

func (b *bench) slowOnce(nth int) (f figures, err error) {
	const sockets, rate, size, length = 1000, 25, 7000, 44 * time.Second
	old := b.size
	b.size = size
	defer func() { b.size = old }()
	p, err := b.program()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	c, err := p.openSubscribers(b, 1, sockets, search{token: planToken})
	if err != nil {
		return nil, err
	}
	defer c.close()
	before, err := memoryOf(p.pid())
	if err != nil {
		return nil, err
	}
	if nth == 0 {
		return b.paced(p, c, 1, sockets, rate, max(b.time, 5*time.Second), nil)
	}
	if err := c.shortBuffers(nth); err != nil {
		return nil, err
	}
	c.stall(nth)
	ports := make(map[int]bool)
	for _, m := range c.members {
		if m.stalled {
			port, err := localPort(m.fd)
			if err != nil {
				return nil, err
			}
			ports[port] = true
		}
	}
	watched := make(chan figures, 1)
	stop := make(chan struct{})
	go func() { watched <- watchStalled(p.pid(), ports, before, stop) }()
	f, err = b.paced(p, c, 1, sockets, rate, length, nil)
	close(stop)
	seen := <-watched
	if err != nil {
		return nil, err
	}
	if seen["unread_s"] == 0 {
		return nil, fmt.Errorf("the stalled were not closed within %v", length)
	}
	for name, v := range seen {
		f[name] = v
	}
	return f, nil
}

// watchStalled waits until the server has closed the stalled sockets at these ports. First the kernel buffers some
// megabytes for each, during which no stall is visible: each socket's time counts from the moment when the kernel's
// buffer was full.
func watchStalled(pid int, ports map[int]bool, before memory, stop <-chan struct{}) figures {
	f := figures{}
	begun, most := time.Now(), int64(0)
	full, size := make(map[int]time.Time), make(map[int]int64)
	for {
		select {
		case <-stop:
			return f
		case <-time.After(100 * time.Millisecond):
		}
		if m, err := memoryOf(pid); err == nil {
			f["grown_MB"] = max(f["grown_MB"], float64(m.Pss-before.Pss)/1e6)
		}
		if f["unread_s"] > 0 {
			continue
		}
		now, err := queues(ports)
		if err != nil {
			continue
		}
		sum := int64(0)
		for port, q := range now {
			sum += q.size
			if q.open && q.size > size[port] {
				size[port], full[port] = q.size, time.Now()
			}
		}
		for port, since := range full {
			if !now[port].open {
				f["closed_s"] = max(f["closed_s"], time.Since(since).Seconds())
				delete(full, port)
			}
		}
		if most = max(most, sum); len(full) == 0 && most > 0 {
			f["unread_s"], f["kernel_MB"] = time.Since(begun).Seconds(), float64(most)/1e6/float64(len(ports))
		}
	}
}
