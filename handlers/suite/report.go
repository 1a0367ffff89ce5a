package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// event is a line of go test -json: see go doc test2json.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build's output
	Test       string
	Elapsed    float64 // seconds
	Output     string
}

// result is the result of a test.
type result struct {
	pkg, test, action string
	seconds           float64
	output            []string
}

// name returns the test's name, with its package's.
func (r result) name() string {
	return strings.TrimPrefix(r.pkg, "chitchat/") + " " + cmp.Or(r.test, "(the package itself)")
}

// report reads the tests' events, prints failures as they happen, and records the rest.
type report struct {
	out     io.Writer
	running map[string][]string // output of running tests, by package and name
	results []result            // of tests, without the output of those that passed
	failed  []result            // of tests and packages
}

func newReport(out io.Writer) *report { return &report{out: out, running: make(map[string][]string)} }

// read handles events to the end of the stream. It prints lines that are no events.
func (r *report) read(events io.Reader) error {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				say(r.out, "%s", line)
			} else {
				r.take(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		r.running[key] = append(r.running[key], e.Output)
	case "build-output":
		say(r.out, "%s", e.Output)
	case "pass", "fail", "skip":
		res := result{e.Package, e.Test, e.Action, e.Elapsed, r.running[key]}
		delete(r.running, key)
		if e.Action == "fail" {
			r.fail(res)
		}
		if e.Action == "pass" {
			res.output = nil
		}
		if e.Test != "" {
			r.results = append(r.results, res)
		} else if e.Action != "skip" {
			say(r.out, "%-4s %-28s %7.1f s\n", e.Action, strings.TrimPrefix(e.Package, "chitchat/"), e.Elapsed)
		}
	}
}

func (r *report) fail(res result) {
	r.failed = append(r.failed, res)
	say(r.out, "--- FAIL %s\n%s", res.name(), strings.Join(res.output, ""))
	if res.test != "" {
		return
	}
	for key, output := range r.running { // of tests that were running when the package ended
		if strings.HasPrefix(key, res.pkg+" ") {
			say(r.out, "--- under way: %s\n%s", key, strings.Join(output, ""))
			delete(r.running, key)
		}
	}
}

// tell prints the slowest tests, the skipped ones and why, the failures, and how many passed. It returns an error
// unless all passed.
func (r *report) tell(slow int) error {
	passed, failed, skipped := 0, 0, []result{}
	for _, res := range r.results {
		switch res.action {
		case "pass":
			passed++
		case "fail":
			failed++
		case "skip":
			skipped = append(skipped, res)
		}
	}
	slices.SortFunc(r.results, func(a, b result) int { return cmp.Compare(b.seconds, a.seconds) })
	say(r.out, "The slowest tests\n")
	for _, res := range r.results[:min(slow, len(r.results))] {
		say(r.out, "%8.2f s  %s\n", res.seconds, res.name())
	}
	for _, res := range skipped {
		say(r.out, "skipped: %s: %s\n", res.name(), res.reason())
	}
	for _, res := range r.failed {
		say(r.out, "failed: %s\n", res.name())
	}
	say(r.out, "%d passed, %d failed, %d skipped\n", passed, failed, len(skipped))
	if len(r.failed) > 0 {
		return errors.New("tests failed")
	}
	if passed == 0 {
		return errors.New("no test ran")
	}
	return nil
}

// reason returns why a test was skipped: its last line of output.
func (r result) reason() string {
	for _, line := range slices.Backward(r.output) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "===") {
			return line
		}
	}
	return "it does not say why"
}
