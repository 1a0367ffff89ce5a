package chat

import (
	"slices"
	"testing"
	"testing/synctest"
)

// TestBlockShutsGroupsOfTheBlocked: a block could be circumvented by a conversation with one more person in it. Only
// groups that the blocked user has started are hidden: others' are like a channel.
func TestBlockShutsGroupsOfTheBlocked(t *testing.T) {
	c := mustOpen(t, Options{})
	mal, ada, bob := mustSignIn(t, c, "Mal"), mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	cleo := mustSignIn(t, c, "Cleo")
	his, theirs := mustDirect(t, c, mal, ada, bob), mustDirect(t, c, bob, mal, ada, cleo)
	mustWrite(t, c, mal, his.Slug, "listen!")
	mustWrite(t, c, bob, theirs.Slug, "hello")
	page := mustListen(t, c, ada, Cursor{})
	writing := mustListen(t, c, mal, Cursor{Channel: his.Slug})
	takeUntil(t, page, func(b Update) bool { return b.Channels != nil })
	takeUntil(t, writing, func(b Update) bool { return b.Channels != nil })
	has := func(list []SidebarItem, slug string) bool { return slices.Contains(slugsOf(list), slug) }

	_, err := c.Moderation.Block(t.Context(), ada, "Mal")
	must(t, err)
	b := takeUntil(t, page, func(b Update) bool { return b.Channels != nil })
	if has(b.Channels, his.Slug) || !has(b.Channels, theirs.Slug) {
		t.Errorf("her page lists %v", slugsOf(b.Channels))
	}
	closed := ""
	for closed == "" { // his page shows why he cannot post there
		<-writing.Ready()
		b, err := writing.Take(t.Context())
		must(t, err)
		if b.ChannelInfo != nil {
			if refusal := b.ChannelInfo.Access.PostRefusal(); refusal != nil {
				closed = refusal.Message
			}
		}
	}
	_, _, err = c.Messages.Post(t.Context(), mal, his.Slug, Draft{Body: "listen!"})
	wantCode(t, err, CodeForbidden)
	_, err = c.Messages.Edit(t.Context(), mal, his.Slug, 1, "listen to me!")
	wantCode(t, err, CodeForbidden)
	_, err = c.Channels.CreateDirect(t.Context(), mal, []ID{ada.ID, cleo.ID})
	wantCode(t, err, CodeForbidden)
	mustWrite(t, c, mal, theirs.Slug, "as in a channel")
	mustWrite(t, c, bob, his.Slug, "the others go on")
	if list := mustDirects(t, c, ada); has(list, his.Slug) {
		t.Error("what somebody else says there brings it back")
	}
	if all, err := c.Channels.ListDirect(t.Context(), ada, 0); err != nil || has(all.Rows, his.Slug) {
		t.Error("it is among all her conversations", err)
	}
	if p, err := c.Messages.View(t.Context(), ada, his.Slug); err != nil || len(p.Rows) != 2 {
		t.Errorf("what was said is not there any more: %v", err)
	}
	if list := mustDirects(t, c, bob); !has(list, his.Slug) {
		t.Error("somebody who has blocked nobody does not see it")
	}

	must(t, c.Moderation.Unblock(t.Context(), ada, mal.ID))
	b = takeUntil(t, page, func(b Update) bool { return b.Channels != nil })
	if !has(b.Channels, his.Slug) {
		t.Error("unblocking does not bring it back")
	}
	mustWrite(t, c, mal, his.Slug, "thank you")
}

// TestBlockCountsWhereAGroupIsBegun: a block can be set while the blocked user waits to start a group.
func TestBlockCountsWhereAGroupIsBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		mal, ada, bob := mustSignIn(t, c, "Mal"), mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		err := afterwards(t, c,
			func() error { _, err := c.Moderation.Block(t.Context(), ada, "Mal"); return err },
			func() error { _, err := c.Channels.CreateDirect(t.Context(), mal, []ID{ada.ID, bob.ID}); return err })
		wantCode(t, err, CodeForbidden)
	})
}
