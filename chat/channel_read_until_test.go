package chat

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// "Mark all as read" marks what its page knew of: what came since stays unread, in channels and in threads.
func TestMarkAllReadUntil(t *testing.T) {
	now := time.Now()
	c := mustOpen(t, Options{Now: func() time.Time { return now }})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	quiet, busy := mustChannel(t, c, bob, "Quiet", Public), mustChannel(t, c, bob, "Busy", Public)
	mustPost(t, c, ada, "root")
	mustPost(t, c, ada, "another")
	mustWrite(t, c, bob, quiet.Slug, "one")
	for range 5 {
		now = now.Add(time.Second)
		mustWrite(t, c, bob, busy.Slug, "one of five")
	}
	now = now.Add(time.Second)
	mustReply(t, c, bob, 1, "one")
	now = now.Add(time.Second)
	mustReply(t, c, bob, 2, "one")
	page := wantUnreads(t, c, ada, "General Talk/2 1: 1; General Talk/1 1: 1; Busy 5: 1 2 3 4 5; Quiet 1: 1")
	if !page.Until.Equal(now.Truncate(time.Millisecond)) {
		t.Errorf("the page knows of %v, and it is %v", page.Until, now)
	}
	now = now.Add(time.Second)
	fresh := mustChannel(t, c, bob, "Fresh", Public)
	mustWrite(t, c, bob, fresh.Slug, "one")
	mustWrite(t, c, bob, busy.Slug, "six")
	mustReply(t, c, bob, 1, "two")
	_, _, err := c.Messages.Post(ctx, ada, quiet.Slug, Draft{Body: "mine", ClientID: "mine", Apart: true}) // is not new
	must(t, err)
	batch, err := c.Channels.MarkAllRead(ctx, ada, page.Until)
	must(t, err)
	const left = "Busy 1: 6; Fresh 1: 1; General Talk/1 1: 2"
	texts := func() []string {
		t.Helper()
		p, err := c.Messages.Unreads(ctx, ada, "")
		must(t, err)
		return slices.Sorted(slices.Values(unreadTexts(p))) // they came at one time
	}
	if got := strings.Join(texts(), "; "); got != left {
		t.Errorf("left is %q, want %q", got, left)
	}
	if again, err := c.Channels.MarkAllRead(ctx, ada, page.Until); again != 0 || err != nil {
		t.Errorf("the same again marks %v: %v", again, err)
	}
	must(t, c.Channels.UndoRead(ctx, ada, batch))
	if all := texts(); len(all) != 5 {
		t.Errorf("undone, it is %q", all)
	}
	if none, err := c.Channels.MarkAllRead(ctx, ada, time.UnixMilli(1)); none != 0 || err != nil {
		t.Errorf("a page before all marks %v: %v", none, err)
	}
	_, err = c.Channels.MarkAllRead(ctx, ada, time.Time{})
	must(t, err)
	wantUnreads(t, c, ada, "")
}
