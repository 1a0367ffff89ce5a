package chat

import (
	"fmt"
	"testing"
)

// draftPlaces returns the actor's drafts as "address: text", newest first.
func draftPlaces(t *testing.T, c *Chat, a Actor) string {
	t.Helper()
	list, err := c.Drafts.List(t.Context(), a)
	must(t, err)
	all := ""
	for _, d := range list {
		address := d.Channel.Slug
		if d.Thread != 0 {
			address = ThreadAddress(address, d.Thread)
		}
		all += fmt.Sprintf("[%s: %s]", address, d.Body)
	}
	if n, err := c.Drafts.Count(t.Context(), a); err != nil || n != len(list) {
		t.Errorf("%d drafts are counted, and %d listed: %v", n, len(list), err)
	}
	return all
}

// A thread has a draft of its own, beside its channel's: a reply deletes it, and a message of the channel does not.
func TestDraftOfAThread(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, bob, "root")
	mustPost(t, c, bob, "another")
	const thread = "general-talk/1"
	want := func(a Actor, want string) {
		t.Helper()
		clock.advance(1)
		if got := draftPlaces(t, c, a); got != want {
			t.Errorf("%s has the drafts %q, want %q", a.Name, got, want)
		}
	}
	mustSave(t, c, ada, thread, " ", "") // of a thread that has not begun
	wantCount(t, c, `SELECT count(*) FROM threads`, 0)
	mustSave(t, c, ada, "general-talk", "of the channel", "one")
	clock.advance(1e9)
	mustSave(t, c, ada, thread, "of the thread", "two")
	want(ada, "[general-talk/1: of the thread][general-talk: of the channel]")
	want(bob, "")
	p, err := c.Messages.Peek(t.Context(), ada, thread)
	must(t, err)
	if d, err := c.Drafts.Draft(t.Context(), ada, p.Thread.ID); err != nil || d.Body != "of the thread" || d.Thread != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := c.Drafts.Draft(t.Context(), bob, p.Thread.ID); err != nil || d.Body != "" {
		t.Errorf("Bob finds %+v, %v", d, err)
	}
	mustPost(t, c, ada, "of the thread") // the same words, elsewhere
	mustReply(t, c, ada, 2, "of the thread")
	want(ada, "[general-talk/1: of the thread][general-talk: of the channel]")
	mustReply(t, c, ada, 1, "of the channel")
	want(ada, "[general-talk/1: of the thread][general-talk: of the channel]")
	_, _, err = c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "done", ClientID: "two", Thread: 1})
	must(t, err)
	want(ada, "[general-talk: of the channel]")
	mustSave(t, c, ada, thread, "of the", "two") // too late
	want(ada, "[general-talk: of the channel]")
	mustSave(t, c, ada, thread, "/help", "three")
	must(t, c.Drafts.Discard(t.Context(), ada, "general-talk", Draft{Body: "/help"}))
	want(ada, "[general-talk/1: /help][general-talk: of the channel]")
	must(t, c.Drafts.Discard(t.Context(), ada, thread, Draft{Body: "/help"}))
	want(ada, "[general-talk: of the channel]")
	mustSave(t, c, ada, thread, "again", "four")
	mustSave(t, c, ada, thread, "", "four")
	want(ada, "[general-talk: of the channel]")
	for _, address := range []string{"general-talk/9", "general-talk/0", "general-talk/x", "none/1"} {
		wantCode(t, c.Drafts.Save(t.Context(), ada, address, "x", ""), CodeNotFound)
	}
}

// Who loses a channel loses the drafts of its threads with it, and finds them again when they are let in again.
func TestDraftOfAThreadThatOneDoesNotSee(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	room := mustChannel(t, c, ada, "Room", Private)
	_, _, err := c.Messages.Post(t.Context(), ada, room.Slug, Draft{Body: "root"})
	must(t, err)
	thread := ThreadAddress(room.Slug, 1)
	wantCode(t, c.Drafts.Save(t.Context(), bob, thread, "hello", ""), CodeNotFound)
	wantCode(t, c.Drafts.Save(t.Context(), bob, thread, "", ""), CodeNotFound)
	let := func() {
		t.Helper()
		_, err := c.Channels.AddMember(t.Context(), ada, room.Slug, "Bob")
		must(t, err)
	}
	let()
	mustSave(t, c, bob, thread, "hello", "")
	kept := "[" + thread + ": hello]"
	if got := draftPlaces(t, c, bob); got != kept {
		t.Errorf("the drafts are %q, want %q", got, kept)
	}
	must(t, c.Channels.RemoveMember(t.Context(), ada, room.Slug, bob.ID))
	if got := draftPlaces(t, c, bob); got != "" {
		t.Errorf("who was removed has the drafts %q", got)
	}
	wantCode(t, c.Drafts.Save(t.Context(), bob, thread, "more", ""), CodeNotFound)
	let()
	if got := draftPlaces(t, c, bob); got != kept {
		t.Errorf("the drafts are %q, want %q", got, kept)
	}
	_, err = c.Channels.Archive(t.Context(), ada, room.Slug)
	must(t, err)
	wantCode(t, c.Drafts.Save(t.Context(), bob, thread, "more", ""), CodeForbidden)
	if got := draftPlaces(t, c, bob); got != kept { // to be copied, or deleted
		t.Errorf("the drafts of an archived channel are %q, want %q", got, kept)
	}
	mustSave(t, c, bob, thread, "", "")
	if got := draftPlaces(t, c, bob); got != "" {
		t.Errorf("the drafts are %q", got)
	}
}
