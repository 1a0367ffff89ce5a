package chat

import (
	"slices"
	"testing"
)

// wantFault tests that a name or handle is refused, with the field.
func wantFault(t testing.TB, err error, field, what string) {
	t.Helper()
	if e, ok := err.(*Error); !ok || e.Code != CodeInvalid || e.Field != field { //nolint:errorlint // as the verbs return it
		t.Errorf("%q: %v, want a refusal beside %s", what, err, field)
	}
}

// A word that mentions everyone cannot be a name or handle, in any letters that look like it.
func TestNobodyIsCalledEveryone(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for _, name := range []string{"all", "All", "ALL.", "-all-", "\u0430ll", "\uff41\uff4c\uff4c", "a\u04cfl", "Channel",
		"\u0441hannel", "everyone", "Here", "All Hands", "Channel 5", "h\u0435re.", "here -", "AII", "A1l", "aIl Hands",
		"ChanneI", "ᴀʟʟ", "H\u0332ere", "All, Jr.", "all، x", "channel, x", "`all`"} {
		_, err := c.Accounts.SignIn(t.Context(), name)
		wantFault(t, err, "name", name)
		_, err = c.Users.Rename(t.Context(), ada, name)
		wantFault(t, err, "name", name)
	}
	for _, name := range []string{"Allison", "Ball", "Hereward", "channel7", "Sir All", "all-star", "here  comes Bob",
		"Everyone Else", "Al L", "Al"} {
		mustSignIn(t, c, name)
	}
	for _, handle := range []string{"all", "@Channel", "everyone", "HERE", "a1l", "channe1"} {
		wantFault(t, c.Users.SetProfile(t.Context(), ada, Profile{User: User{Handle: handle}}), "handle", handle)
	}
}

// The text after an @ names one user only.
func TestHandlesAreNobodyElsesNames(t *testing.T) {
	c := mustOpen(t, Options{})
	handle := func(a Actor, h string) error {
		return c.Users.SetProfile(t.Context(), a, Profile{User: User{Handle: h}, Title: "Cook"})
	}
	// Ace in Cyrillic letters
	ada, bob, eve := mustSignIn(t, c, "\u0410\u0441\u0435"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	wantFault(t, handle(bob, "ace"), "handle", "ace")
	wantFault(t, handle(bob, "eve"), "handle", "eve")
	must(t, handle(eve, "evie"))
	wantFault(t, handle(bob, "evie"), "handle", "evie")
	must(t, handle(ada, "ace")) // one's own name
	for _, name := range []string{"Evie", "EVIE", "\u0415vi\u0435"} {
		_, err := c.Accounts.SignIn(t.Context(), name)
		wantFault(t, err, "name", name)
		_, err = c.Users.Rename(t.Context(), bob, name)
		wantFault(t, err, "name", name)
	}
	if _, err := c.Users.Rename(t.Context(), eve, "Evie"); err != nil {
		t.Error("one's own handle is refused as a name:", err)
	}
	must(t, handle(bob, "eve")) // it is free now

	t.Run("who has gone without a trace holds neither", func(t *testing.T) {
		gone, left := mustSignIn(t, c, "Gone"), mustSignIn(t, c, "Left")
		must(t, handle(gone, "lost"))
		must(t, c.Accounts.SignOut(t.Context(), gone))
		must(t, c.Accounts.SignOut(t.Context(), left))
		mustSignIn(t, c, "Lost")
		must(t, handle(ada, "left"))
		_, err := c.Accounts.SignIn(t.Context(), "Left")
		wantFault(t, err, "name", "Left")
		if got, err := c.mentioned(t.Context(), bob, "@left"); err != nil || !slices.Equal(got.who, []ID{ada.ID}) {
			t.Error(got, err)
		}
	})
}

// Conflicts from before these rules go on working, and mean one user.
func TestOldNamesakes(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	guest := setRole(t, c, mustSignIn(t, c, "Guest"), RoleGuest)
	mustExec(t, c, `UPDATE users SET handle = 'bob' WHERE id = $1`, eve.ID)
	mustExec(t, c, `UPDATE users SET name = 'All', name_key = 'all' WHERE id = $1`, ada.ID)
	hands := mustSignIn(t, c, "Hands")
	mustExec(t, c, `UPDATE users SET name = 'All Hands', name_key = 'all hands' WHERE id = $1`, hands.ID)

	// her handle has not changed
	must(t, c.Users.SetProfile(t.Context(), eve, Profile{User: User{Handle: "bob"}, Title: "Cook"}))
	if _, err := c.Users.Rename(t.Context(), bob, "BOB"); err != nil {
		t.Error("the name in other letters:", err)
	}
	hands.Name = "All Hands"
	for _, name := range []string{"All Hands", "all  hands", "\u0410ll Hands"} {
		if _, err := c.Users.Rename(t.Context(), hands, name); err != nil {
			t.Errorf("one's own name as %q: %v", name, err)
		}
	}
	_, err := c.Users.Rename(t.Context(), hands, "All Thumbs")
	wantFault(t, err, "name", "All Thumbs")
	for body, want := range map[string][]ID{
		"@bob":         {eve.ID},
		"@all":         {mentionAll},
		"@all.":        {mentionAll},
		"@\u0430ll":    {mentionAll},
		"@all hands":   {mentionAll},
		"@Channel, hi": {mentionAll},
	} {
		if got, err := c.mentioned(t.Context(), bob, body); err != nil || !slices.Equal(got.who, want) {
			t.Errorf("%q mentions %v, %v; want %v", body, got, err, want)
		}
	}
	if got, err := c.mentioned(t.Context(), guest, "@all hands"); err != nil || got.who != nil {
		t.Error("a guest, who mentions not everyone, mentions", got, err)
	}
	must(t, c.Users.SetProfile(t.Context(), ada, Profile{User: User{Handle: "ada"}}))
	if got, err := c.mentioned(t.Context(), bob, "@ada"); err != nil || !slices.Equal(got.who, []ID{ada.ID}) {
		t.Error("who is called like everyone is not mentioned by a handle:", got, err)
	}
}
