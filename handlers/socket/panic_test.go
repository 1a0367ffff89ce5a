package socket

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestPanicEndsItsConnection: a panic in a connection's handler used to end the program, and all users' pages with it.
func TestPanicEndsItsConnection(t *testing.T) {
	lines := make(logged, 100)
	limits := usual
	limits.Log = slog.New(slog.NewTextHandler(lines, nil))
	both(t, limits, func(t *testing.T, s *testServer) {
		good, kept := s.dial()
		rash, e := s.dial()
		must(t, rash, raw(0x80|opText, "panic"), raw(0x80|opText, "nobody hears it"))
		if code := told(t, rash); code != CloseFailed {
			t.Errorf("closed with %d, want %d", code, CloseFailed)
		}
		s.pass(usual.CloseTimeout + time.Second)
		over(t, rash)
		<-e.gone // it panics too
		eventually(t, "it is counted out", func() bool { return s.Len() == 1 })
		must(t, good, raw(0x80|opText, "still here"))
		if op, payload, err := next(good); op != opText || string(payload) != "still here" {
			t.Errorf("%x %q, %v", op, payload, err)
		}
		if kept.conn.isClosing() {
			t.Error("another connection is closed")
		}
		another, _ := s.dial()
		must(t, another, raw(0x80|opText, "new"))
		if _, payload, err := next(another); string(payload) != "new" {
			t.Errorf("%q, %v", payload, err)
		}
	})
	t.Cleanup(func() {
		if line := <-lines; !strings.Contains(line, "as asked") || !strings.Contains(line, "echo") {
			t.Errorf("the log does not say where it happened: %s", line)
		}
	})
}

// TestPanicInGoingOn: OnWritable runs in the writer's goroutine, or in a worker's.
func TestPanicInGoingOn(t *testing.T) {
	limits := usual
	limits.Log = slog.New(slog.DiscardHandler)
	both(t, limits, func(t *testing.T, s *testServer) {
		line, e := s.dial()
		must(t, line, raw(0x80|opText, "hello"))
		if _, _, err := next(line); err != nil {
			t.Fatal(err)
		}
		e.rash.Store(true)
		big := Text(make([]byte, 8<<20)) // more than any connection takes at once
		e.conn.Send(big, 1)
		if code := told(t, line); code != CloseFailed {
			t.Errorf("closed with %d, want %d", code, CloseFailed)
		}
		over(t, line)
		<-e.gone
		another, _ := s.dial()
		must(t, another, raw(0x80|opText, "new"))
		if _, payload, err := next(another); string(payload) != "new" {
			t.Errorf("%q, %v", payload, err)
		}
	})
}

// TestWorkerPoolGoesOn: other functions still run.
func TestWorkerPoolGoesOn(t *testing.T) {
	w := WorkerPool{Most: 1, Log: slog.New(slog.DiscardHandler)}
	done := make(chan int, 3)
	for i := range 3 {
		w.Do(func() {
			if i == 1 {
				panic("in a piece of work")
			}
			done <- i
		})
	}
	w.Wait()
	if first, second := <-done, <-done; first != 0 || second != 2 {
		t.Error(first, second)
	}
}

// logged is the log's lines; lines beyond the capacity are dropped.
type logged chan string

func (l logged) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}
