package socket

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

// Settled is called once after many connections were opened and traffic has paused.
func TestSettled(t *testing.T) {
	told := make(chan int, 10)
	o := usual
	o.Opening = time.Hour // no client sends anything here
	o.PingEvery, o.ReadTimeout = o.Opening, o.Opening
	var s *testServer
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
	_ = s.Close(ctx, CloseRestart) // waits for all goroutines; no client answers
	if len(told) > 0 {
		t.Error("told again")
	}
}

// TestServeAfterClose: a connection during shutdown is refused before it reaches the poller, whose descriptor is closed
// by then and may be another file's.
func TestServeAfterClose(t *testing.T) {
	s := openSite(t, usual, false)
	if err := s.Close(t.Context(), CloseRestart); err != nil {
		t.Fatal(err)
	}
	here, there := net.Pipe()
	t.Cleanup(func() { _ = here.Close() })
	t.Cleanup(func() { _ = there.Close() })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	client, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	line, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	for _, conn := range []net.Conn{line, here} {
		e := &echo{gone: make(chan struct{}), t: t}
		if err := s.Serve(conn, nil, func(c *Conn) Handler { e.conn = c; return e }); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%T: %v", conn, err)
		}
		<-e.gone
	}
	if n, err := client.Read(make([]byte, 1)); err == nil {
		t.Errorf("the client reads %d bytes", n)
	}
}
