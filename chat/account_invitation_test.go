package chat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func mustInvite(t testing.TB, c *Chat, a Actor, role Role, uses int, channels ...string) (Invitation, string) {
	t.Helper()
	inv, secret, err := c.Admin.CreateInvitation(t.Context(), a,
		NewInvitation{Role: role, Channels: channels, Lifetime: time.Hour, MaxUses: uses})
	if err != nil || len(secret) != tokenLen {
		t.Fatal(secret, err)
	}
	return inv, secret
}

// mustCome accepts an invitation as a new user.
func mustCome(t testing.TB, c *Chat, secret, name string) Actor {
	t.Helper()
	a, err := c.Accounts.AcceptInvitationAsNew(t.Context(), secret, name, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func slugs(t testing.TB, c *Chat, a Actor) string {
	t.Helper()
	list, err := sidebarList(t.Context(), c, a)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range list {
		out = append(out, l.Slug)
	}
	return strings.Join(out, " ")
}

func TestInvitation(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada := mustOwn(t, c, "Ada")
	secretRoom := mustChannel(t, c, ada, "Secret room", Private)

	t.Run("lets in whom it is for, and no more", func(t *testing.T) {
		inv, secret := mustInvite(t, c, ada, RoleMember, 2, secretRoom.Slug)
		for _, name := range []string{"Bob", "Cid"} {
			if a := mustCome(t, c, secret, name); a.Role != RoleMember || slugs(t, c, a) != "general-talk "+secretRoom.Slug {
				t.Error(a.Role, slugs(t, c, a))
			}
		}
		_, err := c.Accounts.AcceptInvitationAsNew(t.Context(), secret, "Dan", goodPassword)
		wantCode(t, err, CodeNotFound)
		_, err = c.Accounts.Invitation(t.Context(), secret)
		wantCode(t, err, CodeNotFound)
		all, err := c.Admin.Invitations(t.Context(), ada, ListQuery{Text: "ada"})
		if err != nil || all.Total != 1 || all.Rows[0].ID != inv.ID || all.Rows[0].Uses != 2 ||
			len(all.Rows[0].Channels) != 1 {
			t.Error(all, err)
		}
	})
	t.Run("fifty race for the last use: one wins", func(t *testing.T) {
		_, secret := mustInvite(t, c, ada, RoleMember, 1)
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				if _, err := c.Accounts.AcceptInvitationAsNew(context.Background(), secret, fmt.Sprint("Racer ", i),
					""); err == nil {
					won.Add(1)
				} else if ErrorCode(err) != CodeNotFound {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d came in", won.Load())
		}
	})
	t.Run("a guest sees its channels, and the people in them", func(t *testing.T) {
		_, _, err := c.Admin.CreateInvitation(t.Context(), ada, NewInvitation{Role: RoleGuest, Lifetime: time.Hour})
		wantCode(t, err, CodeInvalid)
		_, secret := mustInvite(t, c, ada, RoleGuest, 1, secretRoom.Slug)
		guest := mustCome(t, c, secret, "Gus")
		if got := slugs(t, c, guest); got != secretRoom.Slug {
			t.Error(got)
		}
		_, err = c.Messages.View(t.Context(), guest, "general-talk")
		wantCode(t, err, CodeNotFound)
		if ch, err := c.Channels.Last(t.Context(), guest); err != nil || ch.ID != secretRoom.ID {
			t.Error(ch, err)
		}

		t.Run("and raises to member", func(t *testing.T) {
			_, more := mustInvite(t, c, ada, RoleMember, 1)
			if role, err := c.Accounts.AcceptInvitation(t.Context(), guest, more); role != RoleMember || err != nil {
				t.Fatal(role, err)
			}
			again, err := c.Accounts.Authenticate(t.Context(), guest.ID, guest.Session)
			if err != nil || again.Role != RoleMember || slugs(t, c, again) != "general-talk "+secretRoom.Slug {
				t.Error(again, err, slugs(t, c, again))
			}
		})
	})
	t.Run("lowers nobody, and is not used by who has it all", func(t *testing.T) {
		inv, secret := mustInvite(t, c, ada, RoleGuest, 1, secretRoom.Slug)
		if role, err := c.Accounts.AcceptInvitation(t.Context(), ada, secret); role != RoleOwner || err != nil {
			t.Error(role, err)
		}
		if left, err := c.Accounts.Invitation(t.Context(), secret); err != nil || left.Uses != 0 || left.ID != inv.ID {
			t.Error(left, err)
		}
		eve := mustSignIn(t, c, "Eve")
		if role, err := c.Accounts.AcceptInvitation(t.Context(), eve, secret); role != RoleMember || err != nil ||
			!strings.Contains(slugs(t, c, eve), secretRoom.Slug) {
			t.Error(role, err)
		}
	})
	t.Run("an admin needs an account", func(t *testing.T) {
		_, secret := mustInvite(t, c, ada, RoleAdmin, 0)
		_, err := c.Accounts.AcceptInvitationAsNew(t.Context(), secret, "Root", "")
		wantCode(t, err, CodeInvalid)
		fay := mustSignIn(t, c, "Fay")
		_, err = c.Accounts.AcceptInvitation(t.Context(), fay, secret)
		wantCode(t, err, CodeForbidden)
		if a := mustCome(t, c, secret, "Root"); a.Role != RoleAdmin {
			t.Error(a.Role)
		}
	})
	t.Run("ends with its time, and when it is taken back", func(t *testing.T) {
		inv, secret := mustInvite(t, c, ada, RoleMember, 0)
		_, other := mustInvite(t, c, ada, RoleMember, 0)
		for range 2 {
			if err := c.Admin.RevokeInvitation(t.Context(), ada, inv.ID); err != nil {
				t.Error(err)
			}
		}
		clock.advance(time.Hour)
		for _, s := range []string{secret, other, "", "x", secret[:25], secret + "A"} {
			_, err := c.Accounts.AcceptInvitationAsNew(t.Context(), s, "Hal", goodPassword)
			wantCode(t, err, CodeNotFound)
			_, err = c.Accounts.AcceptInvitation(t.Context(), ada, s)
			wantCode(t, err, CodeNotFound)
		}
		wantCode(t, c.Admin.RevokeInvitation(t.Context(), ada, NewID()), CodeNotFound)
	})
	t.Run("is not for members to make, nor for one's own role", func(t *testing.T) {
		ida := mustSignIn(t, c, "Ida")
		_, _, err := c.Admin.CreateInvitation(t.Context(), ida,
			NewInvitation{Role: RoleGuest, Lifetime: time.Hour, Channels: []string{"general-talk"}})
		wantCode(t, err, CodeNotFound)
		_, err = c.Admin.Invitations(t.Context(), ida, ListQuery{})
		wantCode(t, err, CodeNotFound)
		wantCode(t, c.Admin.RevokeInvitation(t.Context(), ida, 1), CodeNotFound)
		for _, n := range []NewInvitation{
			{Role: RoleOwner, Lifetime: time.Hour}, {Role: "", Lifetime: time.Hour}, {Role: "boss", Lifetime: time.Hour},
			{Role: RoleMember},
			{Role: RoleMember, Lifetime: 1000 * time.Hour * 24}, {Role: RoleMember, Lifetime: time.Hour, MaxUses: -1},
		} {
			_, _, err := c.Admin.CreateInvitation(t.Context(), ada, n)
			wantCode(t, err, CodeInvalid)
		}
	})
}

func TestAccess(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ada := mustOwn(t, c, "Ada")
	bob := mustSignIn(t, c, "Bob")
	wantCode(t, c.Admin.UpdateWorkspace(t.Context(), bob, Workspace{Name: "Mine", JoinPolicy: JoinByInvitation}),
		CodeNotFound)
	wantCode(t, c.Admin.UpdateWorkspace(t.Context(), ada, Workspace{Name: "", JoinPolicy: JoinByInvitation}), CodeInvalid)
	if err := c.Admin.UpdateWorkspace(t.Context(), ada,
		Workspace{Name: "Club", JoinPolicy: JoinByInvitation}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Accounts.SignIn(t.Context(), "Eve")
	wantCode(t, err, CodeInvalid)
	_, secret := mustInvite(t, c, ada, RoleMember, 1)
	_, err = c.Accounts.AcceptInvitationAsNew(t.Context(), secret, "Eve", "")
	wantCode(t, err, CodeInvalid)
	mustCome(t, c, secret, "Eve")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}

	fixed := mustOpen(t, Options{Path: path, JoinPolicy: JoinOpen})
	if got := fixed.Admin.Workspace(); got != (Workspace{Name: "Club", JoinPolicy: JoinOpen}) ||
		!fixed.Admin.JoinPolicyFixed() {
		t.Error(got)
	}
	mustSignIn(t, fixed, "Dan")
	if err := fixed.Admin.UpdateWorkspace(t.Context(), ada,
		Workspace{Name: "Pub", JoinPolicy: JoinByInvitation}); err != nil || fixed.Admin.Workspace().JoinPolicy != JoinOpen {
		t.Error(err, fixed.Admin.Workspace())
	}
	if err := fixed.Close(); err != nil {
		t.Fatal(err)
	}
	if again := mustOpen(t, Options{Path: path}); again.Admin.Workspace() != (Workspace{Name: "Pub",
		JoinPolicy: JoinByInvitation}) {
		t.Error("the owner's own setting was lost:", again.Admin.Workspace())
	}
}
