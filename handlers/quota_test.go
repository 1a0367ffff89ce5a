package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

// A user's daily quota counts bytes, accepted or not, and only of files.
func TestQuotaOfADay(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.UploadBytes = 10_000 })
	now := time.Date(2026, 1, 2, 23, 59, 0, 0, time.UTC)
	s.volume.user.now = func() time.Time { return now }
	ann, bob := s.signedIn("Ann"), s.signedIn("Bob")
	send := func(p *testClient, size int) response {
		return p.upload(general+"/messages", asHTMX, part{"body", "", "t"}, part{"file", "a.txt", strings.Repeat("x", size)})
	}
	send(ann, 4000).want(200)
	send(ann, 6000).want(200)
	a := send(ann, 1).want(429, "t</textarea>", `class="refused"`, "more files than may be sent in one day", "tomorrow")
	if a.Header.Get("Retry-After") != "60" {
		t.Error("Retry-After:", a.Header.Get("Retry-After"))
	}
	ann.upload("/me/avatar", nil, part{"file", "me.png", picture(t, 9, 9)}).want(429, "tomorrow")
	ann.say("texts are not held up")
	send(bob, 100).want(200)
	now = now.Add(time.Minute)
	send(ann, 1).want(200)
	if q := newQuota(3); q.ip.most != 3*perAddressFactor || newQuota(0).user.most != 0 {
		t.Error("an address does not stand for so many people")
	}
}

// Few files of refused messages are kept, and admins can delete them.
func TestWaitingFiles(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.own("Ada", "open"), s.signedIn("Bob")
	form := func(n int, name string, more ...part) []part {
		parts := append([]part{{"body", "", strings.Repeat("x", 9000)}}, more...)
		for i := range n {
			parts = append(parts, part{"file", fmt.Sprint(name, i, ".txt"), "content"})
		}
		return parts
	}
	var first string
	for i := range 4 {
		a := bob.upload(general+"/messages", asHTMX, form(chat.MaxAttachments, fmt.Sprint("f", i))...).want(422)
		if kept := keptPattern.FindStringSubmatch(a.body); i == 0 {
			first = kept[1]
		}
	}
	if n := s.stored(); n != chat.MaxAttachments {
		t.Errorf("%d files wait, want %d", n, chat.MaxAttachments)
	}
	bob.upload(general+"/messages", asHTMX, part{"kept", "", first}, part{"body", "", "with it"}).
		want(422, "attach it again")
	ada.get("/admin/storage/people?q=bob").want(200, "10, 70 B", "Delete what waits of Bob")
	path := "/admin/storage/people/" + bob.actor().ID.String() + "/pending"
	bob.post(path, nil).want(404)
	ada.post(path, nil).to("/admin/storage/people")
	if n := s.stored(); n != 0 {
		t.Error(n, "files stay")
	}
	ada.get("/admin/audit").want(200, "deleted files that waited")
	ada.get("/admin/storage/people?q=bob").want(200, "Nothing was found.")
}

// TestTextOfADay: messages of 8,000 emoji were 55 GB a day, while only files had a quota.
func TestTextOfADay(t *testing.T) {
	s := newTestServer(t)
	s.texts = newQuota(100)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say(strings.Repeat("x", 99))
	ada.say("the last one")
	ada.post(general+"/messages", url.Values{"body": {"too much"}}, asHTMX...).want(429, "in a day", "too much")
	ada.post(general+"/1/edit", url.Values{"body": {"too much"}}, asHTMX...).want(429, "in a day", "too much")
	bob.say("goes on")
}

// TestMadeUpAddressesAreLimited: each such page has the whole list of channels, and could be requested a thousand times
// a second.
func TestMadeUpAddressesAreLimited(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	s.changes = newUserAndIPLimiter(2)
	for n := range 4 {
		a := ada.get("/nowhere").want(404)
		if listed := strings.Contains(a.body, "General Talk"); listed != (n < 2) {
			t.Errorf("after %d of them, the page has the list: %v", n, listed)
		}
	}
	ada.get(general).want(200, "General Talk")
}
