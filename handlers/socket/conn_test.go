package socket

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestClientsThatMisbehave(t *testing.T) {
	patient := quick
	patient.Silent = time.Minute // the good one says nothing while the others are tried
	both(t, patient, func(t *testing.T, s *site) {
		good, _ := s.dial()
		must(t, good, raw(0x80|opText, "here"))
		if _, payload, err := next(good); string(payload) != "here" {
			t.Fatalf("%q, %v", payload, err)
		}
		var told sync.WaitGroup // side by side, for each has its time to answer
		check := func(name string, want int, stream ...[]byte) {
			line, e := s.dial()
			must(t, line, stream...)
			told.Go(func() {
				if code := closed(t, line); code != want {
					t.Errorf("%s: closed with %d, want %d", name, code, want)
				}
				<-e.gone
			})
		}
		for _, c := range illegal {
			check(c.name, c.code, c.stream)
		}
		for _, c := range byes {
			check("a close frame with "+strconv.Quote(c.payload), c.code, raw(0x80|opClose, c.payload), raw(0x80|opText, "nobody hears it"))
		}
		told.Wait()
		flood, e := s.dial()
		go func() {
			for range 100 * quick.Burst {
				if _, err := flood.Write(raw(0x80|opPing, "")); err != nil {
					return // cut off, as it should be
				}
			}
		}()
		if code := closed(t, flood); code != ClosePolicy {
			t.Errorf("a flood was closed with %d", code)
		}
		<-e.gone
		must(t, good, raw(0x80|opText, "still here"))
		op, payload, err := next(good)
		for op == opPing && err == nil {
			op, payload, err = next(good)
		}
		if op != opText || string(payload) != "still here" {
			t.Errorf("%x %q, %v", op, payload, err)
		}
	})
}

func TestConversation(t *testing.T) {
	both(t, quick, func(t *testing.T, s *site) {
		line, e := s.dial()
		long := strings.Repeat("long ", 13000)
		must(t, line, raw(0x80|opText, "one"), raw(0x80|opPing, "p"), raw(opText, "tw"), raw(0x80|opContinuation, "o"))
		for _, part := range [][]byte{raw(0x80|opText, long)[:30000], raw(0x80|opText, long)[30000:]} {
			must(t, line, part)
			time.Sleep(20 * time.Millisecond)
		}
		for _, want := range []string{"1 one", "10 p", "1 two", "1 " + long} {
			op, payload, err := next(line)
			if got := strconv.Itoa(int(op)) + " " + string(payload); err != nil || got != want {
				t.Fatalf("%.40q, %v, want %.40q", got, err, want)
			}
		}
		must(t, line, raw(0x80|opText, "4401"))
		if code := closed(t, line); code != 4401 {
			t.Error("closed with", code)
		}
		<-e.gone
		if !e.conn.Send(Text([]byte("late")), 1) || e.conn.Busy(1) {
			t.Error("a connection that has gone is busy")
		}
		slow, _ := s.dial()
		for _, b := range raw(0x80|opText, "drop by drop") {
			must(t, slow, []byte{b})
			time.Sleep(2 * time.Millisecond)
		}
		if _, payload, err := next(slow); string(payload) != "drop by drop" {
			t.Errorf("%q, %v", payload, err)
		}
	})
}

// One who does not read holds up nobody, is told when the line is free, and is closed when it never is.
func TestSlowReader(t *testing.T) {
	both(t, quick, func(t *testing.T, s *site) {
		line, e := s.dial()
		must(t, line, raw(0x80|opText, "hello"))
		if _, _, err := next(line); err != nil {
			t.Fatal(err)
		}
		frame := Text(bytes.Repeat([]byte("x"), 256<<10))
		n := 0
		for e.conn.Send(frame, 2) || s.tls && n < 60 {
			n++
		}
		e.conn.Send(Text([]byte("last")), 4)
		for range n + 1 {
			if _, payload, err := next(line); err != nil || len(payload) != 256<<10 {
				t.Fatal(len(payload), err)
			}
		}
		if _, payload, err := next(line); string(payload) != "last" {
			t.Fatalf("%.20q, %v", payload, err)
		}
		marks := Mark(0)
		for marks&6 != 6 {
			select {
			case m := <-e.drained:
				marks |= m
			case <-time.After(5 * time.Second):
				t.Fatal("not told that the line is free; marks:", marks)
			}
		}
		start := time.Now()
		for range 60 {
			e.conn.Send(frame, 0)
		}
		<-e.gone
		if d := time.Since(start); d < quick.Stalled || d > quick.Stalled+4*time.Second {
			t.Error("closed after", d)
		}
	})
}

func TestSweep(t *testing.T) {
	both(t, quick, func(t *testing.T, s *site) {
		t.Run("one that never says hello", func(t *testing.T) {
			t.Parallel()
			line, _ := s.dial()
			if code := closed(t, line); code != CloseTryAgain {
				t.Error("closed with", code)
			}
		})
		t.Run("one that answers pings stays, one that does not goes", func(t *testing.T) {
			t.Parallel()
			alive, dead := make(chan byte, 100), time.Now()
			one, _ := s.dial()
			two, e := s.dial()
			must(t, one, raw(0x80|opText, "a"))
			must(t, two, raw(0x80|opText, "b"))
			go func() {
				defer close(alive)
				for {
					op, payload, err := next(one)
					if err != nil {
						return
					}
					if op == opPing {
						_, _ = one.Write(raw(0x80|opPong, string(payload)))
					}
					alive <- op
				}
			}()
			<-e.gone
			if d := time.Since(dead); d < quick.Silent-time.Second || d > quick.Silent+5*time.Second {
				t.Error("gone after", d)
			}
			must(t, one, raw(0x80|opText, "end"))
			for {
				select {
				case op, ok := <-alive:
					if !ok {
						t.Fatal("the one that answered is gone")
					}
					if op == opText && len(alive) == 0 {
						_ = one.Close()
						for range alive { // until the reader has ended
						}
						return
					}
				case <-time.After(5 * time.Second):
					t.Fatal("no answer")
				}
			}
		})
	})
}

func TestCloseTellsEveryone(t *testing.T) {
	both(t, quick, func(t *testing.T, s *site) {
		answering, _ := s.dial()
		silent, _ := s.dial()
		must(t, answering, raw(0x80|opText, "hi"))
		if _, _, err := next(answering); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		go func() { done <- s.Close(ctx, CloseRestart) }()
		if code := closed(t, answering); code != CloseRestart {
			t.Error("closed with", code)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if code := closed(t, silent); code != CloseRestart {
			t.Error("closed with", code)
		}
	})
}

// BenchmarkSend writes a row to a thousand connections, each of which is read.
func BenchmarkSend(b *testing.B) {
	s := openSite(b, quick, false)
	const n = 1000
	frame := Text(bytes.Repeat([]byte("x"), 700))
	conns := make([]*Conn, n)
	for i := range conns {
		line, e := s.dial()
		conns[i] = e.conn
		go func() { _, _ = io.Copy(io.Discard, line) }()
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range conns {
			c.Send(frame, 0)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/delivery")
}
