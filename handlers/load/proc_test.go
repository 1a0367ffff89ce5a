//go:build linux

package main

import (
	"maps"
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	got, err := parseStat([]byte("42 (a (strange) name) S 1 42 42 0 -1 4194560 1 2 3 4 150 25 7 8 20 0 9 0 100 1 2"))
	if err != nil || got != 1750*time.Millisecond {
		t.Errorf("%v %v, want 1.75s", got, err)
	}
	if _, err := parseStat([]byte("42 (short) S 1 2")); err == nil {
		t.Error("a short line was taken")
	}
}

func TestParseSmaps(t *testing.T) {
	m, err := parseSmaps("00400000-7ffd [rollup]\nRss:            2048 kB\nPss:            1024 kB\nPss_Dirty: " +
		"       10 kB\n")
	if err != nil || m.Rss != 2<<20 || m.Pss != 1<<20 {
		t.Errorf("%+v %v", m, err)
	}
	if _, err := parseSmaps("Size: 3 kB\n"); err == nil {
		t.Error("a text without Rss was taken")
	}
}

func TestParseMachine(t *testing.T) {
	m, err := parseMachine([]byte("cpu  100 10 50 9000 300 20 20 40 7 7\ncpu0 1 2 3\n"))
	if err != nil || m.busy != 2*time.Second || m.stolen != 400*time.Millisecond {
		t.Errorf("%+v %v", m, err)
	}
	if _, err := parseMachine([]byte("intr 1 2 3")); err == nil {
		t.Error("another line was taken")
	}
}

func TestParseQueues(t *testing.T) {
	found, err := parseQueues([]byte(`  sl  local_address rem_address   st tx_queue rx_queue tr tm->when
   0: 0100007F:1F90 0101007F:9C40 01 00000100:00000002 00:00000000 00000000
   1: 0100007F:1F90 0101007F:9C41 01 00001000:00000000 00:00000000 00000000
   2: 0101007F:9C40 0100007F:1F90 01 00000007:00000000 00:00000000 00000000
   3: 0100007F:1F90 0101007F:9C42 04 00000010:00000000 00:00000000 00000000
`), map[int]bool{40000: true, 40002: true})
	if want := map[int]queue{40000: {256, true}, 40002: {16, false}}; err != nil || !maps.Equal(found, want) {
		t.Errorf("%v %v, want %v", found, err, want)
	}
}

func TestProcessOfOurOwn(t *testing.T) {
	m, err := memoryOf(os.Getpid())
	if err != nil || m.Pss <= 0 || m.Rss < m.Pss {
		t.Errorf("memory %+v %v", m, err)
	}
	before, err := cpuTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	after := before
	for end := time.Now().Add(time.Minute); err == nil && after == before && time.Now().Before(end); {
		after, err = cpuTime(os.Getpid())
	}
	if err != nil || after <= before {
		t.Errorf("CPU time went from %v to %v, %v", before, after, err)
	}
}
