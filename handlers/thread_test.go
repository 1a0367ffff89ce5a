package handlers

import (
	"net/url"
	"testing"
)

// Who replies follows the thread: the answer to the reply says so, for the form that the pane shows.
func TestReplyFollows(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("one")
	const thread, unfollows = general + "/1/thread", `action="` + general + `/1/unfollow"`
	bob.get(thread, asHTMX...).want(200, `action="`+general+`/1/follow"`).wantNot(unfollows)
	reply := url.Values{"body": {"a reply"}, "thread": {"1"}}
	a := bob.post(general+"/messages", reply, asHTMX...).want(200, unfollows, `data-root=&#39;1&#39;`)
	if len(rows(a.body)) != 1 {
		t.Error("it is not the row")
	}
	bob.get(thread, asHTMX...).want(200, unfollows)
	bob.post(general+"/messages", url.Values{"body": {"no reply"}}, asHTMX...).want(200).wantNot(unfollows)
}

// The threads that one follows are on a page, each with where it is and what is unread.
func TestThreadsPage(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	bob.get("/threads").want(200, "You follow no thread yet")
	for _, at := range []string{general, ada.direct("Bob")} {
		bob.post(at+"/messages", url.Values{"body": {"a root"}}).want(303)
		ada.post(at+"/messages", url.Values{"body": {"a reply"}, "thread": {"1"}}).want(303)
	}
	page := bob.get("/threads").want(200, `"help">In `, `"help">With `, ">1 unread reply</a>").wantNot("Page 1")
	if len(rows(page.body)) != 2 {
		t.Error("it does not show both roots")
	}
	bob.post(general+"/1/unfollow", nil).want(303)
	bob.get("/threads").want(200, `"help">With `).wantNot(`"help">In `)
}
