package socket

import (
	"net"
	"testing"
	"testing/synctest"
	"time"
)

func TestSweep(t *testing.T) {
	both(t, usual, func(t *testing.T, s *testServer) {
		line, e := s.dial()
		s.pass(usual.Opening)
		if e.conn.isClosing() {
			t.Error("closed before its time to say hello is over")
		}
		s.pass(time.Second)
		if code := closed(t, line); code != CloseTryAgain {
			t.Error("one that never said hello was closed with", code)
		}
		<-e.gone
	})
}

// A client that answers pings stays; one that does not is closed.
func TestSilence(t *testing.T) {
	both(t, usual, func(t *testing.T, s *testServer) {
		line, alive := s.dial()
		other, mute := s.dial()
		s.say(line, alive, raw(0x80|opText, "a"))
		s.say(other, mute, raw(0x80|opText, "b"))
		for _, l := range []net.Conn{line, other} {
			if op, payload, err := next(l); op != opText {
				t.Fatalf("%x %q, %v", op, payload, err)
			}
		}
		begun := s.time.Load()
		pings := 0
		for passed := time.Second; passed < 4*usual.ReadTimeout; passed += time.Second {
			s.pass(time.Second)
			for _, e := range []*echo{alive, mute} { // over TLS a goroutine writes the ping
				eventually(t, "the line is free", func() bool { return !e.conn.Busy(0) })
			}
			if passed == usual.ReadTimeout && mute.conn.isClosing() {
				t.Error("gone too early")
			}
			if passed == usual.ReadTimeout+time.Second {
				select {
				case <-mute.gone:
				case <-time.After(patience):
					t.Fatal("the silent one stays")
				}
			}
			alive.conn.mu.Lock()
			due := alive.conn.pinged == s.time.Load()
			alive.conn.mu.Unlock()
			if due {
				op, payload, err := next(line)
				if op != opPing || err != nil {
					t.Fatalf("%x, %v, want a ping", op, err)
				}
				must(t, line, raw(0x80|opPong, string(payload)))
				s.heardNow(alive)
				pings++
			}
		}
		// Each timeout takes effect in the first lap after it.
		if want := int((s.time.Load() - begun) / int64(usual.PingEvery+time.Second)); pings != want {
			t.Errorf("%d pings, want %d", pings, want)
		}
		must(t, line, raw(0x80|opText, "end"))
		if op, payload, err := next(line); op != opText || string(payload) != "end" {
			t.Errorf("the one that answered is gone: %x %q, %v", op, payload, err)
		}
	})
}

// piped opens a connection that is not polled and takes no bytes unless it is read, inside a synctest bubble.
func piped(t *testing.T) (line net.Conn, e *echo, end func()) {
	began := time.Now()
	s := prepare(usual, func() time.Duration { return time.Since(began) })
	s.running.Go("sweeping", s.sweep)
	line, served := net.Pipe()
	e = &echo{gone: make(chan struct{}), t: t}
	if err := s.Serve(served, nil, func(c *Conn) Handler { e.conn = c; return e }); err != nil {
		t.Fatal(err)
	}
	return line, e, func() {
		<-e.gone
		close(s.stop)
		s.running.Wait()
	}
}

// Laps run periodically.
func TestSweepGoesRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line, _, end := piped(t)
		began := time.Now()
		if code := closed(t, line); code != CloseTryAgain {
			t.Error("closed with", code)
		}
		if d := time.Since(began); d <= usual.Opening || d > usual.Opening+time.Second {
			t.Error("closed after", d)
		}
		end()
	})
}

// Sending more to a client that does not read does not extend its time.
func TestStalledIsSinceTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line, e, end := piped(t)
		must(t, line, raw(0x80|opText, "not read"))
		synctest.Wait()
		time.Sleep(usual.WriteTimeout - 2*time.Second)
		for range 2 {
			e.conn.Send(Text([]byte("neither")), 0)
		}
		time.Sleep(2*time.Second - 1)
		if e.conn.isClosing() {
			t.Error("closed too early")
		}
		time.Sleep(2 * time.Second)
		if !e.conn.isClosing() {
			t.Error("what came later gave more time")
		}
		end()
	})
}
