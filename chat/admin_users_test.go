package chat

import "testing"

func roleNow(t testing.TB, c *Chat, a Actor) Role {
	t.Helper()
	p, err := selectProfile(t.Context(), c.db, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p.Role
}

func TestSetRole(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustOwn(t, c, "Ada")
	bob, cid := mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Cid")
	private := mustChannel(t, c, ada, "Private", Private)
	if _, err := c.Channels.AddMember(t.Context(), ada, private.Slug, "Cid"); err != nil {
		t.Fatal(err)
	}
	again := func(a Actor) Actor {
		t.Helper()
		a, err := c.Accounts.Authenticate(t.Context(), a.ID, a.Session)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}

	t.Run("only those below oneself, to roles below oneself", func(t *testing.T) {
		if err := c.Admin.SetRole(t.Context(), ada, bob.ID, RoleAdmin); err != nil {
			t.Fatal(err)
		}
		admin := again(bob)
		// with the role of the request's start
		wantCode(t, c.Admin.SetRole(t.Context(), bob, cid.ID, RoleGuest), CodeNotFound)
		wantCode(t, c.Admin.SetRole(t.Context(), admin, cid.ID, RoleAdmin), CodeForbidden)
		wantCode(t, c.Admin.SetRole(t.Context(), admin, cid.ID, "boss"), CodeInvalid)
		wantCode(t, c.Admin.SetRole(t.Context(), admin, bob.ID, RoleGuest), CodeForbidden)
		wantCode(t, c.Admin.SetRole(t.Context(), ada, ada.ID, RoleMember), CodeForbidden)
		wantCode(t, c.Admin.SetRole(t.Context(), ada, bob.ID, RoleOwner), CodeForbidden)
		wantCode(t, c.Admin.SetRole(t.Context(), admin, NewID(), RoleGuest), CodeNotFound)
		for _, change := range []func() error{
			func() error { return c.Admin.Deactivate(t.Context(), admin, ada.ID) },
			func() error { return c.Admin.Reactivate(t.Context(), admin, ada.ID) },
			func() error { return c.Admin.Deactivate(t.Context(), admin, bob.ID) },
		} {
			wantCode(t, change(), CodeForbidden)
		}
		if err := c.Admin.SetRole(t.Context(), ada, bob.ID, RoleMember); err != nil {
			t.Fatal(err)
		}
		// his request still has the old role
		wantCode(t, c.Admin.SetRole(t.Context(), admin, cid.ID, RoleGuest), CodeForbidden)
	})
	t.Run("a guest keeps the private channels alone", func(t *testing.T) {
		l := mustListen(t, c, cid, Cursor{})
		if err := c.Admin.SetRole(t.Context(), ada, cid.ID, RoleGuest); err != nil {
			t.Fatal(err)
		}
		wantClosed(t, l, CloseRestart)
		guest := again(cid)
		if got := slugs(t, c, guest); got != private.Slug {
			t.Error(got)
		}
		_, err := c.Messages.View(t.Context(), guest, "general-talk")
		wantCode(t, err, CodeNotFound)
		if err := c.Admin.SetRole(t.Context(), ada, cid.ID, RoleMember); err != nil {
			t.Fatal(err)
		}
		if got := slugs(t, c, again(cid)); got != "general-talk "+private.Slug {
			t.Error(got)
		}
	})
	t.Run("an invitation ends with the right to invite", func(t *testing.T) {
		if err := c.Admin.SetRole(t.Context(), ada, bob.ID, RoleAdmin); err != nil {
			t.Fatal(err)
		}
		_, secret := mustInvite(t, c, again(bob), RoleMember, 0)
		if err := c.Admin.SetRole(t.Context(), ada, bob.ID, RoleMember); err != nil {
			t.Fatal(err)
		}
		_, err := c.Accounts.Invitation(t.Context(), secret)
		wantCode(t, err, CodeNotFound)
	})
	t.Run("a table of everyone", func(t *testing.T) {
		_, err := c.Admin.ListUsers(t.Context(), bob, ListQuery{})
		wantCode(t, err, CodeNotFound)
		all, err := c.Admin.ListUsers(t.Context(), ada, ListQuery{})
		if err != nil || all.Total != 3 || all.Rows[0].Name != "Ada" || !all.Rows[0].Account || all.Rows[1].Account ||
			all.Rows[1].Sessions != 1 {
			t.Errorf("%+v %v", all, err)
		}
		for text, want := range map[string]int{"bO": 1, "owner": 1, "%": 0, "deactivated": 0} {
			if got, err := c.Admin.ListUsers(t.Context(), ada, ListQuery{Text: text}); err != nil || got.Total != want ||
				len(got.Rows) != want {
				t.Errorf("%q: %+v %v", text, got, err)
			}
		}
		if got, err := c.Admin.ListUsers(t.Context(), ada, ListQuery{Page: 1 << 40}); err != nil || len(got.Rows) != 0 ||
			got.Total != 3 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestDeactivate(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustOwn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	if err := c.Accounts.SetPassword(t.Context(), bob, "", goodPassword); err != nil {
		t.Fatal(err)
	}
	mustPost(t, c, bob, "my words")
	link, err := c.Accounts.CreateDeviceLink(t.Context(), bob)
	if err != nil {
		t.Fatal(err)
	}
	l := mustListen(t, c, bob, Cursor{})
	wantCode(t, c.Admin.Deactivate(t.Context(), bob, ada.ID), CodeNotFound)
	for range 2 {
		if err := c.Admin.Deactivate(t.Context(), ada, bob.ID); err != nil {
			t.Fatal(err)
		}
	}
	wantClosed(t, l, CloseSignedOut)
	_, err = c.Accounts.Authenticate(t.Context(), bob.ID, bob.Session)
	wantCode(t, err, CodeSignedOut)
	_, err = c.Accounts.SignInWithPassword(t.Context(), "Bob", goodPassword)
	wantCode(t, err, CodeForbidden)
	_, err = c.Accounts.SignIn(t.Context(), "Bob")
	wantCode(t, err, CodeInvalid)
	_, err = c.Accounts.UseDeviceLink(t.Context(), link)
	wantCode(t, err, CodeNotFound)
	wantCode(t, c.Admin.SetRole(t.Context(), ada, bob.ID, RoleGuest), CodeForbidden)
	if p := mustView(t, c, ada); len(p.Rows) != 1 {
		t.Error("his words are gone")
	}
	if found, err := c.Admin.ListUsers(t.Context(), ada, ListQuery{Text: "deactivated"}); err != nil || found.Total != 1 ||
		!found.Rows[0].Deactivated() || found.Rows[0].Sessions != 0 {
		t.Errorf("%+v %v", found, err)
	}
	if err := c.Admin.Reactivate(t.Context(), ada, bob.ID); err != nil {
		t.Fatal(err)
	}
	if a, err := c.Accounts.SignInWithPassword(t.Context(), "Bob", goodPassword); err != nil || a.ID != bob.ID ||
		roleNow(t, c, a) != RoleMember {
		t.Error(a, err)
	}
}
