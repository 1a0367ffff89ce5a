package chat

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// mustTwoFactor turns two-factor authentication on, and returns the app's secret and the recovery codes.
func mustTwoFactor(t testing.TB, c *Chat, a Actor, now time.Time) (secret string, codes []string) {
	t.Helper()
	key, err := c.Accounts.StartTwoFactor(t.Context(), a, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if codes, err = c.Accounts.ConfirmTwoFactor(t.Context(), a, mustCode(t, key.Secret, now)); err != nil ||
		len(codes) != recoveryCodes {
		t.Fatal(codes, err)
	}
	return key.Secret, codes
}

func mustCode(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// mustEnterPassword signs in with the password, and returns the secret of the sign-in that lacks its second factor.
func mustEnterPassword(t testing.TB, c *Chat, name string) string {
	t.Helper()
	_, err := c.Accounts.SignInWithPassword(t.Context(), name, goodPassword)
	second, ok := errors.AsType[*TwoFactorRequired](err)
	if !ok {
		t.Fatal("no second step:", err)
	}
	return second.Secret
}

func TestTwoFactorSignIn(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada := mustSignIn(t, c, "Ada")
	_, err := c.Accounts.StartTwoFactor(t.Context(), ada, "")
	wantCode(t, err, CodeInvalid) // without a password
	mustProtect(t, c, ada, goodPassword)
	_, err = c.Accounts.StartTwoFactor(t.Context(), ada, "wrong")
	wantCode(t, err, CodeInvalid)

	key, err := c.Accounts.StartTwoFactor(t.Context(), ada, goodPassword)
	if err != nil || !strings.HasPrefix(key.URL, "otpauth://totp/") {
		t.Fatal(key, err)
	}
	if again, err := c.Accounts.PendingTOTPKey(t.Context(), ada); err != nil || again != key {
		t.Error(again, key, err)
	}
	_, err = c.Accounts.ConfirmTwoFactor(t.Context(), ada, "000000x")
	wantCode(t, err, CodeInvalid)
	if _, err := c.Accounts.SignInWithPassword(t.Context(), "Ada", goodPassword); err != nil {
		t.Error("a key that was never confirmed locks out:", err)
	}
	secret, codes := mustTwoFactor(t, c, ada, clock.now())

	t.Run("lets in with a code, once", func(t *testing.T) {
		clock.advance(time.Minute)
		code := mustCode(t, secret, clock.now())
		first := mustEnterPassword(t, c, "Ada")
		if u, err := c.Accounts.PendingSignIn(t.Context(), first); err != nil || u.ID != ada.ID {
			t.Fatal(u, err)
		}
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if a, err := c.Accounts.FinishSignIn(context.Background(), first, code); err == nil && a.ID == ada.ID {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d won", won.Load())
		}
		_, err := c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"), code)
		wantCode(t, err, CodeInvalid) // the same code again
	})
	t.Run("takes the codes of a clock that is a little wrong", func(t *testing.T) {
		clock.advance(5 * time.Minute)
		for _, off := range []time.Duration{-30 * time.Second, 30 * time.Second} {
			if _, err := c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"),
				" "+mustCode(t, secret, clock.now().Add(off))); err != nil {
				t.Error(off, err)
			}
		}
		_, err := c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"),
			mustCode(t, secret, clock.now().Add(90*time.Second)))
		wantCode(t, err, CodeInvalid)
	})
	t.Run("asks for the password again after a few wrong codes", func(t *testing.T) {
		clock.advance(5 * time.Minute)
		second := mustEnterPassword(t, c, "Ada")
		for range maxCodeAttempts {
			_, err := c.Accounts.FinishSignIn(t.Context(), second, "12345")
			wantCode(t, err, CodeInvalid)
		}
		_, err := c.Accounts.FinishSignIn(t.Context(), second, mustCode(t, secret, clock.now()))
		wantCode(t, err, CodeNotFound)
	})
	t.Run("runs out", func(t *testing.T) {
		second := mustEnterPassword(t, c, "Ada")
		clock.advance(twoFactorLifetime)
		_, err := c.Accounts.FinishSignIn(t.Context(), second, mustCode(t, secret, clock.now()))
		wantCode(t, err, CodeNotFound)
		_, err = c.Accounts.PendingSignIn(t.Context(), second)
		wantCode(t, err, CodeNotFound)
	})
	t.Run("lets in with a recovery code, once", func(t *testing.T) {
		typed := strings.ToUpper(codes[0]) + " "
		if _, err := c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"), typed); err != nil {
			t.Fatal(err)
		}
		_, err := c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"), codes[0])
		wantCode(t, err, CodeInvalid)
		if account, err := c.Accounts.Get(t.Context(), ada); err != nil || account.RecoveryCodes != recoveryCodes-1 ||
			!account.TwoFactor {
			t.Error(account, err)
		}
		fresh, err := c.Accounts.CreateRecoveryCodes(t.Context(), ada, goodPassword)
		if err != nil || len(fresh) != recoveryCodes {
			t.Fatal(fresh, err)
		}
		_, err = c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"), codes[1])
		wantCode(t, err, CodeInvalid)
	})
	t.Run("is not begun anew while it is on, and not turned off without the password", func(t *testing.T) {
		_, err := c.Accounts.StartTwoFactor(t.Context(), ada, goodPassword)
		wantCode(t, err, CodeInvalid)
		wantCode(t, c.Accounts.DisableTwoFactor(t.Context(), ada, "wrong"), CodeInvalid)
		mustEnterPassword(t, c, "Ada")
		if err := c.Accounts.DisableTwoFactor(t.Context(), ada, goodPassword); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Accounts.SignInWithPassword(t.Context(), "Ada", goodPassword); err != nil {
			t.Error(err)
		}
	})
}
