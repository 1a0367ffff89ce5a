//go:build linux

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// begin measures the start: the time to the first answered page, with a new data folder and with an old one, and the
// memory of the idle program.
func (b *bench) begin() error {
	size, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	b.servers++
	dir := filepath.Join(b.dir, "data-"+strconv.Itoa(b.servers))
	for run := range b.runs + 1 {
		f, err := b.beginOnce(dir)
		if err != nil {
			return err
		}
		f["binary_MB"] = float64(size.Size()) / 1e6
		if run == 0 {
			b.report("start new", f)
		} else {
			b.report("start", f)
		}
	}
	r := &b.result
	r.hold("start", "first page, on a new folder", "ms", "start new", "first_ms", "", "", goal{})
	r.hold("start", "first page", "ms", "start", "first_ms", "", "", valueAtMost(50))
	r.hold("start", "memory (RSS) after it", "MB", "start", "rss_MB", "", "", valueAtMost(15))
	r.hold("start", "binary", "MB", "start", "binary_MB", "", "", valueAtMost(25))
	return nil
}

func (b *bench) beginOnce(dir string) (f figures, err error) {
	addr, err := ephemeral()
	if err != nil {
		return nil, err
	}
	first := make(chan time.Duration, 1)
	begun := time.Now()
	go func() {
		for time.Since(begun) < patience {
			if answers(addr) {
				break
			}
			time.Sleep(500 * time.Microsecond)
		}
		first <- time.Since(begun)
	}()
	p, err := b.programAt(dir, addr)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	took := <-first
	time.Sleep(2 * time.Second)
	m, err := memoryOf(p.pid())
	return figures{
		"first_ms": took.Seconds() * 1000, "listens_ms": p.took.Seconds() * 1000,
		"rss_MB": float64(m.Rss) / 1e6, "pss_MB": float64(m.Pss) / 1e6,
	}, err
}

func answers(addr string) bool {
	w, err := dial(addr, false)
	if err != nil {
		return false
	}
	defer w.Close() //nolint:errcheck // it was answered
	a, err := w.do(request("GET", "/signin", addr, nil))
	return err == nil && a.status == 200
}
