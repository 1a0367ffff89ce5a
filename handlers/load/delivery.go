//go:build linux

package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

func sortedNames(f figures) []string { return slices.Sorted(maps.Keys(f)) }

// pattern learns from the program what its rows look like, for messages of the bench's size.
func (b *bench) pattern() (rowPattern, error) {
	if r, ok := b.rows[b.size]; ok {
		return r, nil
	}
	if b.row > 0 {
		r := rowPattern{[3][]byte{seqToken, []byte(`">`), nil}}
		b.size = max(0, b.row-r.size(b)+b.size)
		b.rows[b.size], b.result.RowBytes = r, r.size(b)
		return r, nil
	}
	p, err := b.program()
	if err != nil {
		return rowPattern{}, err
	}
	defer p.stop() //nolint:errcheck // nothing depends on it
	if err := p.found(1); err != nil {
		return rowPattern{}, err
	}
	list, err := p.newPosters(1)
	if err != nil {
		return rowPattern{}, err
	}
	row, err := list[0].post(p.channels[0], b.body(1000))
	if err != nil {
		return rowPattern{}, err
	}
	r, err := newRowPattern(row, b.body(1000))
	if err != nil {
		return rowPattern{}, err
	}
	b.rows[b.size], b.result.RowBytes = r, r.size(b)
	return r, nil
}

// both runs a function against the bare loop and against the program, in turn.
func (b *bench) both(key string, run func(subject, rowPattern) (figures, error)) error {
	row, err := b.pattern()
	if err != nil {
		return err
	}
	for range b.runs {
		for _, name := range []string{"bare", "chit-chat"} {
			if b.only != "" && b.only != name {
				continue
			}
			var s subject
			if name == "bare" {
				s, err = b.bareLoop(row)
			} else {
				s, err = b.program()
			}
			if err != nil {
				return err
			}
			f, err := run(s, row)
			stopErr := s.stop()
			if err == nil && name != "bare" { // a signal ends the bare loop, which exec reports as an error
				err = stopErr
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			b.report(key+" "+name, f)
		}
	}
	return nil
}

func (b *bench) fanout() error {
	err := b.both("fanout", func(s subject, row rowPattern) (figures, error) { return b.saturate(s, 1000, row) })
	if err != nil {
		return err
	}
	r := &b.result
	r.hold("fanout", "deliveries/s", "/s", "fanout chit-chat", "deliveries_s", "fanout bare", "deliveries_s",
		atLeast(0.75))
	r.hold("fanout", "server CPU per delivery", "µs", "fanout chit-chat", "cpu_us", "fanout bare", "cpu_us", goal{})
	return nil
}

func (b *bench) modest() error {
	for _, at := range []struct {
		key         string
		rooms, each int
		rate        float64
	}{
		{"modest 1×1000", 1, 1000, 10},
		{"modest 100×100", 100, 100, 100},
	} {
		err := b.both(at.key, func(s subject, _ rowPattern) (figures,
			error) {
			return b.steady(s, at.rooms, at.each, at.rate)
		})
		if err != nil {
			return err
		}
		r, own, bare := &b.result, at.key+" chit-chat", at.key+" bare"
		r.hold(at.key, "p50", "ms", own, "p50_ms", bare, "p50_ms", atMost(1.25))
		r.hold(at.key, "p99", "ms", own, "p99_ms", bare, "p99_ms", atMost(1.5))
		r.hold(at.key, "server CPU per delivery", "µs", own, "cpu_us", bare, "cpu_us", atMost(1.35))
	}
	return nil
}

// shapes compares the cost of a delivery in channels of all sizes, at 10,000 deliveries a second: with a share of the
// message's own cost, which a thousand pages divide by a thousand and ten by ten, and without it.
func (b *bench) shapes() error {
	var all []string
	for _, at := range []struct {
		key         string
		rooms, each int
		rate        float64
	}{
		{"shapes 1×10000", 1, 10_000, 1},
		{"shapes 10×1000", 10, 1000, 10},
		{"shapes 1000×10", 1000, 10, 1000},
	} {
		err := b.both(at.key, func(s subject, _ rowPattern) (figures,
			error) {
			return b.steady(s, at.rooms, at.each, at.rate)
		})
		if err != nil {
			return err
		}
		r, own := &b.result, at.key+" chit-chat"
		r.hold(at.key, "server CPU per delivery", "µs", own, "cpu_us", at.key+" bare", "cpu_us", goal{})
		all = append(all, own)
	}
	for _, of := range []struct{ figure, what string }{
		{"cpu_us", "the dearest delivery to the cheapest"},
		{"cpu_us_delivery", "the same without what the message costs"},
	} {
		dear := func(x, y string) int {
			return cmp.Compare(b.result.median(x, of.figure), b.result.median(y, of.figure))
		}
		b.result.hold("shapes", of.what, "µs", slices.MaxFunc(all, dear), of.figure, slices.MinFunc(all, dear), of.figure,
			atMost(1.5))
	}
	return nil
}
