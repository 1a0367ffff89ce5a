package chat

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// raceFor calls take fifty times concurrently, and tests that one call succeeds.
func raceFor(t *testing.T, take func() error) {
	t.Helper()
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := take(); err == nil {
				won.Add(1)
			} else if ErrorCode(err) != CodeNotFound {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
}

func TestDeviceLink(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada := mustSignIn(t, c, "Ada")
	secret, err := c.Accounts.CreateDeviceLink(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := c.Accounts.DeviceLinkUser(t.Context(), secret); err != nil || u.ID != ada.ID {
		t.Fatal(u, err)
	}
	raceFor(t, func() error {
		a, err := c.Accounts.UseDeviceLink(context.Background(), secret)
		if err == nil && (a.ID != ada.ID || a.Session == ada.Session || a.Role != RoleMember) {
			t.Errorf("%+v", a)
		}
		return err
	})
	if list, err := c.Accounts.Sessions(t.Context(), ada); len(list) != 2 || err != nil {
		t.Error(list, err)
	}

	make := func() string {
		t.Helper()
		secret, err := c.Accounts.CreateDeviceLink(t.Context(), ada)
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	gone := func(t *testing.T, secret string) {
		t.Helper()
		_, err := c.Accounts.UseDeviceLink(t.Context(), secret)
		wantCode(t, err, CodeNotFound)
		_, err = c.Accounts.DeviceLinkUser(t.Context(), secret)
		wantCode(t, err, CodeNotFound)
	}
	t.Run("runs out", func(t *testing.T) {
		secret := make()
		clock.advance(LinkLifetime)
		gone(t, secret)
	})
	t.Run("gives way to a newer one", func(t *testing.T) {
		old, secret := make(), make()
		gone(t, old)
		gone(t, strings.ToLower(secret))
		if _, err := c.Accounts.UseDeviceLink(t.Context(), secret); err != nil {
			t.Error(err)
		}
	})
	t.Run("is of another kind than recovery", func(t *testing.T) {
		_, err := c.Accounts.ResetPassword(t.Context(), make(), goodPassword)
		wantCode(t, err, CodeNotFound)
	})
	t.Run("ends when the password changes", func(t *testing.T) {
		mustProtect(t, c, ada, goodPassword)
		secret := make()
		if err := c.Accounts.SetPassword(t.Context(), ada, goodPassword, "another good one"); err != nil {
			t.Fatal(err)
		}
		gone(t, secret)
	})
	t.Run("lets nobody in who was deactivated", func(t *testing.T) {
		secret := make()
		if _, err := c.db.WritePool().
			ExecContext(t.Context(), `UPDATE users SET deactivated_at = 1 WHERE id = $1`, ada.ID); err != nil {
			t.Fatal(err)
		}
		_, err := c.Accounts.DeviceLinkUser(t.Context(), secret)
		wantCode(t, err, CodeForbidden)
		_, err = c.Accounts.UseDeviceLink(t.Context(), secret)
		wantCode(t, err, CodeForbidden)
		_, err = c.Accounts.SignInWithPassword(t.Context(), "Ada", "another good one")
		wantCode(t, err, CodeForbidden)
		_, err = c.Accounts.SignIn(t.Context(), "Ada")
		wantCode(t, err, CodeInvalid)
	})
}

func TestPasswordReset(t *testing.T) {
	c := mustOpen(t, Options{})
	owner := mustOwn(t, c, "Owner")
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "mine")
	mustProtect(t, c, ada, goodPassword)

	_, _, err := c.Accounts.CreatePasswordReset(t.Context(), bob, "Ada")
	wantCode(t, err, CodeForbidden)
	for _, name := range []string{"Nobody", "", "Owner"} {
		_, _, err := c.Accounts.CreatePasswordReset(t.Context(), owner, name)
		wantCode(t, err, CodeInvalid)
	}
	secret, u, err := c.Accounts.CreatePasswordReset(t.Context(), owner, "aDA ")
	if err != nil || u.ID != ada.ID {
		t.Fatal(u, err)
	}
	_, err = c.Accounts.ResetPassword(t.Context(), secret, "short")
	wantCode(t, err, CodeInvalid)
	l := mustListen(t, c, ada, Cursor{})
	raceFor(t, func() error {
		_, err := c.Accounts.ResetPassword(context.Background(), secret, "another good one")
		return err
	})
	wantClosed(t, l, CloseSignedOut)
	_, err = c.Accounts.SignInWithPassword(t.Context(), "Ada", goodPassword)
	wantCode(t, err, CodeInvalid)
	if back, err := c.Accounts.SignInWithPassword(t.Context(), "Ada", "another good one"); err != nil ||
		back.ID != ada.ID {
		t.Error(back, err)
	}

	t.Run("from the server, for the owner too", func(t *testing.T) {
		secret, err := c.Accounts.CreatePasswordResetFromServer(t.Context(), "owner")
		if err != nil {
			t.Fatal(err)
		}
		if a, err := c.Accounts.ResetPassword(t.Context(), secret, "another good one"); err != nil || a.ID != owner.ID ||
			a.Role != RoleOwner {
			t.Error(a, err)
		}
		_, err = c.Accounts.CreatePasswordResetFromServer(t.Context(), "Nobody")
		wantCode(t, err, CodeInvalid)
	})
}

// Signing out one's other devices revokes the links that they made.
func TestLinksEndWithDevices(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	secret, err := c.Accounts.CreateDeviceLink(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Accounts.EndOtherSessions(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	_, err = c.Accounts.UseDeviceLink(t.Context(), secret)
	wantCode(t, err, CodeNotFound)
}
