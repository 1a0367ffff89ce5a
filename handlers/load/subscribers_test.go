//go:build linux

package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

// Pings do not count as traffic, however many arrive: those of many subscribers never pause.
func TestPingsAreQuiet(t *testing.T) {
	ping := []byte{0x89, 0}
	for what, c := range map[string]struct {
		sent  []byte
		quiet bool
	}{
		"pings":              {ping, true},
		"pings at once":      {bytes.Repeat(ping, 3), true},
		"words":              {textFrame(nil, []byte("word")), false},
		"words after a ping": {textFrame(ping, []byte("word")), false},
	} {
		t.Run(what, func(t *testing.T) {
			subscribers, err := newSubscribers(1, search{token: planToken})
			if err != nil {
				t.Fatal(err)
			}
			ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
			if err != nil {
				t.Fatal(err)
			}
			m := &subscriber{fd: ends[0]}
			subscribers.members = []*subscriber{m}
			if err := subscribers.add(0, m, c.sent); err != nil {
				t.Fatal(err)
			}
			if n := subscribers.count(received); n != int64(len(c.sent)) {
				t.Errorf("%d bytes came, want %d", n, len(c.sent))
			}
			if quiet := m.reader.lastRead.Load() == 0; quiet != c.quiet {
				t.Errorf("quiet: %v, want %v", quiet, c.quiet)
			}
			subscribers.close()
			_ = unix.Close(ends[1])
		})
	}
}

// quiet returns after a pause in traffic, and reports when there is none.
func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := new(reader)
		c := &subscribers{readers: []*reader{new(reader), r}}
		begun := time.Now()
		r.lastRead.Store(begun.UnixNano())
		if err := c.quiet(2*time.Second, time.Minute); err != nil || time.Since(begun) <= 2*time.Second ||
			time.Since(begun) > 2100*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Second):
					r.lastRead.Store(time.Now().UnixNano())
				}
			}
		}()
		r.lastRead.Store(time.Now().UnixNano())
		if err := c.quiet(2*time.Second, time.Minute); err == nil {
			t.Error("at rest, though something comes every second")
		}
		close(stop)
	})
}
