package chat

import (
	"fmt"
	"testing"
	"time"
)

// Everything is read at once, threads and muted channels included, and undone to exactly where it was.
func TestMarkAllRead(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	design, muted := mustChannel(t, c, bob, "Design", Public), mustChannel(t, c, bob, "Muted", Public)
	direct := mustDirect(t, c, bob, ada)
	mustPost(t, c, ada, "root")
	for _, slug := range []string{design.Slug, muted.Slug, direct.Slug} {
		mustWrite(t, c, bob, slug, "one")
		mustWrite(t, c, bob, slug, "two")
	}
	mustReply(t, c, bob, 1, "one")
	mustReply(t, c, bob, 1, "two")
	must(t, c.Channels.MarkRead(ctx, ada, design.Slug, 1))
	must(t, c.Channels.SetPreferences(ctx, ada, muted.Slug, false, true, NotifyAll, 0))
	marks := func() string {
		t.Helper()
		var n int64
		var all string
		for _, query := range []string{
			fmt.Sprintf(`SELECT read_seq FROM memberships WHERE channel_id = %d AND user_id = %d`, design.ID, ada.ID),
			fmt.Sprintf(`SELECT read_seq FROM memberships WHERE channel_id = %d AND user_id = %d`, muted.ID, ada.ID),
			fmt.Sprintf(`SELECT read_seq FROM memberships WHERE channel_id = %d AND user_id = %d`, direct.ID, ada.ID),
			fmt.Sprintf(`SELECT read_seq FROM thread_followers WHERE user_id = %d`, ada.ID),
		} {
			must(t, c.db.QueryRowContext(ctx, query).Scan(&n))
			all += fmt.Sprint(n)
		}
		return all
	}
	want := func(want string) {
		t.Helper()
		if got := marks(); got != want {
			t.Errorf("read up to %s, want %s", got, want)
		}
	}
	const unread = "Bob 2: 1 2; General Talk/1 2: 1 2; Design 1: 2"
	wantUnreads(t, c, ada, unread)
	want("1000")
	batch, err := c.Channels.MarkAllRead(ctx, ada, time.Time{})
	must(t, err)
	wantUnreads(t, c, ada, "")
	want("2222")
	again, err := c.Channels.MarkAllRead(ctx, ada, time.Time{})
	if must(t, err); again != 0 {
		t.Error("nothing was unread, and can be undone")
	}
	mustWrite(t, c, bob, design.Slug, "three")
	wantUnreads(t, c, ada, "Design 1: 3")

	wantCode(t, c.Channels.UndoRead(ctx, bob, batch), CodeNotFound)
	wantCode(t, c.Channels.UndoRead(ctx, ada, batch+1), CodeNotFound)
	wantCode(t, c.Channels.UndoRead(ctx, ada, 0), CodeNotFound)
	want("2222")
	must(t, c.Channels.UndoRead(ctx, ada, batch))
	want("1000")
	wantUnreads(t, c, ada, "Bob 2: 1 2; Design 2: 2 3; General Talk/1 2: 1 2")
	wantCode(t, c.Channels.UndoRead(ctx, ada, batch), CodeNotFound)
	_, err = c.Channels.MarkAllRead(ctx, Actor{}, time.Time{})
	wantCode(t, err, CodeSignedOut)
	wantCode(t, c.Channels.UndoRead(ctx, Actor{}, batch), CodeSignedOut)
}

// One conversation is read up to what the page showed. Only the last time can be undone, for an hour.
func TestMarkReadTo(t *testing.T) {
	now := time.Now()
	c := mustOpen(t, Options{Now: func() time.Time { return now }})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "root")
	for _, body := range []string{"two", "three", "four", "five"} {
		mustPost(t, c, bob, body)
	}
	now = now.Add(time.Second)
	mustReply(t, c, bob, 1, "one")
	mustReply(t, c, bob, 1, "two")
	const root = "general-talk/1"
	wantUnreads(t, c, ada, "General Talk/1 2: 1 2; General Talk 4: 2 3 4 5")
	mark := func(address string, seq int64) ID {
		t.Helper()
		batch, err := c.Channels.MarkReadTo(ctx, ada, address, seq)
		must(t, err)
		return batch
	}
	first := mark("general-talk", 3)
	wantUnreads(t, c, ada, "General Talk/1 2: 1 2; General Talk 2: 4 5")
	if mark("general-talk", 1) != 0 {
		t.Error("what is read already can be undone")
	}
	second := mark(root, 1)
	wantUnreads(t, c, ada, "General Talk/1 1: 2; General Talk 2: 4 5")
	wantCode(t, c.Channels.UndoRead(ctx, ada, first), CodeNotFound)
	must(t, c.Channels.UndoRead(ctx, ada, second))
	wantUnreads(t, c, ada, "General Talk/1 2: 1 2; General Talk 2: 4 5")
	mark(root, 0)
	late := mark("general-talk", 1<<40)
	wantUnreads(t, c, ada, "")
	now = now.Add(undoLifetime)
	wantCode(t, c.Channels.UndoRead(ctx, ada, late), CodeNotFound)
	must(t, c.expireNow(ctx))
	var n int
	must(t, c.db.QueryRowContext(ctx, `SELECT count(*) FROM read_undo`).Scan(&n))
	if n != 0 {
		t.Errorf("%d marks are kept", n)
	}
}

// A tab that has a channel open hears that all is read, and that it is not any more.
func TestMarkAllReadIsLive(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	other := mustChannel(t, c, bob, "Other", Public)
	mustListen(t, c, ada, Cursor{Channel: "general-talk"})
	mustWrite(t, c, bob, other.Slug, "one")
	unread := func(want int64) {
		t.Helper()
		list, err := sidebarList(ctx, c, ada)
		must(t, err)
		for _, l := range list {
			if l.ID == other.ID && l.Unread() != want {
				t.Errorf("%d unread, want %d", l.Unread(), want)
			}
		}
	}
	unread(1)
	batch, err := c.Channels.MarkAllRead(ctx, ada, time.Time{})
	must(t, err)
	unread(0)
	must(t, c.Channels.UndoRead(ctx, ada, batch))
	unread(1)
}
