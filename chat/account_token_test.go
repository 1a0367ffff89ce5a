package chat

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// A secret that is too short is refused without a query: the database is closed.
func TestSecretsAreLookedUpOnlyWhenLongEnough(t *testing.T) {
	c := mustOpen(t, Options{})
	if err := c.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"", "A", "0123456789ABCDEF", strings.Repeat("A", tokenLen-1)} {
		for _, kind := range []tokenKind{tokenSetup, tokenDeviceLink, tokenPasswordReset, tokenTwoFactor, tokenPasskey} {
			if _, err := findToken(t.Context(), c.db, kind, secret, time.Now()); !errors.Is(err, errNoToken) {
				t.Errorf("%s %q: %v", kind, secret, err)
			}
		}
		if _, err := findInvitation(t.Context(), c.db, secret, time.Now()); !errors.Is(err, errNoInvitation) {
			t.Errorf("invitation %q: %v", secret, err)
		}
		if v, err := c.Accounts.SessionStorage().Get(secret); v != nil || err != nil {
			t.Errorf("session %q: %q, %v", secret, v, err)
		}
	}
	if err := c.Accounts.SessionStorage().Set("short", []byte("v"), time.Hour); err == nil {
		t.Error("a session got a short key")
	}
	long := strings.Repeat("A", tokenLen)
	if _, err := findToken(t.Context(), c.db, tokenSetup, long, time.Now()); errors.Is(err, errNoToken) {
		t.Error("the long token was not looked up")
	}
	if _, err := findInvitation(t.Context(), c.db, long, time.Now()); errors.Is(err, errNoInvitation) {
		t.Error("the long invitation was not looked up")
	}
	if _, err := c.Accounts.SessionStorage().Get(long); err == nil {
		t.Error("the long session was not looked up")
	}
}

// Reading the database, or a backup of it, reveals no secret that opens anything: not in a table, not in a free page,
// not in the write-ahead log.
func TestSecretsAreStoredHashed(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	link := mustSetupLink(t, c)
	secrets := map[string]string{"owner link": mustSetupLink(t, c), "older owner link": link, "password": goodPassword,
		"session": rand.Text()}
	ada := mustOwn(t, c, "Ada")
	mustSignIn(t, c, "Bob")
	var err error
	_, secrets["invitation"] = mustInvite(t, c, ada, RoleMember, 1)
	if secrets["link"], err = c.Accounts.CreateDeviceLink(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	if secrets["recovery"], _, err = c.Accounts.CreatePasswordReset(t.Context(), ada, "Bob"); err != nil {
		t.Fatal(err)
	}
	ceremony, err := c.Accounts.BeginPasskeyRegistration(t.Context(), ada, testRelyingParty, goodPassword)
	must(t, err)
	secrets["ceremony"] = ceremony.State
	_, codes := mustTwoFactor(t, c, ada, time.Now())
	secrets["key of a session"] = ada.Key
	secrets["second step"] = mustEnterPassword(t, c, "Ada")
	must(t, c.Accounts.SessionStorage().Set(secrets["session"], []byte("a session"), time.Hour))
	for _, code := range codes {
		secrets["recovery code "+code] = strings.ToUpper(strings.ReplaceAll(code, "-", ""))
	}

	var all []byte
	for _, file := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(file)
		must(t, err)
		all = append(all, bytes.ToUpper(content)...)
	}
	for _, there := range []string{"Ada", "a session", hashToken(secrets["invitation"]), hashToken(secrets["link"]),
		hashToken(ada.Key)} {
		if !bytes.Contains(all, bytes.ToUpper([]byte(there))) {
			t.Errorf("%q is not in the database: what is not written cannot be found", there)
		}
	}
	for what, secret := range secrets {
		if what != "password" && len(secret) < tokenLen {
			t.Errorf("the %s has %d letters, which are fewer than 128 bits", what, len(secret))
		}
		if bytes.Contains(all, []byte(strings.ToUpper(secret))) {
			t.Errorf("the %s is in the database", what)
		}
	}
}
