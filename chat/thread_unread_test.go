package chat

import "testing"

// However many threads of a lost channel a user follows, they hide none of another channel. They come back with it.
func TestThreadsOfALostChannelHideNoOthers(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, bob, "root")
	mustReply(t, c, ada, 1, "seen")
	room := mustChannel(t, c, ada, "Room", Private)
	_, err := c.Channels.AddMember(ctx, ada, room.Slug, "Bob")
	must(t, err)
	// as so many replies would leave them, in less time
	mustExec(t, c, `INSERT INTO threads (id, channel_id, seq, created_at, last_seq, last_rev, last_at, shown_rev)
		WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $1)
		SELECT -n, $2, n, 1, 1, 1, last_at + n, 1 FROM n, threads t WHERE t.id > 0`, maxFollowed, room.ID)
	mustExec(t, c, `INSERT INTO thread_followers (thread_id, user_id, following, read_seq)
		SELECT id, $1, TRUE, 0 FROM threads WHERE id < 0`, bob.ID)
	count := func(want int) {
		t.Helper()
		list, err := c.Threads.UnreadThreads(ctx, bob)
		must(t, err)
		if len(list) != want {
			t.Errorf("%d threads are counted, want %d", len(list), want)
		}
	}
	count(maxUnreadThreads)
	must(t, c.Channels.RemoveMember(ctx, ada, room.Slug, bob.ID))
	wantThreads(t, c, bob, "1:1")
	if l, err := c.Threads.List(ctx, bob, 0); err != nil || l.Total != 1 {
		t.Errorf("%d threads are listed, want the one that is seen (%v)", l.Total, err)
	}
	_, err = c.Channels.AddMember(ctx, ada, room.Slug, "Bob")
	must(t, err)
	count(maxUnreadThreads)
}

// Who follows a thread no more has nothing unread in it: no line says for ever that what came since is new.
func TestUnfollowedThreadHasNothingNew(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "root")
	mustReply(t, c, bob, 1, "first")
	readSeq := func(want int64) {
		t.Helper()
		p, err := c.Messages.View(ctx, bob, "general-talk/1")
		must(t, err)
		if p.ReadSeq != want {
			t.Errorf("the page says that %d were read, want %d", p.ReadSeq, want)
		}
	}
	readSeq(1)
	must(t, c.Threads.Unfollow(ctx, bob, "general-talk", 1))
	mustReply(t, c, ada, 1, "second")
	readSeq(0)
	must(t, c.Threads.Follow(ctx, bob, "general-talk", 1))
	mustReply(t, c, ada, 1, "third")
	readSeq(2)
	readSeq(3)
}
