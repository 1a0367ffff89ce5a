package handlers

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"chitchat/handlers/splice"
)

// A warm page needs no query for messages and renders no row, and its shared parts are compressed once, and once more
// on the third request.
func TestWarmPageIsMadeOnce(t *testing.T) {
	s := newTestServer(t)
	pageEncodings := pageEncodings[:3]
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	for i := range 120 {
		ada.say(fmt.Sprint(i))
	}
	for _, p := range []*testClient{ada, bob} {
		for _, encoding := range pageEncodings {
			for range 3 { // the third compresses best
				p.get(general, "Accept-Encoding", encoding, "Sec-Fetch-Site", "same-origin").want(200)
			}
		}
	}
	before, packed := s.Chat.Stats(), splice.Packs()
	for range 5 {
		for _, p := range []*testClient{ada, bob} {
			for _, encoding := range pageEncodings {
				p.get(general, "Accept-Encoding", encoding, "Sec-Fetch-Site", "same-origin").want(200)
			}
		}
	}
	if now := s.Chat.Stats(); now != before {
		t.Errorf("thirty pages cost %+v, %+v before", now, before)
	}
	if n := splice.Packs() - packed; n != 0 {
		t.Errorf("thirty pages compressed %d parts", n)
	}

	// A new user has a frame of their own, and shares the list, the beginning and the composer.
	carol := s.signedIn("Carol")
	carol.get(general).want(200)
	ada.get(general).want(200)
	packed = splice.Packs()
	carol.get(general, "Accept-Encoding", "gzip").want(200)
	if n := splice.Packs() - packed; n != 1 {
		t.Errorf("a newcomer's page compressed %d parts, want their own frame alone", n)
	}

	// A message renders the list again, once for both.
	for _, p := range []*testClient{ada, bob} {
		p.say("one more")
		for range 2 { // the first of them marks as read
			ada.get(general, "Accept-Encoding", "gzip").want(200)
			bob.get(general, "Accept-Encoding", "gzip").want(200)
		}
	}
	ada.say("and one")
	before, packed = s.Chat.Stats(), splice.Packs()
	ada.get(general, "Accept-Encoding", "gzip").want(200)
	bob.get(general, "Accept-Encoding", "identity").want(200) // marks it as read
	bob.get(general, "Accept-Encoding", "gzip").want(200)
	if n := splice.Packs() - packed; n != 1 {
		t.Errorf("after a message, two pages compressed %d parts, want the list alone", n)
	}
	packed = splice.Packs()
	for range 3 {
		ada.get(general, "Accept-Encoding", "gzip").want(200)
		bob.get(general, "Accept-Encoding", "gzip").want(200)
	}
	if n := splice.Packs() - packed; n != 1 {
		t.Errorf("six more pages compressed %d parts, want the list alone, once more", n)
	}
	if now := s.Chat.Stats(); now != before {
		t.Errorf("after a message, two pages cost %+v, %+v before", now, before)
	}
}

// Cached pages show the current state, and never another user's.
func TestKeptPagesFollow(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("first")
	see := func(p *testClient, path string, want []string, not ...string) {
		t.Helper()
		for _, encoding := range pageEncodings {
			for range 2 {
				html, err := p.pageIn(encoding, path)
				if err != nil {
					t.Fatal(err)
				}
				for _, text := range want {
					if !strings.Contains(html, text) {
						t.Errorf("%s in %s lacks %q", path, encoding, text)
					}
				}
				for _, text := range not {
					if strings.Contains(html, text) {
						t.Errorf("%s in %s has %q", path, encoding, text)
					}
				}
			}
		}
	}
	see(bob, general, []string{"first", ">Bob</span>"}, ">Ada</span><span class=\"emoji\"")
	see(ada, general, []string{"first", ">Ada</span>"}, ">Bob</span>")
	ada.say("second")
	see(bob, general, []string{"first", "second", `data-rev="2"`})
	ada.post(general+"/1/edit", url.Values{"body": {"changed"}}, asHTMX...).want(200)
	see(bob, general, []string{"changed", "second", `data-rev="3"`}, "first")
	ada.post(general+"/2/delete", nil, asHTMX...).want(200)
	see(bob, general, []string{"changed", `data-rev="4"`}, "second")
	ada.post("/me", url.Values{"name": {"Augusta"}})
	see(bob, general, []string{">Augusta</b>"}, ">Ada</b>")
	see(ada, general, []string{">Augusta</span>"}, ">Ada</span>")
	ada.post("/c", url.Values{"name": {"Side Room"}}).want(303)
	see(bob, general, []string{"Side Room"})

	// A user removed from a private channel does not get its cached page.
	closed := ada.post("/c", url.Values{"name": {"Closed"}, "private": {"on"}}).Header.Get("Location")
	ada.post(closed+"/members", url.Values{"name": {"Bob"}}).want(303)
	see(bob, closed, []string{"Closed"})
	ada.post(closed+"/members/"+ada.idOf("Bob")+"/remove", nil).want(303)
	for _, encoding := range pageEncodings {
		bob.get(closed, "Accept-Encoding", strings.TrimSuffix(encoding, " first")).want(404)
	}
	see(bob, general, []string{"changed"}, closed)
}

// Pages in every encoding are complete while messages are being posted.
func TestPagesWhileMessagesComeIn(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	readers := make([]*testClient, len(pageEncodings))
	for i := range readers {
		readers[i] = s.signedIn(fmt.Sprintf("Reader %d", i))
	}
	seqOf, revOf := regexp.MustCompile(`data-seq="(\d+)"`), regexp.MustCompile(`data-rev="(\d+)" data-epoch`)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for i, encoding := range pageEncodings {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					if n > 3 {
						return
					}
				default:
				}
				html, err := readers[i].pageIn(encoding, general)
				if err != nil {
					t.Error(err)
					return
				}
				rev, seqs := revOf.FindStringSubmatch(html), seqOf.FindAllStringSubmatch(html, -1)
				last := "0"
				if len(seqs) > 0 {
					last = seqs[len(seqs)-1][1]
				}
				if rev == nil || rev[1] != last { // everything was posted, and nothing has changed since
					t.Errorf("in %s: the page says that it stands at %v, and its last message is %s", encoding, rev, last)
					return
				}
			}
		})
	}
	for i := range 150 {
		ada.say(fmt.Sprint("message ", i))
	}
	close(done)
	wg.Wait()
}

func TestPageOfARefusedFormIsNotKept(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.get(general).want(200)
	for _, body := range []string{strings.Repeat("a", 9000), strings.Repeat("b", 9000)} {
		form, kind := multipartForm(t, part{name: "client_id", content: `x"y`}, part{name: "body", content: body})
		a := ada.send("POST", general+"/messages", bytes.NewReader(form), "Content-Type", kind)
		a.want(422, body, `value="x&#34;y"`)
	}
	ada.get(general).want(200).wantNot("aaaaaaaa", "bbbbbbbb", "x&#34;y")
}
