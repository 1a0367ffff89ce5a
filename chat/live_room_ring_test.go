package chat

import (
	"testing"
)

// Readers of a channel share one ring until it changes.
func TestRing(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "one")
	first := mustView(t, c, ada)
	if other := mustView(t, c, bob); other.Ring != first.Ring || other.Ring == nil {
		t.Error("two readers got two rings")
	}
	mustPost(t, c, ada, "two")
	second := mustView(t, c, ada)
	if second.Ring == first.Ring || seqs(second.Rows) != "1-2" || second.Channel.LastRev != 2 {
		t.Errorf("after a message: rows %s at rev %d, the same ring: %v", seqs(second.Rows), second.Channel.LastRev,
			second.Ring == first.Ring)
	}
	if seqs(first.Ring.Rows) != "1-1" && seqs(first.Ring.Rows) != "1" {
		t.Errorf("the ring of before has rows %s now", seqs(first.Ring.Rows))
	}
	if _, err := c.Messages.Edit(t.Context(), ada, "general-talk", 1, "changed"); err != nil {
		t.Fatal(err)
	}
	if third := mustView(t, c, ada); third.Ring == second.Ring || third.Channel.LastRev != 3 {
		t.Errorf("after an edit: rev %d, the same ring: %v", third.Channel.LastRev, third.Ring == second.Ring)
	}
	before := mustView(t, c, bob)
	if _, err := c.Users.Rename(t.Context(), ada, "Augusta"); err != nil {
		t.Fatal(err)
	}
	if after := mustView(t, c, bob); after.Ring == before.Ring {
		t.Error("a ring outlived the name that it shows")
	}
	if page, err := c.Messages.Before(t.Context(), ada, "general-talk", 2); err != nil || page.Ring != nil {
		t.Errorf("a page of the history has a ring: %v", err)
	}
}
