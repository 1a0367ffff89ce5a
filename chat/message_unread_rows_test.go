package chat

import (
	"fmt"
	"strings"
	"testing"
)

// Rows of a room in memory are not read, and are the same as those that are: also where one is shown that joins a row
// which is not.
func TestUnreadRowsOfWarmRooms(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for i := range 20 {
		mustPost(t, c, bob, fmt.Sprint("message ", i))
	}
	_, _, err := c.Messages.Delete(t.Context(), bob, "general-talk", 20)
	must(t, err)
	const want = "General Talk 19: 1 +15 17 18 19"
	rows := func() (html string) {
		t.Helper()
		for _, r := range wantUnreads(t, c, ada, want).Groups[0].Rows {
			html += string(r.HTML) + "\n"
		}
		return html
	}
	cold := rows()
	_, err = c.Messages.View(t.Context(), bob, "general-talk")
	must(t, err)
	if warm := rows(); warm != cold {
		t.Errorf("the rows are\n%s\nand were\n%s", warm, cold)
	}
	before := c.Stats()
	if warm := rows(); warm != cold || c.Stats() != before {
		t.Errorf("the rows are, at a cost of %+v, %+v before,\n%s\nand were\n%s", c.Stats(), before, warm, cold)
	}
	_, err = c.Messages.Edit(t.Context(), bob, "general-talk", 17, "changed")
	must(t, err)
	if warm := rows(); !strings.Contains(warm, "changed") || strings.Contains(warm, "message 16") {
		t.Errorf("after an edit the rows are\n%s", warm)
	}
}

// A page has a bounded number of rows, however many each conversation shows; the next one goes on where it ends.
func TestUnreadsRowsOnPage(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	const channels = 10
	for i := range channels {
		ch := mustChannel(t, c, bob, fmt.Sprint("Channel ", i), Public)
		for range maxUnreadRows {
			mustWrite(t, c, bob, ch.Slug, "hello")
		}
	}
	p, err := c.Messages.Unreads(t.Context(), ada, "")
	must(t, err)
	if n := len(p.Groups); n != unreadRowsOnPage/maxUnreadRows || p.Conversations != channels {
		t.Errorf("%d of %d groups", n, p.Conversations)
	}
	next, err := c.Messages.Unreads(t.Context(), ada, p.More)
	must(t, err)
	if n := len(p.Groups) + len(next.Groups); n != channels || next.More != "" {
		t.Errorf("%d groups on two pages", n)
	}
}
