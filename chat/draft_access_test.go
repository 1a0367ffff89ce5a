package chat

import (
	"context"
	"testing"
	"time"
)

// Who loses a channel loses the draft with it, and finds it again when they are let in again.
func TestDraftOfAChannelThatOneDoesNotSee(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch, err := c.Channels.Create(t.Context(), ada, "Closed", Private)
	must(t, err)
	wantCode(t, c.Drafts.Save(t.Context(), bob, ch.Slug, "hello", ""), CodeNotFound)
	wantCode(t, c.Drafts.Save(t.Context(), bob, ch.Slug, "", ""), CodeNotFound)
	wantCode(t, c.Drafts.Save(t.Context(), Actor{}, "general-talk", "hello", ""), CodeSignedOut)
	_, err = c.Drafts.List(t.Context(), Actor{})
	wantCode(t, err, CodeSignedOut)
	let := func() {
		t.Helper()
		_, err := c.Channels.AddMember(t.Context(), ada, ch.Slug, "Bob")
		must(t, err)
	}
	let()
	mustSave(t, c, bob, ch.Slug, "hello", "")
	wantDrafts(t, c, bob, ch.Slug+": hello")
	must(t, c.Channels.RemoveMember(t.Context(), ada, ch.Slug, bob.ID))
	wantDrafts(t, c, bob, "")
	wantCode(t, c.Drafts.Save(t.Context(), bob, ch.Slug, "more", ""), CodeNotFound)
	let()
	wantDrafts(t, c, bob, ch.Slug+": hello")
	_, err = c.Channels.Archive(t.Context(), ada, ch.Slug)
	must(t, err)
	wantDrafts(t, c, bob, ch.Slug+": hello") // to be copied, or deleted
	wantCode(t, c.Drafts.Save(t.Context(), bob, ch.Slug, "more", ""), CodeForbidden)
	mustSave(t, c, bob, ch.Slug, "", "")
	wantDrafts(t, c, bob, "")
	_, err = c.Channels.Restore(t.Context(), ada, ch.Slug)
	must(t, err)
	mustSave(t, c, bob, ch.Slug, "hello", "")
	_, err = c.Channels.Delete(t.Context(), ada, ch.Slug)
	must(t, err)
	wantDrafts(t, c, bob, "")
	if in, err := selectDraftFeeds(t.Context(), c.db, bob.ID); err != nil || len(in) != 0 {
		t.Errorf("drafts of a deleted channel are left: %v, %v", in, err)
	}
}

// A direct conversation in which somebody has a draft does not end after a day without a message.
func TestDraftKeepsItsConversation(t *testing.T) {
	now := newClock()
	c := mustOpen(t, Options{Now: now.now})
	ada, bob, cem := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Cem")
	kept, err := c.Channels.CreateDirect(t.Context(), ada, []ID{bob.ID})
	must(t, err)
	unsaid, err := c.Channels.CreateDirect(t.Context(), ada, []ID{cem.ID})
	must(t, err)
	mustSave(t, c, ada, kept.Slug, "hello", "")
	now.advance(unsaidLifetime + time.Minute)
	must(t, c.endUnsaid(t.Context()))
	_, err = c.Channels.Get(t.Context(), ada, unsaid.Slug)
	wantCode(t, err, CodeNotFound)
	list, err := c.Drafts.List(t.Context(), ada)
	if err != nil || len(list) != 1 || len(list[0].Channel.With) != 1 || list[0].Channel.With[0].ID != bob.ID {
		t.Errorf("%+v, %v", list, err)
	}
}

// A user's open pages show in which channels they have drafts, on every node. Pages of others get nothing.
func TestDraftsShowOnOpenPages(t *testing.T) {
	path, bus := tempPath(t), new(MemoryBus)
	c := mustOpen(t, Options{Path: path, Bus: bus})
	other := mustOpen(t, Options{Path: path, Bus: bus})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	pages := []*fakeSubscriber{mustListen(t, c, ada, Cursor{}), mustListen(t, other, ada, Cursor{})}
	strange := mustListen(t, c, bob, Cursor{})
	takeUntil(t, strange, func(b Update) bool { return b.Online >= 1 && b.Channels != nil })
	shows := func(want bool) {
		t.Helper()
		for _, page := range pages {
			takeUntil(t, page, func(b Update) bool { return len(b.Channels) > 0 && b.Channels[0].Draft == want })
		}
	}
	shows(false)
	mustSave(t, c, ada, "general-talk", "hello", "one")
	shows(true)
	mustSave(t, c, ada, "general-talk", "hello again", "one") // shows nothing new
	_, _, err := other.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "hello you", ClientID: "one"})
	must(t, err)
	shows(false)
	b, err := strange.Poll(context.Background())
	if err != nil || b.Channels != nil {
		t.Errorf("another user's page got %+v, %v", b, err)
	}
}
