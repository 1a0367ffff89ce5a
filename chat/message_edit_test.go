package chat

import (
	"errors"
	"testing"
)

// A blocked user cannot say by an edit what they could not post.
func TestBlockedCannotEdit(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch, err := c.Channels.CreateDirect(t.Context(), bob, []ID{ada.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Messages.Post(t.Context(), bob, ch.Slug, Draft{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Moderation.Block(t.Context(), ada, "Bob"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Messages.Edit(t.Context(), bob, ch.Slug, 1, "something else")
	wantCode(t, err, CodeForbidden)
}

// Reactions and link previews raise a message's rev while an edit of it is open, and the text is still the one that the
// edit began with. A text that was changed in the same millisecond is another.
func TestEditOfWhatGotReactionsMeanwhile(t *testing.T) {
	w := &web{held: true}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		row := mustPost(t, c, ada, "https://e.org/a")
		edit := func(from Message, body string) error {
			_, err := c.Messages.EditFrom(t.Context(), ada, "general-talk", row.Seq, from.Written(), body, "")
			return err
		}
		get := func() Message {
			m, err := c.Messages.Get(t.Context(), ada, "general-talk", row.Seq)
			must(t, err)
			return m
		}
		began := get()
		mustReact(t, c, ada, row.Seq, "👍")
		close(w.hold)
		if now := get(); titles(t, c, ada, row.Seq) != "a" || now.Rev <= began.Rev {
			t.Fatalf("it has no reaction or no preview: %+v", now)
		}
		must(t, edit(began, "changed https://e.org/a"))
		if err := edit(began, "over it"); !errors.Is(err, ErrChanged) {
			t.Errorf("an edit of the text before: %v", err)
		}
		again := get()
		must(t, edit(again, "changed again"))
		if err := edit(again, "over it"); !errors.Is(err, ErrChanged) {
			t.Errorf("an edit of the text before, of the same time: %v", err)
		}
	})
}
