package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// Account is how a user can sign in.
type Account struct {
	Password        bool
	PasswordChanged time.Time
	TwoFactor       bool // the password alone is not enough
	RecoveryCodes   int  // unused ones
	RequirePasskey  bool // the password must be followed by a passkey
}

// errWrongPassword is the same for an unknown name, a wrong password, and a user without a password.
var errWrongPassword = Invalid("password", "That name and that password do not belong together.")

// Get returns how the actor can sign in.
func (c Accounts) Get(ctx context.Context, a Actor) (Account, error) {
	_, changed, err := selectPassword(ctx, c.db, a.ID)
	if err != nil {
		return Account{}, err
	}
	t, err := selectTOTP(ctx, c.db, a.ID)
	if err != nil {
		return Account{}, err
	}
	codes, err := countRecoveryCodes(ctx, c.db, a.ID)
	if err != nil {
		return Account{}, err
	}
	_, passkey, err := twoFactorMethods(ctx, c.db, a.ID)
	return Account{Password: !changed.IsZero(), PasswordChanged: changed, TwoFactor: t.confirmed, RecoveryCodes: codes,
		RequirePasskey: passkey}, err
}

// Protected reports whether the actor can sign in again after signing out, by a password or a passkey.
func (c Accounts) Protected(ctx context.Context, a Actor) (bool, error) {
	hash, _, err := selectPassword(ctx, c.db, a.ID)
	if err != nil || hash != "" {
		return hash != "", err
	}
	list, err := selectPasskeys(ctx, c.db, a.ID)
	return len(list) > 0, err
}

// SignInWithPassword starts a session for a user with a password. An unknown name and a wrong password get the same
// answer in the same time. For users with two-factor authentication the error is a *TwoFactorRequired.
func (c Accounts) SignInWithPassword(ctx context.Context, name, password string) (Actor, error) {
	if len(name) > 100*MaxNameLen {
		name = ""
	}
	user, hash, err := selectLogin(ctx, c.db, NameKey(name))
	if err != nil {
		return Actor{}, err
	}
	ok, err := c.hasher.check(ctx, password, hash)
	if err != nil {
		return Actor{}, err
	}
	if !ok {
		return Actor{}, errWrongPassword
	}
	better := hash
	if outdated(hash) {
		if better, err = c.hasher.hash(ctx, password); err != nil {
			return Actor{}, err
		}
	}
	a := c.newActor(ctx, user)
	in, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (in passwordSignIn, err error) {
		now, _, err := selectPassword(ctx, tx, a.ID)
		if err != nil {
			return in, err
		}
		if now != hash {
			return in, errWrongPassword // it was changed meanwhile
		}
		if err := c.signInBlocked(ctx, tx, a.ID); err != nil {
			return in, err
		}
		if better != hash {
			if err := updateHash(ctx, tx, a.ID, better); err != nil {
				return in, err
			}
		}
		if code, passkey, err := twoFactorMethods(ctx, tx, a.ID); err != nil {
			return in, err
		} else if code || passkey {
			in.second, err = insertToken(ctx, tx, tokenTwoFactor, token{user: a.ID}, twoFactorLifetime)
			return in, err
		}
		in.ended, err = c.insertSession(ctx, tx, a)
		return in, err
	}, func(in passwordSignIn) { c.hub.sessionsEnded(in.ended) })
	if err == nil && in.second != "" {
		err = &TwoFactorRequired{Secret: in.second}
	}
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

// passwordSignIn is the result of a sign-in with the right password.
type passwordSignIn struct {
	second string // secret of a sign-in that lacks its second factor; "": the session has begun
	ended  []ID   // the sessions that the sign-in ended
}

// SetPassword protects the actor's name with a password. An actor who has a password already must give it as current.
// It signs out every other device of the actor: an intruder who knew the old password, or signed in before there was
// one, is out.
func (c Accounts) SetPassword(ctx context.Context, a Actor, current, password string) error {
	old, err := c.confirm(ctx, a, current)
	if err != nil {
		return err
	}
	if err := cleanPassword(password, a.Name); err != nil {
		return err
	}
	hash, err := c.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
		now, _, err := selectPassword(ctx, tx, a.ID)
		if err != nil {
			return nil, err
		}
		if now != old {
			return nil, errNotCurrent
		}
		if err := upsertPassword(ctx, tx, a.ID, hash); err != nil {
			return nil, err
		}
		ended, err := endSessions(ctx, tx, a.ID, 0, a.Session)
		if err != nil {
			return nil, err
		}
		if err := deleteTokens(ctx, tx, tokenPasswordReset, a.ID); err != nil {
			return nil, err
		}
		action := "password.changed"
		if old == "" {
			action = "password.set"
		}
		return ended, c.audit(ctx, tx, a, action, a.ID, 0, "")
	}, c.hub.sessionsEnded)
	return err
}

var errNotCurrent = Invalid("current", "That is not your password.")

// confirm checks that current is the actor's password, if they have one. It returns the matching hash, "" when there is
// none.
func (c *core) confirm(ctx context.Context, a Actor, current string) (hash string, err error) {
	hash, _, err = selectPassword(ctx, c.db, a.ID)
	if err != nil || hash == "" {
		return "", err
	}
	ok, err := c.hasher.check(ctx, current, hash)
	if err == nil && !ok {
		err = errNotCurrent
	}
	return hash, err
}
