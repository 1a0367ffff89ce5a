package chat

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

// TestEndedSessionsLeaveNoWayIn tests that ending a session also ends what came from it: a link that a thief made, a
// sign-in that lacks its second factor, and an unconfirmed key of an app.
func TestEndedSessionsLeaveNoWayIn(t *testing.T) {
	const password = "correct horse battery"
	type world struct {
		c            *Chat
		owner        Actor
		vic, another Actor // two devices of one user
	}
	for name, end := range map[string]func(w world) error{
		"signing out":         func(w world) error { return w.c.Accounts.SignOut(t.Context(), w.another) },
		"ending one's device": func(w world) error { return w.c.Accounts.EndSession(t.Context(), w.vic, w.another.Session) },
		"ending all others": func(w world) error {
			_,
				err := w.c.Accounts.EndOtherSessions(t.Context(), w.vic)
			return err
		},
		"an admin ends one": func(w world) error { return w.c.Admin.EndSessionOf(t.Context(), w.owner, w.another.Session) },
		"an admin ends all": func(w world) error { return w.c.Admin.EndSessionsOf(t.Context(), w.owner, w.vic.ID) },
		"a new password": func(w world) error {
			return w.c.Accounts.SetPassword(t.Context(), w.vic, password,
				password+"!")
		},
		"deactivation": func(w world) error { return w.c.Admin.Deactivate(t.Context(), w.owner, w.vic.ID) },
		"a ban": func(w world) error {
			_, err := w.c.Moderation.Ban(t.Context(), w.owner, NewBan{Name: "Vic"})
			return err
		},
		"a password that is new": nil, // see below: Vic has none yet
	} {
		t.Run(name, func(t *testing.T) {
			c := mustOpen(t, Options{})
			w := world{c: c, owner: mustOwn(t, c, "Olga"), vic: mustSignIn(t, c, "Vic")}
			mustPost(t, c, w.vic, "so that the name is kept")
			if end != nil {
				mustProtect(t, c, w.vic, password)
			}
			link := mustDeviceLink(t, c, w.vic)
			var err error
			if w.another, err = c.Accounts.UseDeviceLink(t.Context(), link); err != nil {
				t.Fatal(err)
			}
			link = mustDeviceLink(t, c, w.another)
			must(t, c.Admin.SetRole(t.Context(), w.owner, w.vic.ID, RoleAdmin))
			mustPost(t, c, mustSignIn(t, c, "Locked"), "out")
			admin, err := c.Accounts.Authenticate(t.Context(), w.another.ID, w.another.Session)
			must(t, err)
			recovery, _, err := c.Accounts.CreatePasswordReset(t.Context(), admin, "Locked")
			must(t, err)
			half := ""
			if end == nil {
				end = func(w world) error { return c.Accounts.SetPassword(t.Context(), w.vic, "", password) }
			} else {
				if _, err := c.Accounts.StartTwoFactor(t.Context(), w.another, password); err != nil {
					t.Fatal(err)
				}
				half = mustPendingSignIn(t, c, w.vic)
			}
			if err := end(w); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Accounts.Authenticate(t.Context(), w.another.ID, w.another.Session); ErrorCode(err) != CodeSignedOut {
				t.Errorf("the device is still in: %v", err)
			}
			if _, err := c.Accounts.UseDeviceLink(t.Context(), link); ErrorCode(err) != CodeNotFound {
				t.Errorf("its link lets it in again: %v", err)
			}
			if _, err := c.Accounts.PasswordResetUser(t.Context(), recovery); ErrorCode(err) != CodeNotFound {
				t.Errorf("the link that it made for somebody else works: %v", err)
			}
			if half != "" {
				if _, err := c.Accounts.PendingSignIn(t.Context(), half); ErrorCode(err) != CodeNotFound {
					t.Errorf("a sign-in that was half-way in goes on: %v", err)
				}
				if _, err := c.Accounts.PendingTOTPKey(t.Context(), w.vic); ErrorCode(err) != CodeNotFound {
					t.Errorf("the key of its app can be read: %v", err)
				}
			}
		})
	}
}

// A user has a limited number of sessions: each new one beyond it ends the least recently used one, and closes its
// pages.
func TestSessionsOfOnePersonAreBounded(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	all := []Actor{mustSignIn(t, c, "Ada")}
	for len(all) <= maxSessions {
		at.advance(time.Minute)
		link := mustDeviceLink(t, c, all[0])
		if len(all) == maxSessions {
			if _, err := c.Accounts.Authenticate(t.Context(), all[0].ID, all[0].Session); err != nil { // the first is used
				t.Fatal(err)
			}
		}
		a, err := c.Accounts.UseDeviceLink(t.Context(), link)
		must(t, err)
		all = append(all, a)
	}
	for i, a := range all {
		_, err := c.Accounts.Authenticate(t.Context(), a.ID, a.Session)
		if ended := ErrorCode(err) == CodeSignedOut; ended != (i == 1) {
			t.Errorf("session %d: %v", i, err)
		}
	}
	if list, err := c.Accounts.Sessions(t.Context(), all[0]); err != nil || len(list) != maxSessions {
		t.Error(len(list), "sessions", err)
	}
}

// Claiming the workspace sets the first password of the owner's name: sessions from before, without one, end.
func TestOwnerIsAlone(t *testing.T) {
	c := mustOpen(t, Options{})
	vic := mustSignIn(t, c, "Vic")
	another, err := c.Accounts.UseDeviceLink(t.Context(), mustDeviceLink(t, c, vic))
	must(t, err)
	owner, err := c.Accounts.ClaimWorkspace(t.Context(), vic, mustSetupLink(t, c), openPlace, "Vic", goodPassword)
	must(t, err)
	for who, a := range map[string]Actor{"another device": another, "the session of before": vic} {
		if _, err := c.Accounts.Authenticate(t.Context(), a.ID, a.Session); ErrorCode(err) != CodeSignedOut {
			t.Errorf("%s is still in: %v", who, err)
		}
	}
	if _, err := c.Accounts.Authenticate(t.Context(), owner.ID, owner.Session); err != nil {
		t.Error("the owner is out:", err)
	}
}

// TestLinksEndWithTheRightToMakeThem: invitations and password resets are revoked when their creators may no longer
// make them, or are banned or deactivated.
func TestLinksEndWithTheRightToMakeThem(t *testing.T) {
	c := mustOpen(t, Options{})
	owner := mustOwn(t, c, "Olga")
	mustPost(t, c, mustSignIn(t, c, "Locked"), "out")
	made := func(name string, role Role) (a Actor, recovery, invitation string) {
		t.Helper()
		a = mustSignIn(t, c, name)
		must(t, c.Admin.SetRole(t.Context(), owner, a.ID, role))
		a.Role = role
		recovery, _, err := c.Accounts.CreatePasswordReset(t.Context(), a, "Locked")
		must(t, err)
		_, invitation = mustInvite(t, c, a, RoleMember, 0)
		return a, recovery, invitation
	}
	for name, end := range map[string]func(a Actor) error{
		"another role": func(a Actor) error { return c.Admin.SetRole(t.Context(), owner, a.ID, RoleMember) },
		"deactivated":  func(a Actor) error { return c.Admin.Deactivate(t.Context(), owner, a.ID) },
		"banned": func(a Actor) error {
			_,
				err := c.Moderation.Ban(t.Context(), owner, NewBan{Name: a.Name})
			return err
		},
		"signed out by admin": func(a Actor) error { return c.Admin.EndSessionsOf(t.Context(), owner, a.ID) },
	} {
		a, recovery, invitation := made("Admin "+name, RoleAdmin)
		must(t, end(a))
		if _, err := c.Accounts.PasswordResetUser(t.Context(), recovery); ErrorCode(err) != CodeNotFound {
			t.Errorf("%s: the link for who is locked out works: %v", name, err)
		}
		if _, err := c.Accounts.Invitation(t.Context(), invitation); ErrorCode(err) != CodeNotFound {
			t.Errorf("%s: the invitation works: %v", name, err)
		}
	}
	_, recovery, _ := made("Another Admin", RoleAdmin)
	locked, err := c.Accounts.PasswordResetUser(t.Context(), recovery)
	must(t, err)
	must(t, c.Admin.SetRole(t.Context(), owner, locked.ID, RoleAdmin)) // the creator of the link no longer outranks them
	if _, err := c.Accounts.PasswordResetUser(t.Context(), recovery); ErrorCode(err) != CodeNotFound {
		t.Errorf("the link lets in an admin, and an admin has made it: %v", err)
	}
}

// TestPendingKeyRunsOut: an attacker who took the session over later could read the key and confirm it.
func TestPendingKeyRunsOut(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	a := mustSignIn(t, c, "Ada")
	mustProtect(t, c, a, "correct horse battery")
	key, err := c.Accounts.StartTwoFactor(t.Context(), a, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	at.advance(pendingKeyLifetime)
	if _, err := c.Accounts.PendingTOTPKey(t.Context(), a); err != nil {
		t.Errorf("while it can be confirmed: %v", err)
	}
	at.advance(time.Second)
	if _, err := c.Accounts.PendingTOTPKey(t.Context(), a); ErrorCode(err) != CodeNotFound {
		t.Errorf("afterwards: %v", err)
	}
	if _, err := c.Accounts.ConfirmTwoFactor(t.Context(), a,
		mustCode(t, key.Secret, at.now())); ErrorCode(err) != CodeNotFound {
		t.Errorf("confirming it afterwards: %v", err)
	}
}

// TestOneFunctionEndsSessions tests that no other statement does: it would forget what belongs to them.
func TestOneFunctionEndsSessions(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var where []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") {
			for range strings.Count(string(source), "DELETE FROM sessions") {
				where = append(where, file)
			}
		}
	}
	// early, and when they expire
	if strings.Join(where, " ") != "account_session_store.go account_session_store.go" {
		t.Errorf("sessions are deleted in %v", where)
	}
}

func mustDeviceLink(t *testing.T, c *Chat, a Actor) string {
	t.Helper()
	secret, err := c.Accounts.CreateDeviceLink(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// mustPendingSignIn returns the secret of a sign-in that lacks its second factor.
func mustPendingSignIn(t *testing.T, c *Chat, a Actor) (secret string) {
	t.Helper()
	secret, err := updateValue(t.Context(), c.writer, func(ctx context.Context, tx *sqlite.Tx) (string, error) {
		return insertToken(ctx, tx, tokenTwoFactor, token{user: a.ID}, twoFactorLifetime)
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}
