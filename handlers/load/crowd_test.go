//go:build linux

package main

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A ping is no news: those of a large crowd never end.
func TestPingsAreQuiet(t *testing.T) {
	for what, c := range map[string]struct {
		sent  []byte
		quiet bool
	}{
		"pings": {[]byte{0x89, 0}, true},
		"words": {textFrame(nil, []byte("word")), false},
	} {
		crowd, err := newCrowd(1, search{token: planToken})
		if err != nil {
			t.Fatal(err)
		}
		ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		m := &member{fd: ends[0]}
		crowd.members = []*member{m}
		if err := crowd.add(0, m, c.sent); err != nil {
			t.Fatal(err)
		}
		stop := make(chan struct{})
		crowd.reading.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
					_, _ = unix.Write(ends[1], c.sent) // the reader tells what came
				}
			}
		})
		if err := crowd.quiet(2*time.Second, 3*time.Second); (err == nil) != c.quiet {
			t.Errorf("after %s: %v", what, err)
		}
		close(stop)
		crowd.close()
		_ = unix.Close(ends[1])
	}
}
