package chat

import (
	"context"
	"testing"
	"testing/synctest"

	"chitchat/chat/sqlite"
)

// unreadOf returns a channel's count in a user's sidebar.
func unreadOf(t testing.TB, c *Chat, a Actor, slug string) int64 {
	t.Helper()
	list, err := sidebarList(t.Context(), c, a)
	must(t, err)
	for _, l := range list {
		if l.Slug == slug {
			return l.Unread()
		}
	}
	t.Fatalf("%s is not in the sidebar", slug)
	return 0
}

// A channel can be marked as unread from a message on: what is unread is all from there, without what was deleted,
// until the user reads further.
func TestMarkUnread(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for _, body := range []string{"1", "2", "3", "4", "5"} {
		mustPost(t, c, ada, body)
	}
	mustPost(t, c, bob, "6, my own, counts as others' do")
	_, _, err := c.Moderation.RemoveMessage(t.Context(), ada, "general-talk", 4, "")
	must(t, err)
	mark := func(seq, want int64) {
		t.Helper()
		must(t, c.Channels.MarkUnread(t.Context(), bob, "general-talk", seq))
		if n := unreadOf(t, c, bob, "general-talk"); n != want {
			t.Errorf("%d are unread from message %d on, want %d", n, seq, want)
		}
	}
	mark(6, 1)
	mark(3, 3)
	mark(5, 3) // never forward
	mark(1, 5)
	if n := unreadOf(t, c, ada, "general-talk"); n != 1 {
		t.Errorf("%d are unread to somebody else", n)
	}
	for _, seq := range []int64{0, 4, 7} {
		wantCode(t, c.Channels.MarkUnread(t.Context(), bob, "general-talk", seq), CodeNotFound)
	}
	must(t, c.Channels.MarkRead(t.Context(), bob, "general-talk", 3))
	if n := unreadOf(t, c, bob, "general-talk"); n != 2 {
		t.Errorf("%d are unread after three were read", n)
	}
	mark(2, 4)
	if p := mustView(t, c, bob); p.ReadSeq != 1 || p.MarkRev == 0 {
		t.Errorf("the page has the mark at %d, of rev %d", p.ReadSeq, p.MarkRev)
	}
	if n := unreadOf(t, c, bob, "general-talk"); n != 0 {
		t.Errorf("%d are unread after the channel was opened", n)
	}
	mark(2, 4)
	mustPost(t, c, bob, "who writes has read")
	if n := unreadOf(t, c, bob, "general-talk"); n != 0 {
		t.Errorf("%d are unread after a message of mine", n)
	}

	private := mustChannel(t, c, ada, "Private", Private)
	mustWrite(t, c, ada, private.Slug, "for us")
	wantCode(t, c.Channels.MarkUnread(t.Context(), bob, private.Slug, 1), CodeNotFound)
	_, err = c.Channels.AddMember(t.Context(), ada, private.Slug, "Bob")
	must(t, err)
	must(t, c.Channels.MarkUnread(t.Context(), bob, private.Slug, 1))
	must(t, c.Channels.RemoveMember(t.Context(), ada, private.Slug, bob.ID))
	wantCode(t, c.Channels.MarkUnread(t.Context(), bob, private.Slug, 1), CodeNotFound)
}

// All pages of the user show it, on other nodes too, whatever the bus does; and a page that reports what it had seen
// before it was told does not undo it.
func TestMarkUnreadReachesAllPages(t *testing.T) {
	for name, bus := range map[string]*lossyBus{"a good bus": {}, "a bus that drops everything": {drop: 1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := tempPath(t)
				here, there := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
				t.Cleanup(bus.late.Wait)
				ada, bob := mustSignIn(t, here, "Ada"), mustSignIn(t, here, "Bob")
				aside := mustChannel(t, here, ada, "Aside", Public)
				for range 3 {
					mustPost(t, here, ada, "hi")
				}
				id := here.general(t).ID
				pages := []*fakeSubscriber{
					mustListen(t, here, bob, Cursor{}), mustListen(t, there, bob, Cursor{}),
					mustListen(t, here, bob, Cursor{Channel: aside.Slug}),
				}
				reads := func(n int64) {
					t.Helper()
					for _, p := range pages {
						takeUntil(t, p, func(b Update) bool {
							for _, l := range b.Channels {
								if l.ID == id && l.Unread() == n {
									return true
								}
							}
							for _, l := range b.Unread {
								if l.Channel == id && l.Unread == n {
									return true
								}
							}
							return false
						})
					}
				}
				reads(3)
				for _, node := range []*Chat{here, there} { // a read does not reach other nodes by itself
					must(t, node.Channels.MarkRead(t.Context(), bob, "general-talk", 3))
				}
				reads(0)
				must(t, here.Channels.MarkUnread(t.Context(), bob, "general-talk", 2))
				reads(2)
				for _, p := range pages[:2] {
					must(t, p.MarkRead(t.Context(), 3, 0)) // as of before
				}
				for _, node := range []*Chat{here, there} {
					if n := unreadOf(t, node, bob, "general-talk"); n != 2 {
						t.Errorf("%d are unread after a late report", n)
					}
				}
				mark, err := pages[1].mark(t.Context())
				if err != nil || mark == nil || mark.Seq != 1 {
					t.Fatal(mark, err)
				}
				must(t, pages[1].MarkRead(t.Context(), 3, mark.Rev))
				if n := unreadOf(t, there, bob, "general-talk"); n != 0 {
					t.Errorf("%d are unread after they were read", n)
				}
			})
		})
	}
}

// Of two marks that a node is told of in any order, it keeps the newer.
func TestNewerMarkWins(t *testing.T) {
	early, back, late := readMark{9, 0}, readMark{4, 7}, readMark{6, 7}
	for _, order := range [][]readMark{
		{early, back, late}, {late, back, early}, {back, late, early}, {back, early, late},
	} {
		c := mustOpen(t, Options{})
		bob := mustSignIn(t, c, "Bob")
		mustListen(t, c, bob, Cursor{})
		id := c.general(t).ID
		for i, m := range order {
			if i%2 == 0 {
				c.hub.read(bob.ID, id, m)
				continue
			}
			c.hub.mu.Lock()
			c.hub.people[bob.ID].learn(id, membershipRow{readMark: m})
			c.hub.mu.Unlock()
		}
		if got := c.hub.membershipsOf(bob.ID)[id].readMark; got != late {
			t.Errorf("after %v: %v", order, got)
		}
	}
}

// What was read before, and is told of late, does not move a mark forward that has moved back since.
func TestLateReadsDoNotUndo(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for range 3 {
		mustPost(t, c, ada, "hi")
	}
	id := c.general(t).ID
	before, err := updateQuietlyValue(t.Context(), c.writer, func(ctx context.Context, tx *sqlite.Tx) (readMark, error) {
		return raiseRead(ctx, tx, id, ada.ID, 2)
	}, nil)
	must(t, err)
	if before != (readMark{3, 0}) {
		t.Errorf("a mark at 3 was moved to %v", before)
	}
	mustListen(t, c, ada, Cursor{})
	must(t, c.Channels.MarkUnread(t.Context(), ada, "general-talk", 1))
	c.hub.read(ada.ID, id, before)
	if n := unreadOf(t, c, ada, "general-talk"); n != 3 {
		t.Errorf("%d are unread, want 3", n)
	}
	mustPost(t, c, ada, "posts know it too")
	if n := unreadOf(t, c, ada, "general-talk"); n != 0 {
		t.Errorf("%d are unread after a message of mine", n)
	}
}
