package handlers

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// openRequest sends a user's request, and does not read the answer.
func (s *testServer) openRequest(t *testing.T, p *testClient, path string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", path, cookies(p)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// counted returns how many requests are counted under a key.
func (s *testServer) counted(key string) int {
	s.underWay.mu.Lock()
	defer s.underWay.mu.Unlock()
	return s.underWay.counts[key]
}

// TestUnreadAnswersAreBounded: three hundred connections of one user that requested a large page and did not read it
// took four gigabytes. A session is limited to a number of unread answers; a client that reads gets all of its own, and
// others are not affected.
func TestUnreadAnswersAreBounded(t *testing.T) {
	s := newTestServer(t)
	s.stalled = patience // slow readers must not be cut off here
	mallory, ada := s.signedIn("Mallory"), s.signedIn("Ada")
	session := "session " + mallory.actor().Session.String()
	lines := make([]net.Conn, maxUnderWay)
	for i := range lines {
		lines[i] = s.openRequest(t, mallory, "/test/large")
		eventually(t, "it is under way", func() bool { return s.counted(session) == i+1 })
	}
	mallory.get("/test/large").want(429, "a lot at once")
	mallory.get("/me").want(429)
	ada.get("/me").want(200)
	if a := ada.get("/test/large").want(200); a.body != largePageOfTests {
		t.Errorf("a large page came with %d bytes of %d", len(a.body), len(largePageOfTests))
	}
	for i, line := range lines { // each is uncounted when it is read or closed
		if i%8 != 0 {
			_ = line.Close()
			continue
		}
		res, err := http.ReadResponse(bufio.NewReader(line), nil)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, res.Body); err != nil || n != int64(len(largePageOfTests)) {
			t.Errorf("%d bytes of %d: %v", n, len(largePageOfTests), err)
		}
	}
	eventually(t, "nothing is under way", func() bool { return s.counted(session) == 0 })
	mallory.get("/me").want(200)
}

// TestUnreadAnswersAreGivenUp: within seconds, whatever the client sends meanwhile.
func TestUnreadAnswersAreGivenUp(t *testing.T) {
	t.Parallel()
	if stalledAnswer > 10*time.Second {
		t.Error("an answer that nobody reads stays for", stalledAnswer)
	}
	s := newTestServer(t)
	s.stalled = time.Second
	mallory := s.signedIn("Mallory")
	session := "session " + mallory.actor().Session.String()
	line := s.openRequest(t, mallory, "/test/large")
	eventually(t, "it is under way", func() bool { return s.counted(session) == 1 })
	eventually(t, "it is given up", func() bool { return s.counted(session) == 0 })
	if n, err := io.Copy(io.Discard, line); n >= int64(len(largePageOfTests)) {
		t.Errorf("%d bytes came, %v", n, err)
	}
}

// TestAnswersOfOneAddressAreBounded: many sessions of one address get no more memory.
func TestAnswersOfOneAddressAreBounded(t *testing.T) {
	var u underWay
	var leave []func()
	for i := range maxUnderWayFrom {
		out, ok := u.enter(fmt.Sprint("session ", i), "here")
		if !ok {
			t.Fatal(i)
		}
		leave = append(leave, out)
	}
	for n := range fewUnderWay { // a session with few requests is not refused because of others
		if _, ok := u.enter("another", "here"); !ok {
			t.Error("refused with", n)
		}
	}
	if _, ok := u.enter("another", "here"); ok {
		t.Error("more than", maxUnderWayFrom)
	}
	if _, ok := u.enter("another", "there"); !ok {
		t.Error("another address is refused")
	}
	for range fewUnderWay + 1 {
		leave[0]()
		leave = leave[1:]
	}
	if _, ok := u.enter("another", "here"); !ok {
		t.Error("still refused")
	}
}
