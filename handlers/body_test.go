package handlers

import (
	"testing"
	"time"
)

// A slow connection may take its time; one that sends a byte now and then may not.
func TestUntilNext(t *testing.T) {
	for _, c := range []struct {
		read         int64
		passed, want time.Duration
	}{
		{0, 0, bodyTimeout},
		{1, time.Second, bodyTimeout - time.Second},
		{30, 30 * time.Second, 0},
		{3600, time.Hour, 37*time.Second - time.Hour},
		{60 * 1024, time.Minute, bodyTimeout},        // 1 kB/s
		{3600 * slowestRate, time.Hour, bodyTimeout}, // the slowest
		{100 << 20, time.Minute, bodyTimeout},        // whatever came before, silence is limited
	} {
		if got := untilNext(c.read, c.passed); got != c.want {
			t.Errorf("after %d bytes in %v it has %v for the next, want %v", c.read, c.passed, got, c.want)
		}
	}
}
