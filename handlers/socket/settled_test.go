package socket

import (
	"context"
	"testing"
	"time"
)

// After a crowd has come, and nobody else for a moment, that is told once.
func TestSettled(t *testing.T) {
	told := make(chan int, 10)
	o := usual
	o.Opening = time.Hour // nobody says anything here
	o.PingEvery, o.Silent = o.Opening, o.Opening
	var s *site
	o.Settled = func() { told <- s.Len() }
	s = openSite(t, o, false)
	for range settlesFrom - 1 {
		s.dial()
	}
	s.pass(2 * moment)
	if s.settled != 0 {
		t.Error("told of too few")
	}
	s.dial()
	s.pass(moment)
	if s.settled != 0 {
		t.Error("told while they still come")
	}
	s.pass(time.Second)
	if n := <-told; n != settlesFrom || s.settled != settlesFrom {
		t.Errorf("told when there were %d connections", n)
	}
	s.pass(2 * moment)
	for range settlesFrom - 1 {
		s.dial()
	}
	s.pass(2 * moment)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = s.Close(ctx, CloseRestart) // and waits for all goroutines; nobody answers
	if len(told) > 0 {
		t.Error("told again")
	}
}
