//go:build linux

package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"time"
)

// storm restarts the server under 1,000 open pages, posts 50 messages around it, and lets all pages reconnect at once.
func (b *bench) storm() error {
	for range b.runs {
		f, err := b.stormOnce(1000)
		if err != nil {
			return err
		}
		b.report("storm", f)
	}
	b.result.hold("storm", "until 1,000 have caught up", "s", "storm", "caught_up_s", "", "", valueAtMost(5))
	b.result.hold("storm", "rows that came twice", "rows", "storm", "doubled", "", "", goal{})
	return nil
}

func (b *bench) stormOnce(sockets int) (f figures, err error) {
	b.servers++
	dir := filepath.Join(b.dir, "data-"+strconv.Itoa(b.servers))
	addr, err := ephemeral()
	if err != nil {
		return nil, err
	}
	p, err := b.programAt(dir, addr)
	if err != nil {
		return nil, err
	}
	defer func() { _ = p.stop() }() // of the last server; its error does not matter
	c, err := p.openSubscribers(b, 1, sockets, search{token: seqToken})
	if err != nil {
		return nil, err
	}
	defer c.close()
	base := p.channels[0].since
	w := newWindow(c, base, 1)
	post := func(n int) error {
		list, err := p.newPosters(1)
		if err != nil {
			return err
		}
		for range n {
			if _, err := list[0].post(p.channels[0], b.body(1000)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := post(25); err != nil {
		return nil, err
	}
	if err := p.stop(); err != nil {
		return nil, err
	}
	for end := time.Now().Add(patience); c.count(lost) < int64(sockets); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			return nil, fmt.Errorf("%d of %d sockets heard that the server stopped", c.count(lost), sockets)
		}
	}
	again, err := b.programAt(dir, addr)
	if err != nil {
		return nil, err
	}
	p.process = again.process
	begun := time.Now()
	for _, v := range p.people {
		if v.wire, err = dial(p.addr, false); err != nil {
			return nil, err
		}
	}
	posted := make(chan error, 1)
	go func() { posted <- post(25) }()
	err = parallel(sockets, 64, func(i int) error {
		m := c.members[i]
		at := *p.channels[0]
		at.since = m.pos
		fd, early, err := connect(p.addr, "/live", at.hello(), "Cookie", p.people[i].cookie, "Origin", p.origin)
		if err != nil {
			return err
		}
		m.fd, m.code, m.scanner = fd, 0, scanner{}
		return c.add(i, m, early)
	})
	if err != nil {
		return nil, err
	}
	connected := time.Since(begun)
	if err := <-posted; err != nil {
		return nil, err
	}
	for behind := sockets; behind > 0; time.Sleep(5 * time.Millisecond) {
		behind = 0
		c.pause(func() {
			for _, m := range c.members {
				if m.pos < base+50 {
					behind++
				}
			}
		})
		if time.Since(begun) > patience {
			return nil, fmt.Errorf("%d of %d sockets have not caught up", behind, sockets)
		}
	}
	f = figures{"caught_up_s": time.Since(begun).Seconds(), "connected_s": connected.Seconds(),
		"start_ms": again.took.Seconds() * 1000}
	c.pause(func() {
		for _, t := range w.tallies {
			f["doubled"] += float64(t.doubled)
			f["missed"] += float64(t.missed)
		}
	})
	if f["missed"] > 0 {
		return nil, fmt.Errorf("%v rows were left out", f["missed"])
	}
	return f, nil
}
