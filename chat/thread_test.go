package chat

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// mustReply posts a reply to a message of General Talk.
func mustReply(t testing.TB, c *Chat, a Actor, root int64, body string) Row {
	t.Helper()
	row, _, err := c.Messages.Post(t.Context(), a, "general-talk", Draft{Body: body, Thread: root})
	must(t, err)
	return row
}

// mustShow brings the roots up to date, as happens a moment after each reply.
func mustShow(t testing.TB, c *Chat) {
	t.Helper()
	must(t, c.showMissedReplies(t.Context()))
}

// rowAt returns the row of a message at an address.
func rowAt(t testing.TB, c *Chat, a Actor, address string, seq int64) string {
	t.Helper()
	row, err := c.Messages.Row(t.Context(), a, address, seq)
	must(t, err)
	return string(row.HTML)
}

// wantThreads tests the numbers of unread replies of a user, as "root:number".
func wantThreads(t testing.TB, c *Chat, a Actor, want string) {
	t.Helper()
	list, err := c.Threads.UnreadThreads(t.Context(), a)
	must(t, err)
	var got []string
	for _, n := range list {
		got = append(got, fmt.Sprintf("%d:%d", n.Root, n.Unread))
	}
	if now := strings.Join(got, " "); now != want {
		t.Errorf("%s has unread %q, want %q", a.Name, now, want)
	}
}

// A thread has its own numbers, and the channel's stay without gaps.
func TestThread(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "one")
	mustPost(t, c, ada, "two")
	for i, who := range []Actor{bob, ada, bob} {
		if row := mustReply(t, c, who, 1, fmt.Sprint("reply ", i+1)); row.Seq != int64(i+1) || row.Rev != int64(i+1) {
			t.Errorf("reply %d has %d.%d", i+1, row.Seq, row.Rev)
		}
	}
	if row := mustReply(t, c, bob, 2, "elsewhere"); row.Seq != 1 {
		t.Error("a second thread begins at", row.Seq)
	}
	if row := mustPost(t, c, ada, "three"); row.Seq != 3 {
		t.Error("the channel goes on at", row.Seq)
	}
	mustShow(t, c)
	if got := rowAt(t, c, ada, "general-talk", 1); !strings.Contains(got, "one <3 Bob Ada>") {
		t.Error("the root shows", got)
	}
	p, err := c.Messages.View(t.Context(), ada, "general-talk/1")
	must(t, err)
	if got := seqs(p.Rows); got != "1-3" || p.Thread.Root != 1 || p.Channel.LastRev != 3 || p.Older ||
		!strings.Contains(string(p.Thread.RootRow.HTML), "one <3") {
		t.Errorf("the thread shows %s, %+v", got, p.Thread)
	}
	if got := string(p.Rows[0].HTML); !strings.HasPrefix(got, "[general-talk/1 1.1 Bob: reply 1") {
		t.Error(got)
	}
	before, err := c.Messages.Before(t.Context(), ada, "general-talk/1", 3)
	must(t, err)
	if got := seqs(before.Rows); got != "1-2" || before.Older || !before.Newer {
		t.Error("before the third are", got, before.Older, before.Newer)
	}
	for _, address := range []string{"general-talk/9", "general-talk/0", "general-talk/01", "general-talk/x", "/1",
		"none/1",
		"general-talk/1/1", "general-talk/"} {
		_, err := c.Messages.Peek(t.Context(), ada, address)
		wantCode(t, err, CodeNotFound)
	}
}

// What changes a reply changes it alone, and the counts are exact.
func TestRepliesChange(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "root")
	for i := range 3 {
		mustReply(t, c, bob, 1, fmt.Sprint("reply ", i+1))
	}
	const thread = "general-talk/1"
	ctx := t.Context()
	if row, err := c.Messages.Edit(ctx, bob, thread, 2, "changed"); err != nil || row.Rev != 4 ||
		!strings.Contains(string(row.HTML), "changed") {
		t.Error(string(row.HTML), err)
	}
	_, err := c.Messages.Edit(ctx, ada, thread, 2, "not mine")
	wantCode(t, err, CodeForbidden)
	if row, err := c.Messages.React(ctx, ada, thread, 1, "👍"); err != nil ||
		!strings.Contains(string(row.HTML), "👍1,Ada") {
		t.Error(string(row.HTML), err)
	}
	if v, err := c.Messages.Versions(ctx, ada, thread, 2, 0); err != nil || len(v.Versions) != 1 ||
		v.Versions[0].Body != "reply 2" {
		t.Error(v, err)
	}
	must(t, c.Moderation.Report(ctx, ada, thread, 3, "noise"))
	if _, _, err := c.Messages.Delete(ctx, bob, thread, 3); err != nil {
		t.Error(err)
	}
	mustShow(t, c)
	if got := rowAt(t, c, ada, "general-talk", 1); !strings.Contains(got, "root <2 Bob>") {
		t.Error("the root shows", got)
	}
	wantThreads(t, c, ada, "1:2")
	for seq := range 2 {
		_, _, err := c.Messages.Delete(ctx, bob, thread, int64(seq+1))
		must(t, err)
	}
	mustShow(t, c)
	if got := rowAt(t, c, ada, "general-talk", 1); strings.Contains(got, "<") {
		t.Error("a root without replies shows", got)
	}
	wantThreads(t, c, ada, "")
}

// Who writes, is mentioned or reacts follows, and so does the root's author; unread replies are counted for them.
func TestFollowers(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve, zoe := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve"), mustSignIn(t, c,
		"Zoe")
	ctx := t.Context()
	mustPost(t, c, ada, "root")
	mustReply(t, c, bob, 1, "one")
	mustReply(t, c, bob, 1, "two @Eve")
	wantThreads(t, c, ada, "1:2")
	wantThreads(t, c, bob, "")
	wantThreads(t, c, eve, "1:1")
	wantThreads(t, c, zoe, "")
	_, err := c.Messages.React(ctx, zoe, "general-talk/1", 1, "👍")
	must(t, err)
	mustReply(t, c, eve, 1, "three")
	wantThreads(t, c, zoe, "1:1")
	wantThreads(t, c, eve, "")
	_, err = c.Messages.View(ctx, ada, "general-talk/1")
	must(t, err)
	wantThreads(t, c, ada, "")

	must(t, c.Threads.Unfollow(ctx, ada, "general-talk", 1))
	mustReply(t, c, bob, 1, "four")
	wantThreads(t, c, ada, "")
	_, err = c.Messages.React(ctx, ada, "general-talk/1", 1, "👍") // does not undo it
	must(t, err)
	mustReply(t, c, bob, 1, "five")
	wantThreads(t, c, ada, "")
	mustReply(t, c, bob, 1, "six @Ada") // does
	wantThreads(t, c, ada, "1:1")
	must(t, c.Threads.Unfollow(ctx, ada, "general-talk", 1))
	must(t, c.Threads.Follow(ctx, ada, "general-talk", 1))
	wantThreads(t, c, ada, "")
	mustReply(t, c, bob, 1, "seven")
	wantThreads(t, c, ada, "1:1")

	mustPost(t, c, bob, "nothing yet")
	must(t, c.Threads.Follow(ctx, zoe, "general-talk", 2))
	must(t, c.Threads.Unfollow(ctx, eve, "general-talk", 2)) // nothing to unfollow
	mustReply(t, c, bob, 2, "now")
	wantThreads(t, c, zoe, "2:1 1:5")
	list, err := c.Threads.List(ctx, zoe, 0)
	must(t, err)
	if len(list.Rows) != 2 || list.Rows[0].Unread != 1 || !strings.Contains(string(list.Rows[1].Root.HTML), "root") {
		t.Errorf("%+v", list)
	}
}

// A reply that calls everyone calls nobody, and a mention in a private channel reaches members only.
func TestRepliesCallNobody(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	room := mustChannel(t, c, ada, "Room", Private)
	_, err := c.Channels.AddMember(t.Context(), ada, room.Slug, "Bob")
	must(t, err)
	for _, d := range []Draft{{Body: "root"}, {Body: "@all @here", Thread: 1}, {Body: "@Eve @Bob", Thread: 1}} {
		_, _, err := c.Messages.Post(t.Context(), ada, room.Slug, d)
		must(t, err)
	}
	wantThreads(t, c, bob, "1:1")
	wantCount(t, c, `SELECT count(*) FROM thread_followers`, 2)
	wantThreads(t, c, eve, "")
}

// A deleted root keeps its thread; without one it gets none.
func TestDeletedRoots(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "root")
	mustPost(t, c, ada, "alone")
	mustReply(t, c, bob, 1, "reply")
	mustShow(t, c)
	for seq := range 2 {
		_, _, err := c.Messages.Delete(t.Context(), ada, "general-talk", int64(seq+1))
		must(t, err)
	}
	mustReply(t, c, bob, 1, "another")
	mustShow(t, c)
	if got := rowAt(t, c, bob, "general-talk", 1); !strings.Contains(got, " <2 Bob> gone]") {
		t.Error("the root shows", got)
	}
	_, _, err := c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "x", Thread: 2})
	wantCode(t, err, CodeNotFound)
	_, err = c.Messages.Peek(t.Context(), bob, "general-talk/2")
	wantCode(t, err, CodeNotFound)
}

// A retry of a reply is the same reply, also of one that is shown in the channel.
func TestRepliesAreRetried(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "root")
	for range 3 {
		row, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "x", ClientID: "one", Thread: 1,
			Broadcast: true})
		if err != nil || row.Seq != 1 {
			t.Error(row.Seq, err)
		}
	}
	if p := mustView(t, c, ada); seqs(p.Rows) != "1-2" {
		t.Error("the channel has", seqs(p.Rows))
	}
}

// Who is mentioned by an edit of a reply follows its thread, and their open pages count it at once.
func TestEditThatMentionsIsCountedLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		mustPost(t, c, ada, "root")
		mustReply(t, c, ada, 1, "a reply to nobody")
		time.Sleep(2 * repliesDelay)
		page := mustListen(t, c, bob, Cursor{})
		takeUntil(t, page, func(b Update) bool { return b.Threads != nil })
		wantThreads(t, c, bob, "")
		_, err := c.Messages.Edit(t.Context(), ada, "general-talk/1", 1, "a reply to @Bob")
		must(t, err)
		takeUntil(t, page, func(b Update) bool { return len(b.Threads) == 1 && b.Threads[0].Unread == 1 })
		wantThreads(t, c, bob, "1:1")
	})
}
