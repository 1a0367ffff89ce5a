package chat

import (
	"fmt"
	"testing"
)

// Who answers on the page of what is unread has seen what it shows. If that is all, it is read by that, and the answer;
// if not, nothing is.
func TestPostApart(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	side := mustChannel(t, c, bob, "Side", Public) // which Ada sees, and has not joined
	mustPost(t, c, ada, "root")
	n := 0
	answer := func(address string, seen int64) {
		t.Helper()
		n++
		_, _, err := c.Messages.Post(ctx, ada, address,
			Draft{Body: "answer", ClientID: fmt.Sprint("answer-", n), Apart: true, Seen: seen})
		must(t, err)
	}
	shown := func() int64 {
		t.Helper()
		p, err := c.Messages.Unreads(ctx, ada, "")
		must(t, err)
		return p.Groups[0].Seen()
	}
	for _, place := range []struct{ address, name string }{{side.Slug, "Side"}, {"general-talk/1", "General Talk/1"}} {
		write := func() {
			t.Helper()
			if place.name == "Side" {
				mustWrite(t, c, bob, side.Slug, "hello")
			} else {
				mustReply(t, c, bob, 1, "hello")
			}
		}
		write()
		write()
		if shown() != 2 {
			t.Errorf("%s: a page that shows all says %d", place.name, shown())
		}
		write() // after the page
		answer(place.address, 2)
		wantUnreads(t, c, ada, place.name+" 4: 1 2 3 4")
		answer(place.address, 4)
		wantUnreads(t, c, ada, "")
		answer(place.address, 0) // all before was read
		wantUnreads(t, c, ada, "")
		for range maxUnreadRows + 1 {
			write()
		}
		if shown() != 0 {
			t.Errorf("%s: a page that folds says %d", place.name, shown())
		}
		answer(place.address, shown())
		wantUnreads(t, c, ada, place.name+" 14: 7 +10 18 19 20")
		batch, err := c.Channels.MarkReadTo(ctx, ada, place.address, 19) // as the page has it, before the answer
		must(t, err)
		wantUnreads(t, c, ada, "")
		must(t, c.Channels.UndoRead(ctx, ada, batch))
		write()
		_, err = c.Channels.MarkReadTo(ctx, ada, place.address, 19)
		must(t, err)
		wantUnreads(t, c, ada, place.name+" 1: 21")
		_, err = c.Channels.MarkReadTo(ctx, ada, place.address, 0)
		must(t, err)
		wantUnreads(t, c, ada, "")
	}
	list, err := sidebarList(ctx, c, ada)
	must(t, err)
	for _, l := range list {
		if l.ID == side.ID && l.State != Joined {
			t.Error("who answers does not join")
		}
	}
}
