package chat

import (
	"fmt"
	"strings"
	"testing"
)

// savedText returns a page of the actor's list in one line: each message's channel and row.
func savedText(t *testing.T, c *Chat, a Actor, done bool) string {
	t.Helper()
	p, err := c.Messages.Saved(t.Context(), a, done, 0)
	must(t, err)
	var all []string
	for _, m := range p.Messages {
		all = append(all, fmt.Sprintf("%s %s", placeOf(m.Channel), m.Row.HTML))
	}
	return strings.Join(all, "; ")
}

func placeOf(ch Channel) string {
	name := ch.Name
	for _, u := range ch.With {
		name += u.Name
	}
	return name
}

func wantSaved(t *testing.T, c *Chat, a Actor, done bool, want string) {
	t.Helper()
	if got := savedText(t, c, a, done); got != want {
		t.Errorf("done %v: %q, want %q", done, got, want)
	}
}

// A user's list has what they saved, newest first and as it is now, to do or done; saving again changes nothing.
func TestSaved(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	direct := mustDirect(t, c, ada, bob)
	mustPost(t, c, ada, "one")
	mustPost(t, c, ada, "two")
	mustWrite(t, c, bob, direct.Slug, "between us")
	save := func(slug string, seq int64, done bool) {
		t.Helper()
		must(t, c.Messages.Save(ctx, ada, slug, seq, done))
	}
	save("general-talk", 2, false)
	save("general-talk", 1, false)
	save(direct.Slug, 1, false)
	save("general-talk", 2, false) // stays in its place
	const one, two = "General Talk [general-talk 1.1 Ada: one]", "General Talk [general-talk 2.2 Ada: two]"
	between := "Bob [" + direct.Slug + " 1.1 Bob: between us]"
	wantSaved(t, c, ada, false, between+"; "+one+"; "+two)
	wantSaved(t, c, ada, true, "")
	wantSaved(t, c, bob, false, "")

	save("general-talk", 1, true)
	save("general-talk", 1, true)
	wantSaved(t, c, ada, false, between+"; "+two)
	wantSaved(t, c, ada, true, one)
	save("general-talk", 1, false) // back, as the newest
	wantSaved(t, c, ada, false, one+"; "+between+"; "+two)
	for range 2 {
		must(t, c.Messages.Unsave(ctx, ada, direct.Slug, 1))
	}
	_, err := c.Messages.Edit(ctx, ada, "general-talk", 2, "three")
	must(t, err)
	wantSaved(t, c, ada, false, one+"; General Talk [general-talk 2.3 Ada: three]")

	for _, seq := range []int64{0, 3} {
		wantCode(t, c.Messages.Save(ctx, ada, "general-talk", seq, false), CodeNotFound)
		wantCode(t, c.Messages.Unsave(ctx, ada, "general-talk", seq), CodeNotFound)
	}
	wantCode(t, c.Messages.Save(ctx, Actor{}, "general-talk", 1, false), CodeSignedOut)
}

// A deleted message leaves the list for good, and a deleted channel takes its messages along.
func TestSavedOfDeletedMessages(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada := mustSignIn(t, c, "Ada")
	ch := mustChannel(t, c, ada, "Design", Public)
	mustPost(t, c, ada, "one")
	mustWrite(t, c, ada, ch.Slug, "two")
	must(t, c.Messages.Save(ctx, ada, "general-talk", 1, false))
	must(t, c.Messages.Save(ctx, ada, ch.Slug, 1, true))
	_, _, err := c.Messages.Delete(ctx, ada, "general-talk", 1)
	must(t, err)
	wantSaved(t, c, ada, false, "")
	wantCode(t, c.Messages.Save(ctx, ada, "general-talk", 1, false), CodeNotFound)
	must(t, c.Messages.Unsave(ctx, ada, "general-talk", 1))
	_, err = c.Channels.Delete(ctx, ada, ch.Slug)
	must(t, err)
	wantSaved(t, c, ada, true, "")
	c.purge(ctx)
	if n, _, err := countSaved(ctx, c.db, ada.ID); err != nil || n != 0 {
		t.Error(n, err)
	}
}

// What one no longer sees is not on the list, nor can it be changed there; it is back when one is let in again.
func TestSavedWithoutAccess(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, ada, "Design", Private)
	mustWrite(t, c, ada, ch.Slug, "secret")
	wantCode(t, c.Messages.Save(ctx, bob, ch.Slug, 1, false), CodeNotFound)
	_, err := c.Channels.AddMember(ctx, ada, ch.Slug, "Bob")
	must(t, err)
	must(t, c.Messages.Save(ctx, bob, ch.Slug, 1, false))
	there := "Design [" + ch.Slug + " 1.1 Ada: secret]"
	wantSaved(t, c, bob, false, there)
	must(t, c.Channels.RemoveMember(ctx, ada, ch.Slug, bob.ID))
	wantSaved(t, c, bob, false, "")
	wantCode(t, c.Messages.Save(ctx, bob, ch.Slug, 1, true), CodeNotFound)
	wantCode(t, c.Messages.Unsave(ctx, bob, ch.Slug, 1), CodeNotFound)
	_, err = c.Channels.AddMember(ctx, ada, ch.Slug, "Bob")
	must(t, err)
	wantSaved(t, c, bob, false, there)
	_, err = c.Channels.Archive(ctx, ada, ch.Slug)
	must(t, err)
	must(t, c.Messages.Save(ctx, bob, ch.Slug, 1, true)) // what is archived can be read
	wantSaved(t, c, bob, true, there)
}

// The list is bounded, and read a page at a time. What its user no longer sees makes room when it is full.
func TestSavedIsBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, bob, "Design", Private)
	_, err := c.Channels.AddMember(ctx, bob, ch.Slug, "Ada")
	must(t, err)
	mustWrite(t, c, bob, ch.Slug, "out of sight")
	for range MaxSaved + 2 {
		mustPost(t, c, bob, "words")
	}
	must(t, c.Messages.Save(ctx, ada, ch.Slug, 1, true))
	// as Save would, in less time
	mustExec(t, c, `INSERT INTO saved (channel_id, seq, user_id, done, place, at)
		SELECT channel_id, seq, $1, FALSE, seq + 1, 1 FROM messages WHERE channel_id = $2 AND seq < $3`, ada.ID,
		c.general(t).ID, MaxSaved)
	wantCode(t, c.Messages.Save(ctx, ada, "general-talk", MaxSaved, false), CodeForbidden)
	must(t, c.Messages.Save(ctx, ada, "general-talk", 7, false)) // what is on it already
	must(t, c.Channels.RemoveMember(ctx, bob, ch.Slug, ada.ID))
	must(t, c.Messages.Save(ctx, ada, "general-talk", MaxSaved, false))
	wantCode(t, c.Messages.Save(ctx, ada, "general-talk", MaxSaved+1, false), CodeForbidden)

	next, pages, last := int64(0), 0, int64(MaxSaved+1)
	for {
		p, err := c.Messages.Saved(ctx, ada, false, next)
		must(t, err)
		for _, m := range p.Messages {
			if m.Row.Seq != last-1 {
				t.Fatalf("%d follows %d", m.Row.Seq, last)
			}
			last = m.Row.Seq
		}
		pages++
		if next = p.Older; next == 0 {
			break
		}
	}
	if last != 1 || pages != MaxSaved/savedOnPage {
		t.Errorf("%d pages, to %d", pages, last)
	}
	must(t, c.Messages.Unsave(ctx, ada, "general-talk", 1))
	must(t, c.Messages.Save(ctx, ada, "general-talk", MaxSaved+1, true))
}
