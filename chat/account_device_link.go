package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// LinkLifetime is how long a device link or a password reset is valid.
const LinkLifetime = 10 * time.Minute

// CreateDeviceLink returns the secret of a link that signs the actor in on another device. It replaces the previous
// link.
func (c Accounts) CreateDeviceLink(ctx context.Context, a Actor) (secret string, err error) {
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (string, error) {
		return c.issueLink(ctx, tx, a, tokenDeviceLink, a.ID, "device_link.created")
	}, nil)
}

// CreatePasswordReset returns the secret of a link by which a locked-out user signs in and sets a new password. The
// actor must be allowed to manage users and must outrank the user.
func (c Accounts) CreatePasswordReset(ctx context.Context, a Actor, name string) (secret string, u User, err error) {
	if !a.Role.May(MayManagePeople) {
		return "", User{}, Errorf(CodeForbidden, "Only an admin can reset access.")
	}
	locked, err := selectUserToReset(ctx, c.db, name)
	if err != nil {
		return "", User{}, err
	}
	if !a.Role.Outranks(locked.Role) {
		return "", User{}, Invalid("name",
			"%s is not below you. Whoever runs the server can help, with the command reset-password.", locked.Name)
	}
	secret, err = actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (string, error) {
		if _, _, err := requireOutranks(ctx, tx, a, locked.ID); err != nil {
			return "", err
		}
		return c.issueLink(ctx, tx, a, tokenPasswordReset, locked.ID, "password_reset.created")
	}, nil)
	return secret, locked.User, err
}

// CreatePasswordResetFromServer is CreatePasswordReset for the server's operator: it works for every user.
func (c Accounts) CreatePasswordResetFromServer(ctx context.Context, name string) (secret string, err error) {
	locked, err := selectUserToReset(ctx, c.db, name)
	if err != nil {
		return "", err
	}
	return updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (string, error) {
		return c.issueLink(ctx, tx, Actor{User: User{Name: "the server"}}, tokenPasswordReset, locked.ID,
			"password_reset.created")
	}, nil)
}

// issueLink makes a link that replaces the previous one, and returns its secret.
func (c *core) issueLink(ctx context.Context, tx *sqlite.Tx, a Actor, kind tokenKind, user ID,
	action string) (secret string, err error) {
	if err := deleteTokens(ctx, tx, kind, user); err != nil {
		return "", err
	}
	if secret, err = insertToken(ctx, tx, kind, token{user: user, by: a.ID}, LinkLifetime); err != nil {
		return "", err
	}
	return secret, c.audit(ctx, tx, a, action, user, 0, "")
}

// DeviceLinkUser returns the user whom a CreateDeviceLink secret signs in, without using it up.
func (c Accounts) DeviceLinkUser(ctx context.Context, secret string) (User, error) {
	return c.linkUser(ctx, tokenDeviceLink, secret)
}

// PasswordResetUser returns the user whom a CreatePasswordReset secret signs in, without using it up.
func (c Accounts) PasswordResetUser(ctx context.Context, secret string) (User, error) {
	return c.linkUser(ctx, tokenPasswordReset, secret)
}

func (c *core) linkUser(ctx context.Context, kind tokenKind, secret string) (User, error) {
	t, err := findToken(ctx, c.db, kind, secret, c.now())
	if err != nil {
		return User{}, err
	}
	a, err := c.selectUserSigningIn(ctx, c.db, t.user)
	return a.User, err
}

// UseDeviceLink uses up a link by CreateDeviceLink and starts a session for this device.
func (c Accounts) UseDeviceLink(ctx context.Context, secret string) (Actor, error) {
	device := c.newActor(ctx, Actor{})
	in, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (in signIn, err error) {
		if in.actor, err = c.consumeLink(ctx, tx, device, tokenDeviceLink, secret); err != nil {
			return in, err
		}
		if in.ended, err = c.insertSession(ctx, tx, in.actor); err != nil {
			return in, err
		}
		return in, c.audit(ctx, tx, in.actor, "device_link.used", in.actor.ID, 0, "")
	}, c.hub.signedIn)
	return in.actor, err
}

// consumeLink uses up a link and returns the user whom it lets in, as the actor on this device.
func (c *core) consumeLink(ctx context.Context, tx *sqlite.Tx, device Actor, kind tokenKind,
	secret string) (Actor, error) {
	t, err := findToken(ctx, tx, kind, secret, tx.Now)
	if err != nil {
		return Actor{}, err
	}
	a, err := c.selectUserSigningIn(ctx, tx, t.user)
	if err != nil {
		return Actor{}, err
	}
	return device.onDevice(a), useToken(ctx, tx, t)
}

// ResetPassword uses up a link by CreatePasswordReset. It removes the old password, two-factor authentication, the
// passkeys and every session, since the account may have been in someone else's hands.
func (c Accounts) ResetPassword(ctx context.Context, secret, password string) (Actor, error) {
	user, err := c.PasswordResetUser(ctx, secret)
	if err != nil {
		return Actor{}, err
	}
	if err := cleanPassword(password, user.Name); err != nil {
		return Actor{}, err
	}
	hash, err := c.hasher.hash(ctx, password)
	if err != nil {
		return Actor{}, err
	}
	device := c.newActor(ctx, Actor{})
	in, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (in signIn, err error) {
		a, err := c.consumeLink(ctx, tx, device, tokenPasswordReset, secret)
		if err != nil {
			return in, err
		}
		in.actor = a
		if in.ended, err = endSessions(ctx, tx, a.ID, 0, 0); err != nil {
			return in, err
		}
		if err := deleteCredentials(ctx, tx, a.ID); err != nil {
			return in, err
		}
		if err := upsertPassword(ctx, tx, a.ID, hash); err != nil {
			return in, err
		}
		if _, err := c.insertSession(ctx, tx, a); err != nil { // all others have ended
			return in, err
		}
		return in, c.audit(ctx, tx, a, "password_reset.used", a.ID, 0, "")
	}, c.hub.signedIn)
	return in.actor, err
}

// onDevice returns the user of other as the actor on a's device.
func (a Actor) onDevice(other Actor) Actor {
	a.User, a.Role = other.User, other.Role
	return a
}
