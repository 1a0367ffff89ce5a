package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// flaky runs the tests repeatedly, in a different order each time, while every core is busy, and reports what failed
// how often. A test that fails only then shows a fault of the test or of the program, too.
func (s *suite) flaky(ctx context.Context) error {
	stop := busy()
	defer stop()
	r, times, patterns := newReport(s.out), make(map[string]int), everyPackage
	if s.only != "" {
		patterns = []string{s.only}
	}
	for i := range s.times {
		say(s.out, "-- run %d of %d\n", i+1, s.times)
		before := len(r.failed)
		var err error
		for _, g := range groups {
			err = errors.Join(err, r.test(ctx, g, patterns, "-count=1"))
		}
		for _, name := range innermost(r.failed[before:]) {
			times[name]++
		}
		if err != nil {
			return errors.Join(err, s.tellFailures(times))
		}
	}
	return errors.Join(r.tell(s.slow), s.tellFailures(times))
}

// innermost returns what failed in one run, without tests and packages that failed only because of a part of them.
func innermost(failed []result) (names []string) {
	for _, res := range failed {
		if !slices.ContainsFunc(failed, res.holds) {
			names = append(names, res.name())
		}
	}
	return names
}

// holds reports whether the other is a part of it.
func (r result) holds(other result) bool {
	if r.pkg != other.pkg || r.test == "" {
		return r.pkg == other.pkg && other.test != ""
	}
	return strings.HasPrefix(other.test, r.test+"/")
}

// tellFailures prints how often each test failed.
func (s *suite) tellFailures(times map[string]int) error {
	if len(times) == 0 {
		return nil
	}
	names := slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b))
	})
	for _, name := range names {
		say(s.out, "failed %d of %d times: %s\n", times[name], s.times, name)
	}
	return fmt.Errorf("%d tests failed at least once in %d runs", len(names), s.times)
}

// busy keeps every core busy until stop is called.
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
