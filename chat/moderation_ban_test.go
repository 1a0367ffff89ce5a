package chat

import (
	"testing"
	"time"
)

func TestBan(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	other := setRole(t, c, mustSignIn(t, c, "Other"), RoleAdmin)
	const secret = "seven green otters"
	must(t, c.Accounts.SetPassword(t.Context(), bob, "", secret))
	open, private := mustChannel(t, c, ada, "Open", Public), mustChannel(t, c, ada, "Plans", Private)

	for what, refused := range map[string]struct {
		by   Actor
		ban  NewBan
		want Code
	}{
		"by a member":                  {ada, NewBan{Name: "Bob"}, CodeNotFound},
		"of one's like":                {admin, NewBan{Name: other.Name}, CodeInvalid},
		"of oneself":                   {admin, NewBan{Name: "Admin"}, CodeInvalid},
		"of nobody":                    {admin, NewBan{Name: "Nobody"}, CodeInvalid},
		"from a channel out of sight":  {admin, NewBan{Name: "Bob", Channel: private.Slug}, CodeInvalid},
		"from a channel that is not":   {admin, NewBan{Name: "Bob", Channel: "none"}, CodeInvalid},
		"for a time that has gone":     {admin, NewBan{Name: "Bob", For: -time.Hour}, CodeInvalid},
		"with a reason that is broken": {admin, NewBan{Name: "Bob", Reason: "\xff"}, CodeInvalid},
	} {
		if _, err := c.Moderation.Ban(t.Context(), refused.by, refused.ban); ErrorCode(err) != refused.want || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}

	_, err := c.Moderation.Ban(t.Context(), admin,
		NewBan{Name: "Bob", Channel: open.Slug, Reason: "noise", For: time.Hour})
	must(t, err)
	_, err = c.Messages.View(t.Context(), bob, open.Slug)
	wantCode(t, err, CodeNotFound)
	mustView(t, c, bob)
	clock.advance(2 * time.Hour) // the ban has expired
	_, err = c.Messages.View(t.Context(), bob, open.Slug)
	must(t, err)

	_, err = c.Moderation.Ban(t.Context(), admin, NewBan{Name: "bob", Reason: "noise"})
	must(t, err)
	_, err = c.Accounts.Authenticate(t.Context(), bob.ID, bob.Session)
	wantCode(t, err, CodeSignedOut)
	_, err = c.Accounts.SignInWithPassword(t.Context(), "Bob", "not that")
	wantCode(t, err, CodeInvalid) // without the password nothing is revealed
	_, err = c.Accounts.SignInWithPassword(t.Context(), "Bob", secret)
	wantCode(t, err, CodeForbidden)
	all, err := c.Moderation.Bans(t.Context(), admin, ListQuery{})
	must(t, err)
	list := all.Rows
	if len(list) != 1 || list[0].User.ID != bob.ID || list[0].By.ID != admin.ID || list[0].Reason != "noise" {
		t.Fatalf("%+v", list)
	}
	for text, want := range map[string]int{"BOB": 1, "nois": 1, "Cid": 0, "%": 0} {
		if found, err := c.Moderation.Bans(t.Context(), admin, ListQuery{Text: text}); err != nil || found.Total != want ||
			len(found.Rows) != want {
			t.Errorf("%q: %+v, %v", text, found, err)
		}
	}
	wantCode(t, c.Moderation.Unban(t.Context(), ada, list[0].ID), CodeNotFound)
	must(t, c.Moderation.Unban(t.Context(), admin, list[0].ID))
	wantCode(t, c.Moderation.Unban(t.Context(), admin, list[0].ID), CodeNotFound)
	if bob, err = c.Accounts.SignInWithPassword(t.Context(), "Bob", secret); err != nil {
		t.Fatal(err)
	}
	mustView(t, c, bob)
	var set, lifted int
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FILTER (WHERE action = 'ban.created'),
		count(*) FILTER (WHERE action = 'ban.lifted') FROM audit WHERE user_id = $1`, bob.ID).Scan(&set, &lifted))
	if set != 2 || lifted != 1 {
		t.Error(set, lifted)
	}
}
