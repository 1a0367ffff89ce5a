package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// The contract of reactions: the row for htmx, the message for plain forms, and the same answer however often.
func TestReactions(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.post(general+"/messages", url.Values{"body": {"hello"}}).want(303)
	page := bob.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch(), Since: 1})

	const at = general + "/1/reactions"
	for range 2 {
		row := ada.post(at, url.Values{"emoji": {"👍"}}, asHTMX...).want(200).body
		if !strings.HasPrefix(row, "<article") || !strings.Contains(row, `data-reaction="👍" data-count="1"`) ||
			!strings.Contains(row, `data-by="`+ada.actor().ID.String()+`"`) {
			t.Errorf("the answer is not the row: %s", row)
		}
	}
	if frame := page.until(`data-count="1"`); !strings.Contains(frame, `data-reaction="👍"`) {
		t.Errorf("pages were told %s", frame)
	}
	a := bob.post(at, url.Values{"toggle": {"👍"}})
	a.want(303)
	if to := a.Header.Get("Location"); to != general+"/1" {
		t.Errorf("a plain form leads to %s", to)
	}
	if row := bob.get(general).want(200).body; !strings.Contains(row, `data-reaction="👍" data-count="2"`) ||
		!strings.Contains(row, "👍 2: Ada and Bob reacted") {
		t.Error("the page does not show who reacted")
	}
	bob.post(at, url.Values{"toggle": {"👍"}}).want(303)
	for range 2 {
		row := ada.post(at+"/remove", url.Values{"emoji": {"👍"}}, asHTMX...).want(200).body
		if strings.Contains(row, "data-reaction") {
			t.Errorf("it is still there: %s", row)
		}
	}
	ada.post(at, url.Values{"emoji": {"thumbs up"}}, asHTMX...).want(422)
	ada.post(general+"/2/reactions", url.Values{"emoji": {"👍"}}).want(404)
}
