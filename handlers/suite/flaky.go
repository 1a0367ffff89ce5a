package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// flaky runs the tests so many times, in another order each time, while every core is busy with something else, and
// tells what failed how often. What fails only so is a fault of the test or of the program as well.
func (s *suite) flaky(ctx context.Context) error {
	stop := busy()
	defer stop()
	r, failures := newReport(s.out), make(map[string]int)
	for i := range s.times {
		say(s.out, "-- run %d of %d\n", i+1, s.times)
		for _, g := range groups {
			before := len(r.failed)
			if err := r.test(ctx, g, cmp.Or(s.only, "./..."), "-count=1"); err != nil {
				return err
			}
			for _, res := range r.failed[before:] {
				failures[res.name()]++
			}
		}
	}
	err := r.tell(s.slow)
	if len(failures) > 0 {
		return s.tellFailures(failures)
	}
	return err
}

func (s *suite) tellFailures(failures map[string]int) error {
	names := make([]string, 0, len(failures))
	for name := range failures {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(failures[b], failures[a]), cmp.Compare(a, b))
	})
	for _, name := range names {
		say(s.out, "failed %d of %d times: %s\n", failures[name], s.times, name)
	}
	return fmt.Errorf("%d tests failed at least once in %d runs", len(names), s.times)
}

// busy keeps every core at work until stop is called.
func busy() (stop func()) {
	var done atomic.Bool
	var all sync.WaitGroup
	for range runtime.NumCPU() {
		all.Go(func() {
			for !done.Load() {
				continue
			}
		})
	}
	return func() { done.Store(true); all.Wait() }
}
