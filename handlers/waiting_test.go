package handlers

import (
	"strings"
	"testing"

	"chitchat/chat"
)

// TestSocketsThatDoNotReadTakeLittle: a socket with another epoch gets the newest page, up to half a megabyte. An
// attacker who opened thousands of them and read nothing had as many copies kept in memory.
func TestSocketsThatDoNotReadTakeLittle(t *testing.T) {
	s := newTestServer(t)
	ada, mallory := s.signedIn("Ada"), s.signedIn("Mallory")
	for range 20 {
		ada.say(strings.Repeat("<&>'\"", chat.MaxBodyLen/5)) // each takes five bytes or more in HTML
	}
	if !s.waiting.take(maxWaiting) {
		t.Fatal("nothing waits yet")
	}
	k := mallory.open()
	request := s.at()
	request.Epoch = "another"
	k.send(request)
	if code := k.closed(); code != 1013 {
		t.Errorf("with no room left it is closed with %d", code)
	}
	s.waiting.give(maxWaiting)
	k = mallory.open()
	k.send(request)
	if page := k.until("&lt;&amp;&gt;"); len(page) < largeAnswer {
		t.Errorf("the page has %d bytes", len(page))
	}
	_ = k.conn.Close()
	eventually(t, "nothing is owed", func() bool { return s.waiting.bytes.Load() == 0 })
	if !s.waiting.take(100) || s.waiting.bytes.Load() != 0 {
		t.Error("small frames are counted")
	}
}
