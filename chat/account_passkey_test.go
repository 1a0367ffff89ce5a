package chat

import (
	"strings"
	"testing"
	"time"
)

var testRelyingParty = RelyingParty{Host: "localhost", Origin: "http://localhost:8080"}

// Real authenticators are tested in handlers/browsertest; here are inputs that none would send.
func TestPasskeyCeremonies(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	made, err := c.Accounts.BeginPasskeyRegistration(t.Context(), ada, testRelyingParty, "")
	if err != nil || len(made.State) != tokenLen || !strings.Contains(made.Options, `"userVerification":"required"`) {
		t.Fatal(made, err)
	}
	for _, response := range []string{"", "{}", "null", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`,
		strings.Repeat("[", 10000)} {
		wantCode(t, c.Accounts.FinishPasskeyRegistration(t.Context(), ada, testRelyingParty, made.State, "key", response),
			CodeInvalid)
		_, err := c.Accounts.FinishPasskeySignIn(t.Context(), testRelyingParty, made.State, "", response)
		wantCode(t, err, CodeInvalid)
	}
	for _, state := range []string{"", "x", strings.Repeat("A", tokenLen)} {
		wantCode(t, c.Accounts.FinishPasskeyRegistration(t.Context(), ada, testRelyingParty, state, "key", "{}"), CodeInvalid)
		_, err := c.Accounts.FinishPasskeySignIn(t.Context(), testRelyingParty, state, "", "{}")
		wantCode(t, err, CodeInvalid)
	}
	clock.advance(ceremonyLifetime)
	if _, _, err := c.findCeremony(t.Context(), made.State); err == nil {
		t.Error("a ceremony never ends")
	}

	if asked, err := c.Accounts.BeginPasskeySignIn(t.Context(), testRelyingParty, ""); err != nil ||
		strings.Contains(asked.Options, "allowCredentials") {
		t.Error("the first step tells who has passkeys:", asked, err)
	}
	_, err = c.Accounts.BeginPasskeySignIn(t.Context(), testRelyingParty, strings.Repeat("A", tokenLen))
	wantCode(t, err, CodeNotFound)

	t.Run("are their owner's, behind the password", func(t *testing.T) {
		mustProtect(t, c, ada, goodPassword)
		_, err := c.Accounts.BeginPasskeyRegistration(t.Context(), ada, testRelyingParty, "wrong")
		wantCode(t, err, CodeInvalid)
		wantCode(t, c.Accounts.RequirePasskey(t.Context(), ada, true, goodPassword), CodeInvalid) // there is no passkey
		wantCode(t, c.Accounts.RequirePasskey(t.Context(), bob, true, ""), CodeInvalid)           // there is no password
		mustHavePasskey(t, c, ada, "k1")
		wantCode(t, c.Accounts.DeletePasskey(t.Context(), bob, "k1", ""), CodeNotFound)
		wantCode(t, c.Accounts.DeletePasskey(t.Context(), ada, "k1", "wrong"), CodeInvalid)
		if err := c.Accounts.RequirePasskey(t.Context(), ada, true, goodPassword); err != nil {
			t.Fatal(err)
		}
		h, err := c.Accounts.PendingSignIn(t.Context(), mustEnterPassword(t, c, "Ada"))
		if err != nil || h.Code || !h.Passkey {
			t.Error(h, err)
		}
		if err := c.Accounts.DeletePasskey(t.Context(), ada, "k1", goodPassword); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Accounts.SignInWithPassword(t.Context(), "Ada", goodPassword); err != nil {
			t.Error("without a passkey none is asked for:", err)
		}
	})
	t.Run("keep a name", func(t *testing.T) {
		mustHavePasskey(t, c, bob, "k2")
		if err := c.Accounts.SignOut(t.Context(), bob); err != nil {
			t.Fatal(err)
		}
		_, err := c.Accounts.SignIn(t.Context(), "Bob")
		wantCode(t, err, CodeInvalid)
	})
}

// mustHavePasskey inserts a passkey into the database.
func mustHavePasskey(t testing.TB, c *Chat, a Actor, id string) {
	t.Helper()
	tx, err := c.db.Begin(t.Context(), c.now())
	if err != nil {
		t.Fatal(err)
	}
	if err := insertPasskey(t.Context(), tx, a.ID, Passkey{ID: id, Name: id, CreatedAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
