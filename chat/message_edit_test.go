package chat

import "testing"

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
