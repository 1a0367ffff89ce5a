//go:build linux

package main

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const posters = 256

// posting measures how fast messages are acknowledged: from 256 users at once, and from one.
func (b *bench) posting() error {
	for run := range b.runs {
		bare, err := b.bareTransactions(filepath.Join(b.dir, fmt.Sprintf("bare-%d", run)))
		if err != nil {
			return fmt.Errorf("bare SQLite: %w", err)
		}
		b.report("posting bare", bare)
		own, err := b.posts()
		if err != nil {
			return err
		}
		own["lone_bare_ms"] = bare["lone_p50_ms"] + own["round_trip_ms"]
		b.report("posting chit-chat", own)
	}
	r := &b.result
	r.hold("posting", "256 posters", "messages/s", "posting chit-chat", "messages_s", "posting bare", "messages_s",
		atLeast(0.6))
	r.hold("posting", "256 posters", "messages/s", "posting chit-chat", "messages_s", "", "", valueAtLeast(5000))
	r.hold("posting", "lone post, p50", "ms", "posting chit-chat", "lone_p50_ms", "posting chit-chat", "lone_bare_ms",
		atMost(2))
	return nil
}

// bareTransactions measures SQLite in a loop, with 256 messages per transaction and with one.
func (b *bench) bareTransactions(dir string) (figures, error) {
	if err := mkdir(dir); err != nil {
		return nil, err
	}
	s, err := openBareStore(dir, posters)
	if err != nil {
		return nil, err
	}
	defer s.db.Close() //nolint:errcheck // the folder is deleted
	f := figures{}
	one := newHistogram()
	for end := time.Now().Add(b.time / 3); time.Now().Before(end); {
		begun := time.Now()
		if err := s.post(1, b.body(1000)); err != nil {
			return nil, err
		}
		record(one, begun)
	}
	f["lone_p50_ms"] = float64(one.ValueAtQuantile(50)) / 1000
	first, begun := s.sent, time.Now()
	for time.Since(begun) < b.time {
		if err := s.post(posters, b.body(1000)); err != nil {
			return nil, err
		}
	}
	f["messages_s"] = float64(s.sent-first) / time.Since(begun).Seconds()
	return f, nil
}

func record(h *hdrhistogram.Histogram, begun time.Time) {
	_ = h.RecordValue(max(1, time.Since(begun).Microseconds())) // out of range: more than a minute
}

// posts posts to the program over HTTP.
func (b *bench) posts() (figures, error) {
	p, err := b.program()
	if err != nil {
		return nil, err
	}
	defer p.stop() //nolint:errcheck // every request was answered
	if err := p.found(1); err != nil {
		return nil, err
	}
	list, err := p.newPosters(posters)
	if err != nil {
		return nil, err
	}
	if _, err := list[0].post(p.channels[0], b.body(1000)); err != nil {
		return nil, err
	}
	f := figures{}
	alone, trip := newHistogram(), newHistogram()
	for end := time.Now().Add(b.time / 3); time.Now().Before(end); {
		begun := time.Now()
		if _, err := list[0].post(p.channels[0], b.body(1000)); err != nil {
			return nil, err
		}
		record(alone, begun)
		begun = time.Now()
		if _, err := list[0].wire.do(request("GET", "/healthz", p.addr, nil)); err != nil {
			return nil, err
		}
		record(trip, begun)
	}
	f["lone_p50_ms"] = float64(alone.ValueAtQuantile(50)) / 1000
	f["round_trip_ms"] = float64(trip.ValueAtQuantile(50)) / 1000

	var acknowledged atomic.Int64
	from := time.Now().Add(b.warm)
	end := from.Add(b.time)
	cpu := make(chan time.Duration, 1)
	go func() {
		time.Sleep(time.Until(from))
		used, _ := cpuTime(p.pid())
		cpu <- used
	}()
	err = parallel(posters, posters, func(i int) error {
		for time.Now().Before(end) {
			if _, err := list[i].post(p.channels[0], b.body(1000)); err != nil {
				return err
			}
			if now := time.Now(); now.After(from) && now.Before(end) {
				acknowledged.Add(1)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	used, err := cpuTime(p.pid())
	f["messages_s"] = float64(acknowledged.Load()) / b.time.Seconds()
	f["cpu_us"] = (used - <-cpu).Seconds() * 1e6 / float64(acknowledged.Load())
	return f, err
}
