//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestResultHoldsMediansAgainstGoals(t *testing.T) {
	var r result
	for _, v := range []float64{90, 10, 80} {
		r.add("own", figures{"x": v})
		r.add("bare", figures{"x": v + 20})
	}
	r.hold("fanout", "x", "/s", "own", "x", "bare", "x", atLeast(0.75))
	r.hold("fanout", "x", "/s", "own", "x", "bare", "x", atLeast(0.85))
	r.hold("fanout", "x", "ms", "own", "x", "", "", valueAtMost(80))
	r.hold("fanout", "nothing", "ms", "own", "y", "", "", valueAtMost(80))
	var met []bool
	for _, v := range r.Ratios {
		met = append(met, v.Met)
	}
	if len(met) != 3 || !met[0] || met[1] || !met[2] {
		t.Fatalf("met %v, want true, false, true: %+v", met, r.Ratios)
	}
	var table, text bytes.Buffer
	if err := r.table(&table, true); err != nil {
		t.Fatal(err)
	}
	if want := "| fanout: x | 80 /s | 100 | 0.80× | ≥ 0.75× | met |"; !strings.Contains(table.String(), want) {
		t.Errorf("no %q in\n%s", want, &table)
	}
	if err := r.writeJSON(&text); err != nil {
		t.Fatal(err)
	}
	var back result
	if err := json.Unmarshal(text.Bytes(), &back); err != nil || len(back.Runs["own"]) != 3 ||
		back.Ratios[0].Ratio != 0.8 {
		t.Errorf("%+v %v", back, err)
	}
	r.add("own", figures{"others_cpu": 0.9})
	table.Reset()
	if err := r.table(&table, false); err != nil || !strings.Contains(table.String(), "Not clean") {
		t.Errorf("a run that was disturbed is not told apart: %v\n%s", err, &table)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.333: "0.33", 12.34: "12.3", 123.4: "123", 1234567.8: "1,234,568",
		-4321: "-4,321", 7: "7"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
}

// A message's latency counts from its planned time, not from when it was sent.
func TestOpenTallyCountsFromThePlan(t *testing.T) {
	start := time.Now()
	tally := &openTally{schedule: &schedule{start: start, every: time.Second, from: 1, total: 3}, latency: newHistogram(),
		seen: make([]uint16, 3)}
	tally.mark(nil, 0, start.Add(time.Minute)) // warms up
	tally.mark(nil, 1, start.Add(1500*time.Millisecond))
	tally.mark(nil, 2, start.Add(2100*time.Millisecond))
	tally.mark(nil, 3, start)
	f := figures{}
	f.latencies(tally.latency)
	if f["p50_ms"] < 99 || f["p50_ms"] > 101 || f["max_ms"] < 499 || f["max_ms"] > 501 || tally.wrong != 1 {
		t.Errorf("%v, %d wrong", f, tally.wrong)
	}
	if err := complete([]*openTally{tally}, 1, 1); err != nil {
		t.Error(err)
	}
	if err := complete([]*openTally{tally}, 1, 2); err == nil {
		t.Error("a message that reached one of two is complete")
	}
}

// A message is sent when the previous one in the window has reached everyone, whichever readers their sockets belong
// to.
func TestWindowWaitsForTheLast(t *testing.T) {
	c := &subscribers{readers: []*reader{{}, {}}}
	for i := range 4 {
		c.members = append(c.members, &subscriber{reader: c.readers[i%2]})
	}
	w := newWindow(c, 0, 2)
	<-w.tokens
	<-w.tokens
	for i, m := range c.members {
		if len(w.tokens) != 0 {
			t.Fatalf("a message went out when %d of 4 had the first", i)
		}
		m.reader.tally.mark(m, 1, time.Time{})
		m.reader.tally.flush()
	}
	if len(w.tokens) != 1 {
		t.Fatalf("%d messages may go out, want 1", len(w.tokens))
	}
	tally := c.members[0].reader.tally.(*closedTally)
	tally.mark(c.members[0], 1, time.Time{})
	tally.mark(c.members[0], 4, time.Time{})
	if tally.doubled != 1 || tally.missed != 2 {
		t.Errorf("%d doubled, %d missed, want 1 and 2", tally.doubled, tally.missed)
	}
}
