package chat

import "testing"

// Letters are keys until the user switches that off, for themself.
func TestLetterKeys(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	wants := func(a Actor, want bool) {
		t.Helper()
		if on, err := c.Users.LetterKeys(t.Context(), a); err != nil || on != want {
			t.Errorf("%s: %v, %v", a.Name, on, err)
		}
	}
	wants(ada, true)
	must(t, c.Users.SetLetterKeys(t.Context(), ada, false))
	wants(ada, false)
	wants(bob, true)
	must(t, c.Users.SetLetterKeys(t.Context(), ada, true))
	wants(ada, true)
	wantCode(t, c.Users.SetLetterKeys(t.Context(), Actor{}, false), CodeSignedOut)
	if _, err := c.Users.LetterKeys(t.Context(), Actor{}); ErrorCode(err) != CodeSignedOut {
		t.Error(err)
	}
}
