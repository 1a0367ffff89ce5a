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
	both(t, usual, func(t *testing.T, s *testServer) {
		good, kept := s.dial()
		must(t, good, raw(0x80|opText, "here"))
		if _, payload, err := next(good); string(payload) != "here" {
			t.Fatalf("%q, %v", payload, err)
		}
		var hears sync.WaitGroup
		var ends []func()
		check := func(name string, want int, stream ...[]byte) {
			line, e := s.dial()
			must(t, line, stream...)
			hears.Go(func() {
				if code := told(t, line); code != want {
					t.Errorf("%s: closed with %d, want %d", name, code, want)
				}
			})
			ends = append(ends, func() {
				over(t, line)
				<-e.gone
			})
		}
		for _, c := range byes {
			check("a close frame with "+strconv.Quote(c.payload), c.code, raw(0x80|opClose, c.payload),
				raw(0x80|opText, "nobody hears it"))
		}
		polite := len(ends)
		for _, c := range illegal {
			check(c.name, c.code, c.stream)
		}
		hears.Wait()
		for _, end := range ends[:polite] {
			end()
		}
		// the rest of a broken stream is ignored, and the client gets time to close
		s.pass(usual.CloseTimeout + time.Second)
		for _, end := range ends[polite:] {
			end()
		}
		flood, e := s.dial()
		go func() {
			for range 100 * usual.Burst {
				if _, err := flood.Write(raw(0x80|opPing, "")); err != nil {
					return // cut off, as expected
				}
			}
		}()
		if code := closed(t, flood); code != ClosePolicy {
			t.Errorf("a flood was closed with %d", code)
		}
		<-e.gone
		must(t, good, raw(0x80|opText, "still here"))
		if op, payload, err := next(good); op != opText || string(payload) != "still here" {
			t.Errorf("%x %q, %v", op, payload, err)
		}
		if kept.conn.isClosing() {
			t.Error("the good one is closed")
		}
		eventually(t, "the others are counted out", func() bool { return s.Len() == 1 })
	})
}

// A client may send Burst frames at once, and PerSecond for long.
func TestFrameRate(t *testing.T) {
	both(t, usual, func(t *testing.T, s *testServer) {
		line, e := s.dial()
		says := func(n int) {
			must(t, line, bytes.Repeat(raw(0x80|opPong, ""), n-1), raw(0x80|opText, "counted"))
			if op, payload, err := next(line); op != opText || string(payload) != "counted" {
				t.Fatalf("%x %q, %v", op, payload, err)
			}
		}
		says(usual.Burst)
		s.pass(time.Second)
		says(usual.PerSecond)
		s.time.Add(int64(time.Second) / int64(usual.PerSecond))
		says(1)
		s.time.Add(int64(time.Second)/int64(usual.PerSecond) - 1)
		must(t, line, raw(0x80|opText, "too early"))
		if code := closed(t, line); code != ClosePolicy {
			t.Error("closed with", code)
		}
		<-e.gone

		line, _ = s.dial()
		s.time.Add(int64(usual.Opening)) // however long it is silent, it may not send more at once
		says(usual.Burst)
		must(t, line, raw(0x80|opText, "one more"))
		if code := closed(t, line); code != ClosePolicy {
			t.Error("closed with", code)
		}
	})
}

func TestConversation(t *testing.T) {
	both(t, usual, func(t *testing.T, s *testServer) {
		line, e := s.dial()
		long := strings.Repeat("long ", 13000)
		s.say(line, e, join(raw(0x80|opText, "one"), raw(0x80|opPing, "p"), raw(opText, "tw"), raw(0x80|opContinuation, "o")))
		for _, part := range [][]byte{raw(0x80|opText, long)[:30000], raw(0x80|opText, long)[30000:]} {
			s.say(line, e, part)
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
		slow, e := s.dial()
		for _, b := range raw(0x80|opText, "drop by drop") {
			s.say(slow, e, []byte{b})
		}
		if _, payload, err := next(slow); string(payload) != "drop by drop" {
			t.Errorf("%q, %v", payload, err)
		}
	})
}

// mayBeSilent are limits for a silent client while other limits are tested.
var mayBeSilent = func() Options {
	o := usual
	o.ReadTimeout = time.Hour
	return o
}()

// A client that does not read delays no other, gets OnWritable when its connection is writable, and is closed if it
// never is.
func TestSlowReader(t *testing.T) {
	both(t, mayBeSilent, func(t *testing.T, s *testServer) {
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
		marks := Flags(0)
		for marks&6 != 6 {
			select {
			case m := <-e.drained:
				marks |= m
			case <-time.After(patience):
				t.Fatal("not told that the line is free; marks:", marks)
			}
		}
		for range 60 {
			e.conn.Send(frame, 0)
		}
		s.stalls(e)
		s.pass(usual.CloseTimeout) // nor do they get the close frame
		if s.Len() != 1 {
			t.Fatal("did not get the time to leave")
		}
		s.pass(time.Second)
		<-e.gone
	})
}

// stalls moves the clock until a stalled connection is closed, and tests when that is.
func (s *testServer) stalls(e *echo) {
	s.t.Helper()
	since := func() int64 {
		e.conn.mu.Lock()
		defer e.conn.mu.Unlock()
		return e.conn.stalled
	}
	// The kernel may still take more for a while; each time the timeout starts anew.
	for last, deadline := since(), time.Now().Add(patience); ; s.pass(time.Second) {
		now := since()
		stuck := s.time.Load() - last
		switch {
		case e.conn.isClosing():
			if stuck <= int64(usual.WriteTimeout) {
				s.t.Errorf("closed when it had been stuck for %v", time.Duration(stuck))
			}
			return
		case now != last:
			last = now
		case stuck > int64(usual.WriteTimeout), time.Now().After(deadline):
			s.t.Fatalf("still open when it has been stuck for %v", time.Duration(stuck))
		}
	}
}

// A client that reads slowly is not stalled until it stops.
func TestSlowReaderGoesOn(t *testing.T) {
	both(t, mayBeSilent, func(t *testing.T, s *testServer) {
		line, e := s.dial()
		must(t, line, raw(0x80|opText, "hello"))
		if _, _, err := next(line); err != nil {
			t.Fatal(err)
		}
		const n = 200
		frame := Text(bytes.Repeat([]byte("x"), 128<<10))
		for range n {
			e.conn.Send(frame, 1)
		}
		for range 4 {
			s.pass(usual.WriteTimeout - time.Second)
			for moved := false; !moved; {
				if _, _, err := next(line); err != nil {
					t.Fatal("cut off while reading:", err)
				}
				e.conn.mu.Lock()
				moved = e.conn.stalled == s.time.Load()
				e.conn.mu.Unlock()
			}
		}
		s.stalls(e)
	})
}

func TestCloseTellsEveryone(t *testing.T) {
	both(t, usual, func(t *testing.T, s *testServer) {
		answering, _ := s.dial()
		silent, e := s.dial()
		must(t, answering, raw(0x80|opText, "hi"))
		if _, _, err := next(answering); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		go func() { done <- s.Close(ctx, CloseRestart) }()
		if code := closed(t, answering); code != CloseRestart {
			t.Error("closed with", code)
		}
		if op, payload, err := next(silent); op != opClose ||
			!bytes.Equal(payload, []byte{CloseRestart >> 8, CloseRestart & 0xFF}) {
			t.Errorf("%x %x, %v", op, payload, err)
		}
		eventually(t, "the one that answered is gone", func() bool { return s.Len() == 1 })
		s.pass(usual.CloseTimeout)
		if s.Len() != 1 || len(done) > 0 {
			t.Error("the silent one did not get the time to answer")
		}
		s.pass(time.Second)
		if err := <-done; err != nil {
			t.Error(err)
		}
		over(t, silent)
		<-e.gone
	})
}

// A client that does not answer the close frame is cut off when ctx ends.
func TestCloseGivesUp(t *testing.T) {
	both(t, usual, func(t *testing.T, s *testServer) {
		_, e := s.dial()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Close(ctx, CloseRestart); err == nil {
			t.Error("closed as if all had left")
		}
		<-e.gone
	})
}

// BenchmarkSend writes a row to a thousand connections, each of which is read.
func BenchmarkSend(b *testing.B) {
	s := openSite(b, usual, false)
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
