package handlers

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSignOutCutsSockets(t *testing.T) {
	s := openSite(t)
	p, q := s.person("Ann"), s.person("Bob")
	one, two := p.dial(s.at()), p.dial(hello{})
	other := q.dial(s.at())
	one.until("online")
	two.until("online")
	start := time.Now()
	p.post("/signout", nil).want(303)
	q.say("not for Ann")
	for _, k := range []*page{one, two} {
		if code := k.closed(time.Second); code != closeSignedOut {
			t.Errorf("closed with %d", code)
		}
		if strings.Contains(k.seen.String(), "not for Ann") {
			t.Error("heard after signing out")
		}
	}
	if d := time.Since(start); d > time.Second {
		t.Error("took", d)
	}
	other.until("not for Ann")
}

func TestSilentAndSlowSockets(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a time limit")
	}
	s := openSite(t)
	p, q := s.person("Ann"), s.person("Bob")
	t.Run("one that never says hello", func(t *testing.T) {
		t.Parallel()
		k, start := p.open(), time.Now()
		_ = k.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, _, err := k.conn.ReadMessage()
		if d := time.Since(start); err == nil || d < socketLimits.Opening-time.Second || d > socketLimits.Opening+5*time.Second {
			t.Errorf("ended after %v with %v", d, err)
		}
	})
	t.Run("one that never reads holds nobody up", func(t *testing.T) {
		t.Parallel()
		p.dial(s.at()) // and that is all it does
		other := q.dial(s.at())
		body := strings.Repeat("very long ", 780)
		start := time.Now()
		for i := range 600 { // more than the line and the log hold
			p.post(general+"/messages", url.Values{"body": {fmt.Sprintf("%s%d.", body, i)}}).want(303)
			if i%50 == 49 {
				other.until(fmt.Sprintf(" %d.", i)) // this one reads
			}
		}
		t.Logf("600 posts in %v", time.Since(start))
	})
}

func TestShutdownTellsSockets(t *testing.T) {
	s := openSite(t)
	k := s.person("Ann").dial(s.at())
	k.until("online")
	s.Chat.Disconnect()
	if code := k.closed(2 * time.Second); code != 1012 {
		t.Errorf("closed with %d", code)
	}
}

func TestShutdownWithSilentSockets(t *testing.T) {
	s := openSite(t)
	p := s.person("Ann")
	answering, mute := p.open(), p.open()
	talking := p.dial(s.at())
	talking.until("online")
	for deadline := time.Now().Add(5 * time.Second); s.sockets.Len() != 3; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("sockets:", s.sockets.Len())
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	down := make(chan error, 1)
	start := time.Now()
	go func() { down <- s.Shutdown(ctx) }()
	for _, k := range []*page{answering, talking} {
		if code := k.closed(2 * time.Second); code != 1012 {
			t.Errorf("closed with %d", code)
		}
	}
	if err := <-down; err != nil || time.Since(start) > 3*time.Second {
		t.Errorf("down after %v: %v", time.Since(start), err)
	}
	if code := mute.closed(time.Second); code != 1012 { // it was sent, before anybody read it
		t.Errorf("closed with %d", code)
	}
}

func TestSocketsOfOneSession(t *testing.T) {
	s := openSite(t)
	p, q := s.person("Ann"), s.person("Bob")
	first := p.dial(s.at())
	first.until("online")
	for range maxSockets - 1 {
		p.open()
	}
	holds := func(n int) { // of one session: a socket is counted a little after its handshake, and after its end
		t.Helper()
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			s.admissions.mu.Lock()
			most := slices.Max(slices.Collect(maps.Values(s.admissions.sessions)))
			s.admissions.mu.Unlock()
			if most == n {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("a session has %d sockets, want %d", most, n)
			}
		}
	}
	holds(maxSockets)
	if code := p.open().closed(2 * time.Second); code != closeTooMany {
		t.Errorf("closed with %d", code)
	}
	q.dial(s.at()).until("online") // other sessions are not held up
	_ = first.conn.Close()
	holds(maxSockets - 1)
	p.dial(s.at()).until("online")
}
