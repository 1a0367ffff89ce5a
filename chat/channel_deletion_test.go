package chat

import (
	"slices"
	"testing"
	"testing/synctest"
)

// wantUnread tests the unread count of a channel in a user's sidebar.
func wantUnread(t *testing.T, c *Chat, a Actor, ch ID, want int64) {
	t.Helper()
	list, err := sidebarList(t.Context(), c, a)
	must(t, err)
	at := slices.IndexFunc(list, func(l SidebarItem) bool { return l.ID == ch })
	if at < 0 {
		t.Fatal(a.Name, "does not have the channel in the list")
	}
	if got := list[at].Unread(); got != want {
		t.Errorf("%s has %d unread, want %d", a.Name, got, want)
	}
}

// Deleted messages count as unread for nobody: in a channel, in a conversation, and after a restart. Edited ones do.
func TestDeletedIsNotUnread(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	owner := mustOwn(t, c, "Olga")
	ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	general := c.general(t).ID
	with, err := c.Channels.CreateDirect(t.Context(), ada, []ID{bob.ID})
	must(t, err)
	post := func(slug, body string) int64 {
		t.Helper()
		row, _, err := c.Messages.Post(t.Context(), ada, slug, Draft{Body: body})
		must(t, err)
		return row.Seq
	}
	take := func(slug string, seq int64) {
		t.Helper()
		_, _, err := c.Messages.Delete(t.Context(), ada, slug, seq)
		must(t, err)
	}
	first, second, third := post("general-talk", "one"), post("general-talk", "two"), post("general-talk", "three")
	must(t, c.Channels.MarkRead(t.Context(), eve, "general-talk", second))
	_, err = c.Messages.Edit(t.Context(), ada, "general-talk", third, "three, better")
	must(t, err)
	wantUnread(t, c, bob, general, 3)
	take("general-talk", second)
	take("general-talk", second) // again
	wantUnread(t, c, bob, general, 2)
	wantUnread(t, c, eve, general, 1) // she had read it: her count stays the same
	_, _, err = c.Moderation.RemoveMessage(t.Context(), owner, "general-talk", first, "spam")
	must(t, err)
	wantUnread(t, c, bob, general, 1)
	said := post(with.Slug, "psst")
	wantUnread(t, c, bob, with.ID, 1)
	take(with.Slug, said)
	wantUnread(t, c, bob, with.ID, 0)

	must(t, c.Close())
	c = mustOpen(t, Options{Path: path})
	wantUnread(t, c, bob, general, 1)
	wantUnread(t, c, eve, general, 1)
	wantUnread(t, c, bob, with.ID, 0)
	take("general-talk", third)
	wantUnread(t, c, bob, general, 0)
	post("general-talk", "four")
	wantUnread(t, c, bob, general, 1)
	wantUnread(t, c, eve, general, 1)
}

// A mention that is deleted or edited away no longer counts, whichever sign it began with.
func TestDeletedMentionIsNotUnread(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	general := c.general(t).ID
	must(t, c.Channels.SetPreferences(t.Context(), bob, "general-talk", false, false, NotifyMentions, 0))
	var seqs []int64
	for _, body := range []string{"＠Bob", "hi @Bob", "＠Bob, too", "nobody"} {
		seqs = append(seqs, mustPost(t, c, ada, body).Seq)
	}
	wantUnread(t, c, bob, general, 3)
	_, _, err := c.Messages.Delete(t.Context(), ada, "general-talk", seqs[0])
	must(t, err)
	wantUnread(t, c, bob, general, 2)
	_, err = c.Messages.Edit(t.Context(), ada, "general-talk", seqs[2], "never mind")
	must(t, err)
	wantUnread(t, c, bob, general, 1)
	_, _, err = c.Messages.Delete(t.Context(), ada, "general-talk", seqs[1])
	must(t, err)
	wantUnread(t, c, bob, general, 0)
}

// Pages are updated: of several users, two of one user, in the channel and outside it, of a conversation.
func TestPagesHearOfDeletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
		side := mustChannel(t, c, ada, "Side", Public)
		with, err := c.Channels.CreateDirect(t.Context(), ada, []ID{bob.ID})
		must(t, err)
		here := []*fakeSubscriber{mustListen(t, c, bob, Cursor{}), mustListen(t, c, bob, Cursor{Channel: side.Slug})}
		pages := append(slices.Clone(here), mustListen(t, c, eve, Cursor{}))
		seqs := make(map[string][]int64)
		for _, slug := range []string{side.Slug, side.Slug, with.Slug} {
			row, _, err := c.Messages.Post(t.Context(), ada, slug, Draft{Body: "x"})
			must(t, err)
			seqs[slug] = append(seqs[slug], row.Seq)
		}
		take := func(slug string, at int) {
			t.Helper()
			_, _, err := c.Messages.Delete(t.Context(), ada, slug, seqs[slug][at])
			must(t, err)
		}
		counts(t, pages, func(shown map[ID]int64, _ int) bool { return shown[side.ID] == 2 })
		take(side.Slug, 0)
		counts(t, pages, func(shown map[ID]int64, _ int) bool { return shown[side.ID] == 1 })
		take(side.Slug, 1)
		told := func(id ID) func(map[ID]int64, int) bool {
			return func(shown map[ID]int64, _ int) bool { n, told := shown[id]; return told && n == 0 }
		}
		counts(t, pages, told(side.ID))
		take(with.Slug, 0)
		counts(t, here, told(with.ID))
	})
}

// A deletion by another node counts here too.
func TestOtherNodeDeletes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bus := tempPath(t), new(MemoryBus)
		here, there := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
		ada, bob := mustSignIn(t, here, "Ada"), mustSignIn(t, there, "Bob")
		side := mustChannel(t, here, ada, "Side", Public)
		p := mustListen(t, there, bob, Cursor{})
		counts(t, []*fakeSubscriber{p},
			func(shown map[ID]int64, _ int) bool { _, listed := shown[side.ID]; return listed })
		row, _, err := here.Messages.Post(t.Context(), ada, side.Slug, Draft{Body: "x"})
		must(t, err)
		counts(t, []*fakeSubscriber{p},
			func(shown map[ID]int64, _ int) bool { return shown[side.ID] == 1 })
		_, _, err = here.Messages.Delete(t.Context(), ada, side.Slug, row.Seq)
		must(t, err)
		counts(t, []*fakeSubscriber{p},
			func(shown map[ID]int64, _ int) bool { n, told := shown[side.ID]; return told && n == 0 })
	})
}

func TestDeletionsWithin(t *testing.T) {
	var d deletions
	if d.within(0, 9) != 0 || d.add() {
		t.Error("something is deleted where nothing is")
	}
	if !d.add(7, 3) || !d.add(5, 3) || d.add(5, 7) {
		t.Error("news is not told from what is known")
	}
	for _, c := range []struct{ from, to, want int64 }{{0, 9, 3}, {3, 9, 2}, {2, 5, 2}, {3, 4, 0}, {7, 9, 0}, {9, 2, 0}} {
		if got := d.within(c.from, c.to); got != c.want {
			t.Errorf("(%d, %d]: %d, want %d", c.from, c.to, got, c.want)
		}
	}
}
