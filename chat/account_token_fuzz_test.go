package chat

import (
	"errors"
	"strings"
	"testing"
)

// Whatever a link contains, it opens only what it was made for, and causes no query when it is too short.
func FuzzToken(f *testing.F) {
	c := mustOpen(f, Options{})
	secret, err := c.Accounts.CreateSetupLink(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "A", secret[:25], secret + "A", strings.ToLower(secret),
		strings.Repeat("A", tokenLen),
		"' OR 1=1 --              x", "\x00" + secret[1:], "\xff\xfe" + secret[2:], hashToken(secret)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, guess string) {
		for _, kind := range []tokenKind{tokenSetup, tokenDeviceLink, tokenPasswordReset, tokenTwoFactor, tokenPasskey} {
			if _, err := findToken(t.Context(), c.db, kind, guess, c.now()); guess != secret && !errors.Is(err, errNoToken) {
				t.Errorf("%s %q: %v", kind, guess, err)
			}
		}
	})
}

// A hash in the database is parsed or refused, without a panic; what is parsed is what was written.
func FuzzPasswordHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=1,t=0,p=0$$")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, phc string) {
		c, salt, key, err := parseHash(phc)
		if err != nil {
			return
		}
		again, salt2, key2, err := parseHash(c.encode(salt, key))
		if err != nil || again != c || string(salt2) != string(salt) || string(key2) != string(key) {
			t.Errorf("%q: %v", phc, err)
		}
	})
}
