//go:build linux

package main

import (
	"errors"
	"fmt"
	"time"
)

// slow measures what readers who do not read cost the others: 1,000 sockets at 50 large messages/s, once with all of
// them reading and once with a tenth stalled. The messages are large so that the kernel's buffers, some megabytes for
// each socket, are full within the run.
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
	r.hold("slow", "until the stalled are closed", "s", "slow tenth", "closed_s", "", "", valueAtMost(10))
	r.hold("slow", "memory that they cost at most", "MB", "slow tenth", "grown_MB", "", "", goal{})
	return nil
}

func (b *bench) slowOnce(nth int) (f figures, err error) {
	const sockets, rate, size, length = 1000, 50, 7000, 15 * time.Second
	old := b.size
	b.size = size
	defer func() { b.size = old }()
	p, err := b.program()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	c, err := p.crowd(b, 1, sockets, search{token: planToken})
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
	open, err := openSockets(p.pid())
	if err != nil {
		return nil, err
	}
	stalled := c.stall(nth)
	watched := make(chan figures, 1)
	stop := make(chan struct{})
	go func() { watched <- watchStalled(p.pid(), open-stalled, before, stop) }()
	f, err = b.paced(p, c, 1, sockets, rate, length, nil)
	close(stop)
	seen := <-watched
	if err != nil {
		return nil, err
	}
	if seen["closed_s"] == 0 {
		return nil, fmt.Errorf("the stalled were not closed within %v", length)
	}
	for name, v := range seen {
		f[name] = v
	}
	return f, nil
}

// watchStalled waits until the server has no more than so many sockets, and how much memory it took meanwhile. The
// posters' connections come on top, which are a few.
func watchStalled(pid, left int, before memory, stop <-chan struct{}) figures {
	const postersAtMost = 60
	f := figures{}
	begun := time.Now()
	for {
		select {
		case <-stop:
			return f
		case <-time.After(100 * time.Millisecond):
		}
		if m, err := memoryOf(pid); err == nil {
			f["grown_MB"] = max(f["grown_MB"], float64(m.Pss-before.Pss)/1e6)
		}
		if n, err := openSockets(pid); err == nil && n <= left+postersAtMost && f["closed_s"] == 0 {
			f["closed_s"] = time.Since(begun).Seconds()
		}
	}
}
