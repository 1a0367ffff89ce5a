//go:build linux

package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// million compares costs in a channel of a million messages with those in one of a thousand. Requests are sequential,
// so the latencies are the server's own.
func (b *bench) million() error {
	const few, many = 1000, 1_000_000
	for _, n := range []int{few, many} {
		begun := time.Now()
		p, err := b.filledProgram(n)
		if err != nil {
			return err
		}
		b.say("  %d messages written within %v", n, time.Since(begun).Round(time.Millisecond))
		for range b.runs {
			f, err := b.journey(p, n)
			if err != nil {
				_ = p.stop() // the first error is the one to return
				return err
			}
			b.report(fmt.Sprintf("million %d", n), f)
		}
		if err := p.stop(); err != nil {
			return err
		}
	}
	for _, what := range []string{"post", "open", "older page", "permalink"} {
		b.result.hold("million", what+", p50", "ms", fmt.Sprintf("million %d", many), what+"_p50_ms",
			fmt.Sprintf("million %d", few), what+"_p50_ms", atMost(1.3))
	}
	return nil
}

// journey does what one user does in a channel, in sequence.
func (b *bench) journey(p *server, messages int) (figures, error) {
	list, err := p.newPosters(1)
	if err != nil {
		return nil, err
	}
	q, random := list[0], seeded(messages)
	slug := p.channels[0].slug
	get := func(path string) error {
		a, err := q.wire.do(p.get(q.as(p.channels[0]), path))
		if err == nil && a.status != 200 {
			err = fmt.Errorf("GET %s: status %d", path, a.status)
		}
		return err
	}
	steps := []struct {
		name string
		do   func(*rand.Rand) error
	}{
		{"post", func(*rand.Rand) error { _, err := q.post(p.channels[0], b.body(1000)); return err }},
		{"open", func(*rand.Rand) error { return get("/c/" + slug) }},
		{"older page", func(r *rand.Rand) error {
			return get(fmt.Sprintf("/c/%s?before=%d", slug,
				100+r.IntN(messages-100)))
		}},
		{"permalink", func(r *rand.Rand) error { return get(fmt.Sprintf("/c/%s/%d", slug, 50+r.IntN(messages-100))) }},
	}
	f := figures{}
	for _, s := range steps {
		h := newHistogram()
		begun := time.Now()
		for i := 0; time.Since(begun) < b.warm/4+b.time/4; i++ {
			at := time.Now()
			if err := s.do(random); err != nil {
				return nil, errors.Join(fmt.Errorf("%s", s.name), err)
			}
			if at.Sub(begun) > b.warm/4 {
				record(h, at)
			}
		}
		f[s.name+"_p50_ms"] = float64(h.ValueAtQuantile(50)) / 1000
		f[s.name+"_p99_ms"] = float64(h.ValueAtQuantile(99)) / 1000
	}
	return f, nil
}
