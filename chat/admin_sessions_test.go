package chat

import (
	"testing"
	"time"
)

func TestSessionTable(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now, SessionLifetime: 48 * time.Hour, SessionMaxAge: 72 * time.Hour})
	ada := mustOwn(t, c, "Ada")
	bob, err := c.Accounts.SignIn(WithDevice(t.Context(), Device{Address: "192.0.2.7", Agent: "Mozilla/5.0 Firefox/140"}),
		"Bob")
	if err != nil {
		t.Fatal(err)
	}
	cid := mustSignIn(t, c, "Cid")
	if idle, most := c.Admin.SessionLifetimes(); idle != 48*time.Hour || most != 72*time.Hour {
		t.Error(idle, most)
	}
	// the record of somebody who has not signed in is nobody's session
	must(t, c.Accounts.SessionStorage().Set("the key of nobody who has signed in", []byte("value"), time.Hour))
	for text, want := range map[string]int{"": 3, "BOB": 1, "192.0.2": 1, "firefox": 1, "%": 0, "_": 0, "zzz": 0} {
		if found, err := c.Admin.ListSessions(t.Context(), ada, ListQuery{Text: text}); err != nil || found.Total != want ||
			len(found.Rows) != want {
			t.Errorf("%q: %+v, %v", text, found, err)
		}
	}
	found, err := c.Admin.ListSessions(t.Context(), ada, ListQuery{Text: "bob"})
	if err != nil || found.Rows[0].User.ID != bob.ID || found.Rows[0].ID != bob.Session ||
		found.Rows[0].Role != RoleMember || found.Rows[0].Account || found.Rows[0].Current {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err = c.Admin.ListSessions(t.Context(), ada, ListQuery{Text: "ada"}); err != nil || !found.Rows[0].Current ||
		!found.Rows[0].Account {
		t.Errorf("%+v, %v", found, err)
	}

	t.Run("one ends, and its pages go silent", func(t *testing.T) {
		mustProtect(t, c, bob, goodPassword)
		other, err := c.Accounts.SignInWithPassword(t.Context(), "Bob", goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		l, stays := mustListen(t, c, bob, Cursor{}), mustListen(t, c, other, Cursor{})
		if err := c.Admin.EndSessionOf(t.Context(), ada, bob.Session); err != nil {
			t.Fatal(err)
		}
		wantClosed(t, l, CloseSignedOut)
		select {
		case <-stays.Done():
			t.Error("the other device went silent too")
		default:
		}
		wantCode(t, c.Admin.EndSessionOf(t.Context(), ada, bob.Session), CodeNotFound)
		wantCode(t, c.Admin.EndSessionOf(t.Context(), ada, NewID()), CodeNotFound)
		_, err = c.Accounts.Authenticate(t.Context(), bob.ID, bob.Session)
		wantCode(t, err, CodeSignedOut)
		bob = other
	})
	t.Run("all end, and the links to other devices", func(t *testing.T) {
		link, err := c.Accounts.CreateDeviceLink(t.Context(), bob)
		if err != nil {
			t.Fatal(err)
		}
		l := mustListen(t, c, bob, Cursor{})
		if err := c.Admin.EndSessionsOf(t.Context(), ada, bob.ID); err != nil {
			t.Fatal(err)
		}
		wantClosed(t, l, CloseSignedOut)
		_, err = c.Accounts.UseDeviceLink(t.Context(), link)
		wantCode(t, err, CodeNotFound)
		if found, err := c.Admin.ListSessions(t.Context(), ada, ListQuery{Text: "bob"}); err != nil || found.Total != 0 {
			t.Errorf("%+v, %v", found, err)
		}
	})
	t.Run("only of those below oneself", func(t *testing.T) {
		if err := c.Admin.SetRole(t.Context(), ada, cid.ID, RoleAdmin); err != nil {
			t.Fatal(err)
		}
		admin, err := c.Accounts.Authenticate(t.Context(), cid.ID, cid.Session)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{
			c.Admin.EndSessionOf(t.Context(), admin, ada.Session), c.Admin.EndSessionsOf(t.Context(), admin, ada.ID),
			c.Admin.EndSessionsOf(t.Context(), admin, admin.ID),
		} {
			wantCode(t, err, CodeForbidden)
		}
		if _, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session); err != nil {
			t.Error(err)
		}
	})
	t.Run("what has run out is not listed", func(t *testing.T) {
		clock.advance(49 * time.Hour)
		if found, err := c.Admin.ListSessions(t.Context(), ada, ListQuery{}); err != nil || found.Total != 0 {
			t.Errorf("%+v, %v", found, err)
		}
	})
	var one, all int
	if err := c.db.QueryRowContext(t.Context(),
		`SELECT count(*) FILTER (WHERE action = 'session.ended'), count(*) FILTER (WHERE action = 'session.ended_all')
		FROM audit WHERE user_id = $1 AND actor_id = $2`, bob.ID, ada.ID).Scan(&one, &all); err != nil || one != 1 ||
		all != 1 {
		t.Error(one, all, err)
	}
}
