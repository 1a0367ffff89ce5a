package chat

import (
	"context"
	"encoding/base64"
	"time"

	"chitchat/chat/sqlite"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkey is a WebAuthn credential of a user's device or security key. It signs them in alone, or after the password.
type Passkey struct {
	ID        string
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time // zero: never

	credential webauthn.Credential
}

// Limits of passkeys.
const (
	maxPasskeys      = 20
	maxPasskeyName   = 40
	ceremonyLifetime = 5 * time.Minute
)

var (
	errPasskey      = Invalid("passkey", "That passkey did not work here. Try again, or sign in another way.")
	errPasskeyTwice = Invalid("passkey", "That passkey is in use already.")
)

// Passkeys returns the actor's passkeys, oldest first.
func (c Accounts) Passkeys(ctx context.Context, a Actor) ([]Passkey, error) {
	return selectPasskeys(ctx, c.db, a.ID)
}

// BeginPasskeyRegistration starts the registration of a passkey for the actor. An actor who has a password must give
// it.
func (c Accounts) BeginPasskeyRegistration(ctx context.Context, a Actor, s RelyingParty,
	current string) (Ceremony, error) {
	if _, err := c.confirm(ctx, a, current); err != nil {
		return Ceremony{}, err
	}
	h, err := c.webauthnUser(ctx, a)
	if err != nil {
		return Ceremony{}, err
	}
	if len(h.passkeys) >= maxPasskeys {
		return Ceremony{}, Invalid("passkey", "You have %d passkeys: remove one first.", maxPasskeys)
	}
	party, err := c.relyingParty(s)
	if err != nil {
		return Ceremony{}, err
	}
	options, session, err := party.BeginRegistration(h,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		}),
		webauthn.WithExclusions(webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, err
	}
	return c.ceremony(ctx, a.ID, session, options.Response)
}

// passkeyName returns the name of a passkey as it is stored: a line of text, never empty.
func passkeyName(s string) (string, error) {
	s, err := cleanField("name", cleanLine(s), maxPasskeyName)
	if s == "" {
		s = "Passkey"
	}
	return s, err
}

// FinishPasskeyRegistration stores the passkey that the browser has made. If it is the first protection of the actor's
// name, every other device of theirs is signed out, as by SetPassword.
func (c Accounts) FinishPasskeyRegistration(ctx context.Context, a Actor, s RelyingParty, state, name,
	response string) error {
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	t, session, err := c.findCeremony(ctx, state)
	if err != nil {
		return err
	}
	party, err := c.relyingParty(s)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(response))
	if err != nil || t.user != a.ID {
		return errPasskey
	}
	h, err := c.webauthnUser(ctx, a)
	if err != nil {
		return err
	}
	credential, err := party.CreateCredential(h, session, parsed)
	if err != nil {
		return errPasskey
	}
	p := Passkey{ID: base64.RawURLEncoding.EncodeToString(credential.ID), Name: name, CreatedAt: c.now(),
		credential: *credential}
	_, err = actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
		if known, err := hasPasskey(ctx, tx, p.ID); err != nil {
			return nil, err
		} else if known {
			return nil, errPasskeyTwice
		}
		if err := useToken(ctx, tx, t); err != nil {
			return nil, errPasskey
		}
		ended, err := endUnprotected(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		if err := insertPasskey(ctx, tx, a.ID, p); err != nil {
			return nil, err
		}
		return ended, c.audit(ctx, tx, a, "passkey.added", a.ID, 0, p.Name)
	}, c.hub.sessionsEnded)
	return err
}

// DeletePasskey deletes a passkey of the actor. An actor who has a password must give it.
func (c Accounts) DeletePasskey(ctx context.Context, a Actor, id, current string) error {
	if _, err := c.confirm(ctx, a, current); err != nil {
		return err
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		found, err := deletePasskey(ctx, tx, a.ID, id)
		if err != nil {
			return err
		}
		if !found {
			return errNotFound
		}
		return c.audit(ctx, tx, a, "passkey.removed", a.ID, 0, "")
	}, nil)
}

// RequirePasskey sets whether signing in with the password also requires one of the actor's passkeys. Turning it on
// signs out every other device, since none of them has shown a passkey.
func (c Accounts) RequirePasskey(ctx context.Context, a Actor, required bool, current string) error {
	if hash, err := c.confirm(ctx, a, current); err != nil {
		return err
	} else if hash == "" {
		return errNoPassword
	}
	_, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (ended []ID, err error) {
		list, err := selectPasskeys(ctx, tx, a.ID)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 && required {
			return nil, Invalid("passkey", "Add a passkey first.")
		}
		if required {
			if ended, err = endSessions(ctx, tx, a.ID, 0, a.Session); err != nil {
				return nil, err
			}
		}
		if err := updatePasskeyRequired(ctx, tx, a.ID, required); err != nil {
			return nil, err
		}
		return ended, c.audit(ctx, tx, a, map[bool]string{true: "passkey.required", false: "passkey.optional"}[required],
			a.ID, 0, "")
	}, c.hub.sessionsEnded)
	return err
}
