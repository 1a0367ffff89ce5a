package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// Marking as unread leads away from the channel, whose page would mark it as read, and reaches the user's open pages. A
// page that does not know of it yet cannot undo it by what it reports.
func TestMarkUnread(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	for _, body := range []string{"one", "two", "three"} {
		ada.say(body)
	}
	bob.get(general).want(200, `<data id="read-mark" value="0"></data>`)
	page := bob.dial(s.at())
	page.until("#online")

	bob.get(general+"/2").want(200, `action="`+general+`/2/unread"`)
	bob.post(general+"/2/unread", nil).to("/c")
	page.until(`hx-target="#read-mark" hx-swap="outerHTML"><data id="read-mark" value="`, `data-seq="1"`)
	ch, err := s.Chat.Channels.Get(t.Context(), bob.actor(), "general-talk")
	if err != nil {
		t.Fatal(err)
	}
	count := `id="unread-` + ch.ID.String() + `">`
	bob.get("/c").want(200, count+"2<")
	ada.get("/c").want(200).wantNot(count + "2<")

	page.send(map[string]any{"read": 3, "mark": 0})
	page.send(map[string]any{}) // answered after it, by an empty frame
	for frame := []byte("other"); len(frame) > 0; {
		if _, frame, err = page.conn.ReadMessage(); err != nil {
			t.Fatal(err)
		}
	}
	bob.get("/c").want(200, count+"2<")
	_, mark, _ := strings.Cut(page.seen.String(), `<data id="read-mark" value="`)
	mark, _, _ = strings.Cut(mark, `"`)
	bob.get(general).want(200, `<data id="read-mark" value="`+mark+`"></data>`)
	bob.get("/c").want(200).wantNot(count + "2<")

	bob.post(general+"/3/unread", nil, asHTMX...).want(200, `hx-target="#notice"`, "Marked as unread").wantNot("<html")
	bob.get("/c").want(200, count+"1<")
	ada.post(general+"/3/delete", url.Values{}).want(303)
	bob.post(general+"/3/unread", nil).want(404)
	bob.get(general + "/3").want(200).wantNot("/3/unread")
	bob.post(general+"/x/unread", nil).want(404)
}
