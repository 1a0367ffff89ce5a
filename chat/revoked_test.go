package chat

import "testing"

// Signing one's other devices out takes back the links that they made.
func TestLinksEndWithDevices(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	secret, err := c.CreateDeviceLink(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.EndOtherSessions(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	_, err = c.UseDeviceLink(t.Context(), secret)
	wantCode(t, err, CodeNotFound)
}

// Whoever is blocked cannot say by an edit what they could not post.
func TestBlockedCannotEdit(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch, err := c.CreateDirect(t.Context(), bob, []ID{ada.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Post(t.Context(), bob, ch.Slug, Draft{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.BlockUser(t.Context(), ada, "Bob"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Edit(t.Context(), bob, ch.Slug, 1, "something else")
	wantCode(t, err, CodeForbidden)
}
