//go:build linux

package main

import (
	"bytes"
	"errors"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"chitchat/handlers/leaktest"
)

// TestMain lets the test binary also be the bare loop, which the generator starts as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
		return
	}
	leaktest.Main(m)
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

// A whole run with twenty sockets: the program and the bare loop in processes of their own, a closed and an open loop.
func TestTwentySockets(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	b := &bench{
		runs: 1, size: 100, readers: 2, shards: 2, time: 200 * time.Millisecond, warm: 50 * time.Millisecond,
		silence: 300 * time.Millisecond, dir: t.TempDir(), log: t.Output(), rows: make(map[int]rowPattern),
	}
	var flags []string
	if raceDetector() { // as the tests: its packages are built already
		flags = []string{"-race"}
	}
	var err error
	if b.binary, err = build(t.TempDir(), nil, flags...); err != nil {
		t.Fatal(err)
	}
	if err := b.prepare(); err != nil {
		t.Fatal(err)
	}
	err = b.both("closed", func(s subject, row rowPattern) (figures, error) { return b.saturate(s, 20, row) })
	if err != nil {
		t.Fatal("closed loop:", err)
	}
	err = b.both("open", func(s subject, _ rowPattern) (figures, error) { return b.steady(s, 4, 5, 100) })
	if err != nil {
		t.Fatal("open loop:", err)
	}
	for _, key := range []string{"closed bare", "closed chit-chat", "open bare", "open chit-chat"} {
		if n := b.result.median(key, "deliveries_s"); !(n > 0) {
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

// raceDetector reports whether the tests are built with it.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// A client that has the bare loop's handshake answer misses no row sent from then on.
func TestBareLoopMissesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a process")
	}
	b := &bench{runs: 1, size: 100, readers: 1, shards: 2, dir: t.TempDir(), log: t.Output(), self: os.Args[0]}
	row := rowPattern{[3][]byte{seqToken, []byte(`">`), nil}}
	s, err := b.bareLoop(row)
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop() //nolint:errcheck // a signal ends it
	s.seq = make([]int64, 1)
	buf := make([]byte, 4096)
	for i := range 300 {
		fd, _, err := connect(s.addr, "/live?room=0", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.send(0, b.body(int64(i))); err != nil {
			t.Fatal(err)
		}
		n, err := unix.Read(fd, buf)
		for errors.Is(err, unix.EINTR) { // a signal interrupts a read with a timeout
			n, err = unix.Read(fd, buf)
		}
		if err != nil || !strings.Contains(string(buf[:max(n, 0)]), "planned-"+strconv.Itoa(i)+" ") {
			t.Fatalf("socket %d got %q, %v", i, buf[:max(n, 0)], err)
		}
		_ = unix.Close(fd)
	}
}
