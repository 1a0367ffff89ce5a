package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestCreateChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := tempPath(t)
		c := mustOpen(t, Options{Path: path})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		l := mustListen(t, c, bob, Cursor{})
		takeUntil(t, l, func(b Update) bool { return b.Channels != nil })

		ch, err := c.Channels.Create(t.Context(), ada, " Cat  pictures ", Public)
		if err != nil || ch.Name != "Cat pictures" || ch.Slug != "cat-pictures" {
			t.Fatal(ch, err)
		}
		b := takeUntil(t, l, func(b Update) bool { return len(b.Channels) == 2 })
		if b.Channels[1].ID != ch.ID || b.Channels[0].Name != DefaultChannel {
			t.Errorf("the list is %+v", b.Channels)
		}
		for _, name := range []string{"cat pictures", "Cаt Pictures", "", "\u200b", strings.Repeat("x", 81)} {
			_, err := c.Channels.Create(t.Context(), ada, name, Public)
			wantCode(t, err, CodeInvalid)
		}
		for name, slug := range map[string]string{"C": "c", "日本語": "日本語"} {
			if ch, err := c.Channels.Create(t.Context(), ada, name, Public); err != nil || ch.Slug != slug {
				t.Errorf("%q got the slug %q, %v", name, ch.Slug, err)
			}
		}
		if ch, err := c.Channels.Create(t.Context(), ada, "C++", Public); err != nil || ch.Slug != "c-2" {
			t.Errorf("a second name for one slug: %q, %v", ch.Slug, err)
		}
		_, err = c.Channels.Create(t.Context(), Actor{}, "x", Public)
		wantCode(t, err, CodeSignedOut)

		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		again := mustOpen(t, Options{Path: path})
		if list, err := sidebarList(t.Context(), again, ada); err != nil || len(list) != 5 {
			t.Errorf("after a restart: %d channels, %v", len(list), err)
		}
	})
}

func TestLastChannel(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ada := mustSignIn(t, c, "Ada")
	last := func(want string) {
		t.Helper()
		a, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session)
		if err != nil {
			t.Fatal(err)
		}
		if ch, err := c.Channels.Last(t.Context(), a); err != nil || ch.Slug != want {
			t.Errorf("last channel %q, %v; want %q", ch.Slug, err, want)
		}
	}
	last("general-talk")
	cats, err := c.Channels.Create(t.Context(), ada, "Cats", Public)
	if err != nil {
		t.Fatal(err)
	}
	last("general-talk")
	if _, err := c.Messages.Peek(t.Context(), ada, cats.Slug); err != nil {
		t.Fatal(err)
	}
	last("general-talk")
	if _, err := c.Messages.View(t.Context(), ada, cats.Slug); err != nil {
		t.Fatal(err)
	}
	last("cats")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = mustOpen(t, Options{Path: path})
	last("cats")
}

func TestUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := tempPath(t)
		c := mustOpen(t, Options{Path: path})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		for range 3 {
			mustPost(t, c, ada, "x")
		}
		unread := func(a Actor, want int64) {
			t.Helper()
			list, err := sidebarList(t.Context(), c, a)
			if err != nil || list[0].Unread() != want {
				t.Errorf("%s has %d unread, %v; want %d", a.Name, list[0].Unread(), err, want)
			}
		}
		unread(ada, 0) // one's own messages count as read
		unread(bob, 3)
		unread(mustSignIn(t, c, "Eve"), 0) // history is read for a new user

		tab := mustListen(t, c, bob, Cursor{})
		takeUntil(t, tab, func(b Update) bool { return b.Channels != nil })
		if p, err := c.Messages.Peek(t.Context(), bob, "general-talk"); err != nil || p.ReadSeq != 0 {
			t.Fatal(p.ReadSeq, err)
		}
		unread(bob, 3)
		if err := c.Channels.MarkRead(t.Context(), bob, "general-talk", 2); err != nil {
			t.Fatal(err)
		}
		unread(bob, 1)
		told := takeUntil(t, tab, func(b Update) bool { return len(b.Unread) > 0 })
		if n := told.Unread[len(told.Unread)-1].Unread; n != 1 {
			t.Errorf("the other tab was told %d", n)
		}
		if err := c.Channels.MarkRead(t.Context(), bob, "general-talk", 1); err != nil { // never back
			t.Fatal(err)
		}
		unread(bob, 1)
		if err := c.Channels.MarkRead(t.Context(), bob, "general-talk", 99); err != nil { // never ahead
			t.Fatal(err)
		}
		mustPost(t, c, ada, "x")
		unread(bob, 1)
		if p := mustView(t, c, bob); p.ReadSeq != 3 || p.Channel.LastSeq != 4 {
			t.Errorf("page: read %d of %d", p.ReadSeq, p.Channel.LastSeq)
		}
		unread(bob, 0)

		cats, err := c.Channels.Create(t.Context(), ada, "Cats", Public)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Messages.Post(t.Context(), ada, cats.Slug, Draft{Body: "meow"}); err != nil {
			t.Fatal(err)
		}
		takeUntil(t, tab, func(b Update) bool { // in the list with the new channel, or in an update of its own
			return slices.ContainsFunc(b.Channels, func(l SidebarItem) bool { return l.ID == cats.ID && l.Unread() == 1 }) ||
				slices.ContainsFunc(b.Unread, func(n Count) bool { return n.Channel == cats.ID && n.Unread == 1 })
		})
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		c = mustOpen(t, Options{Path: path})
		list, err := sidebarList(t.Context(), c, bob)
		if err != nil || list[0].Unread() != 0 || list[1].Unread() != 1 {
			t.Errorf("after a restart: %+v, %v", list, err)
		}
	})
}

// TestChannelsOfOnePersonAreBounded: each channel costs everyone, on every page.
func TestChannelsOfOnePersonAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	owner, a := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Ada")
	first := mustChannel(t, c, a, "first", Private)
	if _, err := c.Channels.Archive(t.Context(), a, first.Slug); err != nil {
		t.Fatal(err)
	}
	for n := range maxOwnChannels {
		mustExec(t, c, `INSERT INTO channels (id, slug, name, name_key, kind, created_by, created_at, last_seq, last_rev)
			VALUES ($1, $2, $2, $2, 'private', $3, 0, 0, 0)`, NewID(), fmt.Sprint("made ", n), a.ID)
	}
	_, err := c.Channels.Create(t.Context(), a, "one more", Public)
	wantCode(t, err, CodeInvalid)
	_, err = c.Channels.Restore(t.Context(), a, first.Slug)
	wantCode(t, err, CodeInvalid)
	mustExec(t, c, `UPDATE channels SET archived_at = 1 WHERE name = 'made 1'`)
	if _, err := c.Channels.Restore(t.Context(), a, first.Slug); err != nil {
		t.Errorf("there is room for one: %v", err)
	}
	for n := range maxAllOwnChannels - maxOwnChannels { // archiving does not make room without end
		mustExec(t, c, `INSERT INTO channels (id, slug, name, name_key, kind, created_by, created_at, archived_at, last_seq,
			last_rev)
			VALUES ($1, $2, $2, $2, 'private', $3, 0, 1, 0, 0)`, NewID(), fmt.Sprint("archived ", n), a.ID)
	}
	mustExec(t, c, `UPDATE channels SET archived_at = 1 WHERE name = 'made 2'`)
	_, err = c.Channels.Create(t.Context(), a, "one more", Public)
	wantCode(t, err, CodeInvalid)
	mustExec(t, c, `UPDATE channels SET created_by = $1 WHERE created_by = $2`, owner.ID, a.ID)
	if _, err := c.Channels.Create(t.Context(), owner, "an owner's", Public); err != nil {
		t.Error(err)
	}
}
