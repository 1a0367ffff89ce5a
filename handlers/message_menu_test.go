package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// labels returns what a menu offers, in its order.
func labels(t *testing.T, body string) string {
	t.Helper()
	_, menu, found := strings.Cut(body, "message-menu")
	if !found {
		t.Fatalf("there is no menu:\n%s", body)
	}
	menu, _, _ = strings.Cut(menu, "</section>")
	var list []string
	for _, item := range strings.Split(menu, "<li>")[1:] {
		for _, end := range []string{"</a>", "</button>"} {
			if label, _, found := strings.Cut(item, end); found {
				list = append(list, label[strings.LastIndex(label, ">")+1:])
			}
		}
	}
	return strings.Join(list, ", ")
}

// The menu of a message has what its reader may do with it now, in one order, and knows what was done already.
func TestMenu(t *testing.T) {
	c := openFixtures(t)
	bob, other, guests := c.clients[member], c.clients[nonMember], c.clients[guest]
	bob.post(general+"/messages", url.Values{"body": {"one\n\"two\" <b>"}}).want(303)
	const at = general + "/1"
	const toAll = "Reply in thread, Save for later, Pin to channel, Mark unread from here, Forward…"
	const copies = "Copy link, Copy text"
	offers := func(p *testClient, at, want string) {
		t.Helper()
		for _, headers := range [][]string{nil, asHTMX} {
			if got := labels(t, p.get(at+"/actions", headers...).want(200).body); got != want {
				t.Errorf("%s as %v: %s\nwant %s", at, headers, got, want)
			}
		}
	}
	offers(bob, at, toAll+", "+copies+", Edit, Delete")
	offers(other, at, toAll+", "+copies+", Report")
	offers(c.clients[admin], at, toAll+", "+copies+", Delete, Report")
	offers(guests, at, toAll+", "+copies+", Report")

	bob.post(at+"/save", url.Values{"done": {"1"}}).want(303)
	other.post(at+"/pin", nil).want(303)
	known := strings.Replace(toAll, "Pin to channel", "Unpin", 1)
	offers(other, at, known+", "+copies+", Report")
	offers(bob, at, strings.Replace(known, "Save for later", "Remove from saved", 1)+", "+copies+", Edit, Delete")

	page := bob.get(at+"/actions").want(200, "<html", `href="`+at+`/thread"`, `action="`+at+`/unsave"`,
		`data-copy="`+c.url+at+`"`, "data-copy=\"one\n&#34;two&#34; &lt;b&gt;\"", `href="`+at+`/edit"`).
		wantNot(`hx-post="` + at)
	if len(rows(page.body)) != 1 {
		t.Error("the page does not show the message")
	}
	bob.get(at+"/actions", asHTMX...).want(200, `<form method="dialog">`, `id="card-title"`, `hx-post="`+at+`/unsave"`,
		`hx-get="`+at+`/forward"`, "autofocus").wantNot("<html", "<article")
}

// A reply has the actions of a message that a thread has: it is neither pinned nor marked unread from. Where it is
// shown in the channel too, its row there is one of the channel's.
func TestMenuOfReplies(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("one")
	thread := general + "/1/thread"
	ada.get(thread + "/1/actions").want(404) // it has not begun
	ada.post(general+"/messages", url.Values{"body": {"to both"}, "thread": {"1"}, "also": {"1"}}).want(303)
	const reply, row = general + "/1/thread/1", general + "/2"
	live := ada.dial(s.at())
	live.until("data-replies")
	bob.post(general+"/1/reactions", url.Values{"emoji": {"👍"}}).want(303)
	ada.get(general+"/1/actions").want(200, ">Ada</bdi></span>", "Bob reacted") // the root names who replied
	for i, want := range []string{"Save for later", "Remove from saved"} {
		if got := labels(t, ada.get(reply+"/actions").want(200).body); got !=
			want+", Forward…, Copy link, Copy text, Edit, Delete" {
			t.Errorf("of a reply: %s", got)
		}
		if got := labels(t, ada.get(row+"/actions", asHTMX...).want(200).body); !strings.HasPrefix(got,
			"Reply in thread, "+want+", Pin to channel, ") {
			t.Errorf("of its row in the channel: %s", got)
		}
		if i == 0 {
			ada.post(row+"/save", nil).want(303) // whichever is meant, the reply is saved
		}
	}
	ada.get(reply+"/actions").want(200, `data-copy="`+s.url+reply+`"`, `action="`+reply+`/unsave"`)
	if got := labels(t, bob.get(reply+"/actions").want(200).body); !strings.HasPrefix(got, "Save for later, ") {
		t.Errorf("who has not saved it: %s", got)
	}
	for _, path := range []string{general + "/1/thread/2", general + "/1/thread/x", general + "/9/thread/1"} {
		ada.get(path + "/actions").want(404)
	}
}

// What nobody can do anything with has no menu, and neither has what one does not see.
func TestNoMenu(t *testing.T) {
	c := openFixtures(t)
	boss, bob := c.clients[channelOwner], c.clients[member]
	slug := c.channels[private].slug
	in := "/c/" + slug
	boss.post(in+"/messages", url.Values{"body": {"the secret plan"}}).want(303)
	boss.post(in+"/messages", url.Values{"body": {"a secret reply"}, "thread": {"2"}}).want(303)
	paths := []string{in + "/2/actions", in + "/2/thread/1/actions"}
	ask := func(p *testClient, status int) {
		t.Helper()
		for _, path := range paths {
			for _, headers := range [][]string{nil, asHTMX} {
				if a := p.get(path, headers...).want(status); strings.Contains(a.body, "secret") != (status == 200) {
					t.Errorf("%s: %s", path, a.excerpt())
				}
			}
		}
	}
	ask(bob, 200)
	for _, w := range []viewer{nonMember, guest, formerMember, channelBanned, admin, owner} {
		ask(c.clients[w], 404)
	}
	if err := c.Chat.Channels.RemoveMember(t.Context(), boss.actor(), slug, bob.actor().ID); err != nil {
		t.Fatal(err)
	}
	ask(bob, 404)

	boss.post(in+"/2/pin", nil).want(303)
	boss.get(in + "/3/actions").want(404) // the line that says so
	boss.post(in+"/2/thread/1/delete", nil).want(303)
	boss.post(in+"/2/delete", nil).want(303)
	ask(boss, 404)
}

// In an archived channel one keeps what one keeps for oneself; nothing is changed there.
func TestMenuOfArchive(t *testing.T) {
	c := openFixtures(t)
	got := labels(t, c.clients[member].get("/c/"+c.channels[archived].slug+"/1/actions").want(200).body)
	if want := "Save for later, Mark unread from here, Forward…, Copy link"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
