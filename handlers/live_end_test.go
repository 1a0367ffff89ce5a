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

	"chitchat/handlers/socket"
)

func TestSignOutCutsSockets(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	one, two := p.dial(s.at()), p.dial(subscribeRequest{})
	other := q.dial(s.at())
	one.until("online")
	two.until("online")
	p.post("/signout", nil).want(303)
	q.say("not for Ann")
	for _, k := range []*page{one, two} {
		if code := k.closed(); code != closeSignedOut {
			t.Errorf("closed with %d", code)
		}
		if strings.Contains(k.seen.String(), "not for Ann") {
			t.Error("heard after signing out")
		}
	}
	other.until("not for Ann")
}

// The limits of every page's socket. The socket package tests that a socket keeps to them.
func TestSocketLimits(t *testing.T) {
	s := newTestServer(t)
	l, lap := s.sockets.Options, time.Second
	if l.Opening != 10*time.Second {
		t.Errorf("a page has %v to say where it stands", l.Opening)
	}
	if gone := l.WriteTimeout + lap + l.CloseTimeout; gone > 10*time.Second {
		t.Errorf("who reads nothing is gone after %v", gone)
	}
	if l.CloseTimeout > time.Second {
		t.Errorf("who does not answer a close frame holds up a stop for %v", l.CloseTimeout)
	}
	if l.PingEvery <= 0 || l.ReadTimeout < 2*l.PingEvery+lap || l.ReadTimeout > 75*time.Second {
		t.Errorf("who says nothing is gone after %v, and is pinged every %v", l.ReadTimeout, l.PingEvery)
	}
	if got := s.app.Server().ReadTimeout; got != 30*time.Second {
		t.Errorf("a request has %v to come", got)
	}
}

func TestSilentAndSlowSockets(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	t.Run("one that never subscribes", func(t *testing.T) {
		t.Parallel()
		if got := s.sockets.Opening; got != 10*time.Second { // tested by the socket package
			t.Error("a page has", got)
		}
		quick := newTestServer(t)
		quick.sockets.Opening = 0
		if code := quick.signedIn("Ann").open().closed(); code != socket.CloseTryAgain {
			t.Error("closed with", code)
		}
	})
	t.Run("one that never reads holds nobody up", func(t *testing.T) {
		t.Parallel()
		p.dial(s.at()) // and sends nothing
		other := q.dial(s.at())
		body := strings.Repeat("very long ", 780)
		for i := range 600 { // more than the connection and the log hold
			p.post(general+"/messages", url.Values{"body": {fmt.Sprintf("%s%d.", body, i)}}).want(303)
			if i%50 == 49 {
				other.until(fmt.Sprintf(" %d.", i)) // this one reads
			}
		}
	})
}

func TestShutdownTellsSockets(t *testing.T) {
	s := newTestServer(t)
	k := s.signedIn("Ann").dial(s.at())
	k.until("online")
	s.Chat.Live.Disconnect()
	if code := k.closed(); code != 1012 {
		t.Errorf("closed with %d", code)
	}
}

func TestShutdownWithSilentSockets(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	answering, mute := p.open(), p.open()
	talking := p.dial(s.at())
	talking.until("online")
	eventually(t, "there are three sockets", func() bool { return s.sockets.Len() == 3 })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	down := make(chan error, 1)
	go func() { down <- s.Shutdown(ctx) }()
	for _, k := range []*page{answering, talking} {
		if code := k.closed(); code != 1012 {
			t.Errorf("closed with %d", code)
		}
	}
	if err := <-down; err != nil { // ctx did not end: the close handshake did, see TestCloseTellsEveryone
		t.Error("down:", err)
	}
	if code := mute.closed(); code != 1012 { // it was sent, before anybody read it
		t.Errorf("closed with %d", code)
	}
}

func TestSocketsOfOneSession(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	first := p.dial(s.at())
	first.until("online")
	for range maxSockets - 1 {
		p.open()
	}
	holds := func(n int) { // of one session: a socket is counted a little after its handshake, and after its end
		t.Helper()
		eventually(t, fmt.Sprintf("a session has %d sockets", n), func() bool {
			s.conns.mu.Lock()
			defer s.conns.mu.Unlock()
			return slices.Max(slices.Collect(maps.Values(s.conns.sessions))) == n
		})
	}
	holds(maxSockets)
	if code := p.open().closed(); code != closeTooMany {
		t.Errorf("closed with %d", code)
	}
	q.dial(s.at()).until("online") // other sessions are not affected
	_ = first.conn.Close()
	holds(maxSockets - 1)
	p.dial(s.at()).until("online")
}
