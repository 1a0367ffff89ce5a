package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// What mentions one and the reactions of others are on a page of one's own, newest first, as all or one of both.
func TestMentionsPage(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.get("/mentions").want(200, "Nothing is here yet", `href="/mentions?type=reactions"`).wantNot(`class="message`)
	ada.say("**one**")
	bob.say("@Ada, *look*")
	bob.post(general+"/messages", url.Values{"body": {"a reply to @Ada"}, "thread": {"1"}}).want(303)
	bob.post(general+"/1/reactions", url.Values{"emoji": {"👍"}}).want(303)
	page := ada.get("/mentions").want(200, "<strong>one</strong>", "Bob reacted with 👍", "<em>look</em>", "mentioned you",
		`href="`+general+`/1"`, `href="`+general+`/1/thread/1"`, "In a thread of", "General Talk")
	if all := rows(page.body); len(all) != 3 || all[0] != rows(bob.get(general).want(200).body)[0] {
		t.Errorf("%d rows, or not the channel's", len(all))
	}
	ada.get("/mentions?type=mentions").want(200, "<em>look</em>", "a reply").wantNot("<strong>one</strong>")
	ada.get("/mentions?type=reactions").want(200, "<strong>one</strong>").wantNot("<em>look</em>")
	bob.get("/mentions").want(200, "Nothing is here yet").wantNot(`class="message`)
	ada.get("/mentions?before=1-1").want(200, "nothing older").wantNot(`class="message`)
	for _, bad := range []string{"?before=x", "?type=x", "?before=1"} {
		ada.get("/mentions" + bad).want(404)
	}
	if p := s.newClient().get("/mentions").want(303); !strings.HasPrefix(p.Header.Get("Location"), "/signin") {
		t.Error(p.Header.Get("Location"))
	}
}

// A page of many ends with the way to the older ones.
func TestMentionsPages(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	for range 60 {
		bob.say("@Ada")
	}
	page, n := ada.get("/mentions").want(200, "Older ones"), 0
	for next := "/mentions"; next != ""; page = ada.get(next).want(200) {
		n += len(rows(page.body))
		_, after, found := strings.Cut(page.body, `class="button" href="/mentions?`)
		if !found {
			break
		}
		query, _, _ := strings.Cut(after, `"`)
		next = "/mentions?" + strings.ReplaceAll(query, "&amp;", "&")
	}
	if n != 60 {
		t.Errorf("%d rows on all pages", n)
	}
}

// Who is removed from a channel finds nothing of it among what was said to them.
func TestMentionsEndWithAccess(t *testing.T) {
	c := openFixtures(t)
	ch := c.channels[private]
	p, boss := c.clients[member], c.clients[channelOwner]
	p.post("/c/"+ch.slug+"/messages", url.Values{"body": {"mine"}}).want(303)
	boss.post("/c/"+ch.slug+"/messages", url.Values{"body": {"@" + p.actor().Name + " tamarind"}}).want(303)
	p.get("/mentions").want(200, "tamarind", ch.slug)
	if err := c.Chat.Channels.RemoveMember(t.Context(), boss.actor(), ch.slug, p.actor().ID); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/mentions", "/mentions?type=mentions", "/mentions?type=reactions"} {
		p.get(path).want(200).wantNot("tamarind", ch.slug)
	}
}
