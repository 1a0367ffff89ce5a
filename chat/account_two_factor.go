package chat

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"chitchat/chat/sqlite"

	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// Limits of two-factor authentication.
const (
	twoFactorLifetime = 10 * time.Minute // from the password to the code
	maxCodeAttempts   = 5                // then the sign-in begins again with the password
	recoveryCodes     = 8

	pendingKeyLifetime = 15 * time.Minute // from a new key of an app to its first code

	totpPeriod = 30 // seconds
	totpSkew   = 1  // periods that a clock may be off
)

// TwoFactorRequired is the error of a sign-in that has the right password and still needs a second factor: FinishSignIn
// takes Secret.
type TwoFactorRequired struct{ Secret string }

func (s *TwoFactorRequired) Error() string { return "chat: a second step is needed" }

// TOTPKey is what an authenticator app needs: a URL for a QR code, and the secret to type.
type TOTPKey struct{ URL, Secret string }

var (
	errWrongCode  = Invalid("code", "That code is not right. A new one comes every 30 seconds, and each works once.")
	errTooLate    = Errorf(CodeNotFound, "That took too long, or too many tries. Begin with your name and password again.")
	errHasSecond  = Errorf(CodeInvalid, "Two-factor authentication is on already.")
	errKeyRanOut  = Errorf(CodeNotFound, "That key is too old, or was confirmed already. Begin again to get a new one.")
	errNoPassword = Errorf(CodeInvalid, "Two-factor authentication comes after a password: set one first.")
)

// StartTwoFactor makes the key of an authenticator app. It takes effect when ConfirmTwoFactor has accepted a code.
func (c Accounts) StartTwoFactor(ctx context.Context, a Actor, current string) (TOTPKey, error) {
	hash, err := c.confirm(ctx, a, current)
	if err != nil {
		return TOTPKey{}, err
	}
	if hash == "" {
		return TOTPKey{}, errNoPassword
	}
	key, err := c.newKey(a, nil)
	if err != nil {
		return TOTPKey{}, err
	}
	err = c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if t, err := selectTOTP(ctx, tx, a.ID); err != nil {
			return err
		} else if t.confirmed {
			return errHasSecond
		}
		return upsertTOTP(ctx, tx, a.ID, key.Secret)
	}, nil)
	return key, err
}

// PendingTOTPKey returns the latest key of StartTwoFactor while it is not confirmed.
func (c Accounts) PendingTOTPKey(ctx context.Context, a Actor) (TOTPKey, error) {
	t, err := selectTOTP(ctx, c.db, a.ID)
	if err != nil {
		return TOTPKey{}, err
	}
	if !t.pending(c.now()) {
		return TOTPKey{}, errNotFound
	}
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(t.secret)
	if err != nil {
		return TOTPKey{}, err
	}
	return c.newKey(a, raw)
}

// newKey makes a TOTP key of a secret, or of a new one when it is nil.
func (c *core) newKey(a Actor, secret []byte) (TOTPKey, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: c.admin.Workspace().Name, AccountName: a.Name, SecretSize: 20,
		Secret: secret})
	if err != nil {
		return TOTPKey{}, err
	}
	return TOTPKey{URL: key.URL(), Secret: key.Secret()}, nil
}

// ConfirmTwoFactor turns two-factor authentication on, given a code of the app. It returns the recovery codes, which
// cannot be read again. It signs out every other device, since none of them has given a code.
func (c Accounts) ConfirmTwoFactor(ctx context.Context, a Actor, code string) ([]string, error) {
	type confirmed struct {
		codes []string
		ended []ID
	}
	on, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (on confirmed, err error) {
		t, err := selectTOTP(ctx, tx, a.ID)
		if err != nil {
			return on, err
		}
		if !t.pending(tx.Now) {
			return on, errKeyRanOut
		}
		step, ok := t.check(cleanCode(code), tx.Now)
		if !ok {
			return on, errWrongCode
		}
		if err := confirmTOTP(ctx, tx, a.ID, step); err != nil {
			return on, err
		}
		if on.codes, err = replaceRecoveryCodes(ctx, tx, a.ID); err != nil {
			return on, err
		}
		if on.ended, err = endSessions(ctx, tx, a.ID, 0, a.Session); err != nil {
			return on, err
		}
		return on, c.audit(ctx, tx, a, "two_factor.enabled", a.ID, 0, "")
	}, func(on confirmed) { c.hub.sessionsEnded(on.ended) })
	return on.codes, err
}

// DisableTwoFactor turns two-factor authentication off.
func (c Accounts) DisableTwoFactor(ctx context.Context, a Actor, current string) error {
	if _, err := c.confirm(ctx, a, current); err != nil {
		return err
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if err := deleteTwoFactor(ctx, tx, a.ID); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "two_factor.disabled", a.ID, 0, "")
	}, nil)
}

// CreateRecoveryCodes replaces the recovery codes.
func (c Accounts) CreateRecoveryCodes(ctx context.Context, a Actor, current string) ([]string, error) {
	if _, err := c.confirm(ctx, a, current); err != nil {
		return nil, err
	}
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]string, error) {
		if t, err := selectTOTP(ctx, tx, a.ID); err != nil {
			return nil, err
		} else if !t.confirmed {
			return nil, errNotFound
		}
		codes, err := replaceRecoveryCodes(ctx, tx, a.ID)
		if err != nil {
			return nil, err
		}
		return codes, c.audit(ctx, tx, a, "two_factor.recovery_codes_created", a.ID, 0, "")
	}, nil)
}

// PendingSignIn is a user who has given the right password, and the second factors that they can use.
type PendingSignIn struct {
	User
	Code, Passkey bool
}

// PendingSignIn returns the sign-in that the secret of a TwoFactorRequired belongs to. It fails with CodeNotFound when
// the user must begin again.
func (c Accounts) PendingSignIn(ctx context.Context, secret string) (PendingSignIn, error) {
	t, err := findToken(ctx, c.db, tokenTwoFactor, secret, c.now())
	if err != nil {
		return PendingSignIn{}, late(err)
	}
	a, err := c.selectUserSigningIn(ctx, c.db, t.user)
	if err != nil {
		return PendingSignIn{}, late(err)
	}
	h := PendingSignIn{User: a.User}
	if h.Code, _, err = twoFactorMethods(ctx, c.db, a.ID); err != nil {
		return PendingSignIn{}, err
	}
	list, err := selectPasskeys(ctx, c.db, a.ID)
	h.Passkey = len(list) > 0
	return h, err
}

// late replaces errNoToken by an error that explains it for a sign-in.
func late(err error) error {
	if err == errNoToken { //nolint:errorlint // it is never wrapped
		return errTooLate
	}
	return err
}

// FinishSignIn completes a sign-in by a code of the app or by a recovery code. Each works once. After a few wrong codes
// the sign-in must begin again with the password.
func (c Accounts) FinishSignIn(ctx context.Context, secret, code string) (Actor, error) {
	device := c.newActor(ctx, Actor{})
	in, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (in signIn, err error) {
		t, err := findToken(ctx, tx, tokenTwoFactor, secret, tx.Now)
		if err != nil {
			return in, late(err)
		}
		a, err := c.selectUserSigningIn(ctx, tx, t.user)
		if err != nil {
			return in, late(err)
		}
		a = device.onDevice(a)
		ok, err := c.useCode(ctx, tx, a, code)
		if err != nil {
			return in, err
		}
		if !ok {
			return in, countAttempt(ctx, tx, t)
		}
		if err := useToken(ctx, tx, t); err != nil {
			return in, err
		}
		in.actor = a
		in.ended, err = c.insertSession(ctx, tx, a)
		return in, err
	}, c.hub.signedIn)
	if err == nil && in.actor.ID == 0 {
		err = errWrongCode // which is counted
	}
	return in.actor, err
}

// useCode reports whether the code is the actor's, and uses it up.
func (c *core) useCode(ctx context.Context, tx *sqlite.Tx, a Actor, code string) (bool, error) {
	code = cleanCode(code)
	if len(code) == tokenLen {
		used, err := useRecoveryCode(ctx, tx, a.ID, hashToken(code))
		if err != nil || !used {
			return false, err
		}
		return true, c.audit(ctx, tx, a, "two_factor.recovery_code_used", a.ID, 0, "")
	}
	t, err := selectTOTP(ctx, tx, a.ID)
	if err != nil || !t.confirmed {
		return false, err
	}
	step, ok := t.check(code, tx.Now)
	if !ok {
		return false, nil
	}
	return true, setTOTPStep(ctx, tx, a.ID, step)
}

// totpKey is an authenticator app's key. lastStep is the period of the last used code: each code works once.
type totpKey struct {
	secret    string
	confirmed bool
	started   time.Time // when it was made
	lastStep  int64
}

// pending reports whether the key waits for its first code. It expires soon, so that an attacker who takes over a
// session later does not find it.
func (t totpKey) pending(now time.Time) bool {
	return t.secret != "" && !t.confirmed && now.Sub(t.started) <= pendingKeyLifetime
}

// check returns the period of the code, which cleanCode has made.
func (t totpKey) check(code string, now time.Time) (step int64, ok bool) {
	period := now.Unix() / totpPeriod
	for s := period - totpSkew; s <= period+totpSkew; s++ {
		want, err := hotp.GenerateCode(t.secret, uint64(s))
		if err == nil && s > t.lastStep && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// newRecoveryCode returns a secret, also in groups of five for writing down.
func newRecoveryCode() (shown, secret string) {
	secret = rand.Text()
	var groups []string
	for rest := strings.ToLower(secret); rest != ""; rest = rest[min(5, len(rest)):] {
		groups = append(groups, rest[:min(5, len(rest))])
	}
	return strings.Join(groups, "-"), secret
}

// attemptsOf returns the number of attempts in the data of a two-factor token.
func attemptsOf(t token) int {
	n, _ := strconv.Atoi(t.data) // empty at first
	return n
}
