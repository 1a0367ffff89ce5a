package chat

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

var openPlace = Workspace{Name: "The Works", JoinPolicy: JoinOpen}

func mustSetupLink(t testing.TB, c *Chat) string {
	t.Helper()
	secret, err := c.Accounts.CreateSetupLink(t.Context())
	if err != nil || len(secret) != tokenLen {
		t.Fatal(secret, err)
	}
	return secret
}

// mustOwn makes a new user the owner of the workspace.
func mustOwn(t testing.TB, c *Chat, name string) Actor {
	t.Helper()
	a, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, mustSetupLink(t, c), openPlace, name, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOwner(t *testing.T) {
	t.Run("fifty race for one link: one wins", func(t *testing.T) {
		c := mustOpen(t, Options{})
		secret := mustSetupLink(t, c)
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				a, err := c.Accounts.ClaimWorkspace(context.Background(), Actor{}, secret, openPlace, fmt.Sprint("Owner ", i),
					goodPassword)
				if err == nil && a.Role == RoleOwner {
					won.Add(1)
				} else if ErrorCode(err) != CodeNotFound {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var owners int
		if err := c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM users WHERE role = 'owner'`).
			Scan(&owners); err != nil || owners != 1 || won.Load() != 1 {
			t.Errorf("%d won, %d own the workspace, %v", won.Load(), owners, err)
		}
		if again, err := c.Accounts.CreateSetupLink(t.Context()); again != "" || err != nil {
			t.Error("a workspace with an owner gives out another link:", again, err)
		}
	})
	t.Run("only the newest link works, in time", func(t *testing.T) {
		clock := newClock()
		c := mustOpen(t, Options{Now: clock.now})
		old, secret := mustSetupLink(t, c), mustSetupLink(t, c)
		for _, wrong := range []string{old, "", "x", secret[:25], secret + "A", "AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
			wantCode(t, c.Accounts.CheckSetupLink(t.Context(), wrong), CodeNotFound)
		}
		if err := c.Accounts.CheckSetupLink(t.Context(), secret); err != nil {
			t.Error(err)
		}
		clock.advance(setupLinkLifetime)
		wantCode(t, c.Accounts.CheckSetupLink(t.Context(), secret), CodeNotFound)
	})
	t.Run("who is here already stays the same person", func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		mustPost(t, c, ada, "first!")
		secret := mustSetupLink(t, c)
		_, err := c.Accounts.ClaimWorkspace(t.Context(), ada, secret, openPlace, bob.Name, goodPassword)
		wantCode(t, err, CodeInvalid)
		_, err = c.Accounts.ClaimWorkspace(t.Context(), ada, secret, openPlace, "Ada", "short")
		wantCode(t, err, CodeInvalid)
		_, err = c.Accounts.ClaimWorkspace(t.Context(), ada, secret, Workspace{Name: "X", JoinPolicy: "all"}, "Ada",
			goodPassword)
		wantCode(t, err, CodeInvalid)
		owner, err := c.Accounts.ClaimWorkspace(t.Context(), ada, secret, openPlace, "Countess", goodPassword)
		if err != nil || owner.ID != ada.ID {
			t.Fatal(owner, err)
		}
		if a, err := c.Accounts.Authenticate(t.Context(), owner.ID, owner.Session); err != nil || a.Role != RoleOwner ||
			a.Name != "Countess" {
			t.Error(a, err)
		}
		if c.Admin.Workspace() != openPlace {
			t.Error(c.Admin.Workspace())
		}
	})
	t.Run("by invitation, a name alone opens nothing", func(t *testing.T) {
		path := tempPath(t)
		c := mustOpen(t, Options{Path: path})
		closed := Workspace{Name: "Club", JoinPolicy: JoinByInvitation}
		if _, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, mustSetupLink(t, c), closed, "Ada",
			goodPassword); err != nil {
			t.Fatal(err)
		}
		_, known := c.Accounts.SignIn(t.Context(), "Ada")
		_, unknown := c.Accounts.SignIn(t.Context(), "Eve")
		wantCode(t, known, CodeInvalid)
		if known.Error() != unknown.Error() {
			t.Error(known, unknown)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if again := mustOpen(t, Options{Path: path}); again.Admin.Workspace() != closed {
			t.Error("a restart forgot the settings:", again.Admin.Workspace())
		}
	})
	t.Run("a command beside the program makes the link", func(t *testing.T) {
		path := tempPath(t)
		c := mustOpen(t, Options{Path: path})
		beside := mustOpen(t, Options{Path: path, Beside: true})
		if err := c.Accounts.CheckSetupLink(t.Context(), mustSetupLink(t, beside)); err != nil {
			t.Error(err)
		}
	})
}
