package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
)

// TestPageOfManyConversationsIsBounded: by writing to a user in a thousand groups, an attacker made each of that user's
// pages half a megabyte. The page of all conversations has them, some at a time.
func TestPageOfManyConversationsIsBounded(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	begin := func(from, to int) {
		for i := from; i < to; i++ {
			p := s.signedIn(fmt.Sprintf("Person %03d", i))
			slug := strings.TrimPrefix(p.post("/d", url.Values{"with": {ada.actor().ID.String()}}).
				want(303).Header.Get("Location"), "/c/")
			p.post("/c/"+slug+"/messages", url.Values{"body": {"hello"}}).want(303)
		}
	}
	begin(0, chat.ListedDirect)
	full := len(ada.get("/c/general-talk").want(200, "All conversations").body)
	begin(chat.ListedDirect, 2*chat.ListedDirect)
	fuller := ada.get("/c/general-talk").want(200, `href="/d#conversations"`, "Person 099").wantNot("Person 000").body
	if len(fuller) > full+full/20 {
		t.Errorf("with twice as many conversations the page has %d bytes, before %d", len(fuller), full)
	}
	ada.get("/d?page=2").want(200, "Person 000", "Page 2 of 2, 100 in all")

	p := s.signedIn("Late")
	p.post("/c/d-that-has-ended/messages", url.Values{"body": {"too late"}}).
		want(404, "Nothing was sent", "start the conversation again")
}
