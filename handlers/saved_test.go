package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// What one saves is on a page of one's own, with what it takes to mark it done, to take that back and to remove it; all
// without JavaScript.
func TestSavedPage(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("**one**")
	at := general + "/1"
	bob.get("/").want(303)
	bob.get(at).want(200, `action="`+at+`/save"`, `href="/saved"`)
	bob.get("/saved").want(200, "Nothing is saved").wantNot(`class="message`)
	if to := bob.post(at+"/save", nil).want(303).Header.Get("Location"); to != at {
		t.Error(to)
	}
	page := bob.get("/saved").want(200, "<strong>one</strong>", `href="`+at+`"`, "General Talk", `name="done" value="1"`)
	if len(rows(page.body)) != 1 || rows(page.body)[0] != rows(bob.get(general).want(200).body)[0] {
		t.Error("the row is not the channel's")
	}
	ada.get("/saved").want(200, "Nothing is saved").wantNot("one</strong>")

	done := url.Values{"done": {"1"}, "back": {"/saved?before=7"}}
	if to := bob.post(at+"/save", done).want(303).Header.Get("Location"); to != "/saved?before=7" {
		t.Error(to)
	}
	bob.get("/saved").want(200).wantNot("one</strong>")
	bob.get("/saved?done=1").want(200, "<strong>one</strong>", "Back to saved", `name="back" value="/saved?done=1"`)
	bob.post(at+"/unsave", nil).want(303)
	bob.get("/saved?done=1").want(200, "Nothing is done").wantNot("one</strong>")
	bob.get("/saved?before=x").want(404)
}

// What one does with a saved reply is done to the reply, and not to the channel's message of that number.
func TestSavedReply(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.say("one")
	ada.post(general+"/messages", url.Values{"body": {"a reply"}, "thread": {"1"}}).want(303)
	at := general + "/1/thread/1"
	ada.post(at+"/save", nil).want(303)
	ada.get("/saved").want(200, "a reply", `action="`+at+`/save"`, `action="`+at+`/unsave"`, "In a thread of",
		`href="`+at+`"`).
		wantNot(`action="` + general + `/1/save"`)
	ada.post(at+"/unsave", nil).want(303)
	ada.get("/saved").want(200).wantNot("a reply")
}

// htmx gets a sentence for the notice, since nothing in the row changes.
func TestSavedNotice(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.say("one")
	for path, want := range map[string]string{"/save": "saved for later",
		"/unsave": "not on"} {
		ada.post(general+"/1"+path, nil, asHTMX...).want(200, `<hx-partial hx-target="#notice"`, want).wantNot("<article")
	}
	ada.post(general+"/1/save", url.Values{"done": {"1"}}, asHTMX...).want(200, "done")
	ada.post(general+"/2/save", nil, asHTMX...).want(404, "problem")
}

// The field back leads to the list, and nowhere else.
func TestSavedLeadsBack(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.say("one")
	for back, want := range map[string]string{
		"": general + "/1", "https://evil.example/saved": "/saved", "//evil.example/saved": "/saved",
		"/me": general + "/1", "/saved/../me": general + "/1", "/saved?before=2&done=1": "/saved?before=2&done=1",
		"/saved?a=\r\nX: y": general + "/1", "javascript:/saved": "/saved", "%": general + "/1",
	} {
		to := ada.post(general+"/1/save", url.Values{"back": {back}}).want(303).Header.Get("Location")
		if to != want {
			t.Errorf("%q leads to %q, want %q", back, to, want)
		}
	}
}

// Who is removed from a channel finds nothing of it on their list, and cannot save more.
func TestSavedEndsWithAccess(t *testing.T) {
	c := openFixtures(t)
	slug := c.channels[private].slug
	p, boss := c.clients[member], c.clients[channelOwner].actor()
	at := "/c/" + slug + "/1"
	p.post(at+"/save", nil).want(303)
	p.get("/saved").want(200, "drawing.png", slug)
	if err := c.Chat.Channels.RemoveMember(t.Context(), boss, slug, p.actor().ID); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/saved", "/saved?done=1"} {
		p.get(path).want(200).wantNot("drawing.png", slug)
	}
	for _, path := range []string{"/save", "/unsave"} {
		if a := p.post(at+path, nil).want(404); strings.Contains(a.body, "drawing") {
			t.Error(a.body)
		}
	}
}
