package socket

import (
	"testing"
	"time"
)

// After a crowd has come, and nobody else for a moment, that is told once.
func TestSettled(t *testing.T) {
	told := make(chan int, 10)
	o := quick
	o.Opening, o.PingEvery, o.Silent = time.Minute, time.Minute, time.Minute // nobody says anything here
	var s *site
	ready := make(chan struct{})
	o.Settled = func() { <-ready; told <- s.Len() }
	s = openSite(t, o, false)
	close(ready)
	for n := range settlesFrom {
		if n == settlesFrom-1 {
			time.Sleep(moment + 1500*time.Millisecond)
			if len(told) > 0 {
				t.Errorf("told after %d connections", n)
			}
		}
		s.dial()
	}
	if n := <-told; n != settlesFrom {
		t.Errorf("told when there were %d connections", n)
	}
	time.Sleep(moment + 1500*time.Millisecond)
	if len(told) > 0 {
		t.Error("told again")
	}
}
