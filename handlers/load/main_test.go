//go:build linux

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the bare loop too, which the generator starts as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestListAndUnknownScenario(t *testing.T) {
	var out bytes.Buffer
	if err := start([]string{"-list"}, &out, &out); err != nil || strings.Count(out.String(), "\n") != len(scenarios) {
		t.Errorf("%v\n%s", err, &out)
	}
	if err := start([]string{"nonsense"}, &out, &out); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("got %v, want what is wrong", err)
	}
}

// The whole way with twenty sockets: the program and the bare loop in processes of their own, a closed and an open loop.
func TestTwentySockets(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	b := &bench{
		runs: 1, size: 100, readers: 2, shards: 2, time: 200 * time.Millisecond, warm: 50 * time.Millisecond,
		silence: 300 * time.Millisecond, dir: t.TempDir(), log: t.Output(), rows: make(map[int]rowPattern),
	}
	if err := b.prepare(); err != nil {
		t.Fatal(err)
	}
	err := b.both("closed", func(s subject, row rowPattern) (figures, error) { return b.saturate(s, 20, row) })
	if err != nil {
		t.Fatal("closed loop:", err)
	}
	err = b.both("open", func(s subject, _ rowPattern) (figures, error) { return b.steady(s, 4, 5, 100) })
	if err != nil {
		t.Fatal("open loop:", err)
	}
	for _, key := range []string{"closed bare", "closed chit-chat", "open bare", "open chit-chat"} {
		if n := b.result.median(key, "deliveries_s"); !(n > 100) {
			t.Errorf("%s: %v deliveries/s", key, n)
		}
	}
	if p50 := b.result.median("open chit-chat", "p50_ms"); !(p50 > 0) {
		t.Errorf("p50 %v", p50)
	}
	if f := b.result.Runs["closed chit-chat"][0]; f["doubled"] > 0 {
		t.Errorf("%v rows came twice", f["doubled"])
	}
}
