package chat

import (
	"context"
	"encoding/base64"
	"errors"

	"chitchat/chat/sqlite"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// BeginPasskeySignIn starts a sign-in by passkey: of any user, or, when second is the secret of a TwoFactorRequired, of
// the user who has given the password.
func (c Accounts) BeginPasskeySignIn(ctx context.Context, s RelyingParty, second string) (Ceremony, error) {
	party, err := c.relyingParty(s)
	if err != nil {
		return Ceremony{}, err
	}
	if second == "" {
		options, session, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		if err != nil {
			return Ceremony{}, err
		}
		return c.ceremony(ctx, 0, session, options.Response)
	}
	user, err := c.PendingSignIn(ctx, second)
	if err != nil {
		return Ceremony{}, err
	}
	h, err := c.webauthnUser(ctx, Actor{User: user.User})
	if err != nil {
		return Ceremony{}, err
	}
	if len(h.passkeys) == 0 {
		return Ceremony{}, errPasskey
	}
	options, session, err := party.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return Ceremony{}, err
	}
	return c.ceremony(ctx, user.ID, session, options.Response)
}

// FinishPasskeySignIn completes what BeginPasskeySignIn started, with the browser's answer.
func (c Accounts) FinishPasskeySignIn(ctx context.Context, s RelyingParty, state, second,
	response string) (Actor, error) {
	t, session, err := c.findCeremony(ctx, state)
	if err != nil {
		return Actor{}, err
	}
	party, err := c.relyingParty(s)
	if err != nil {
		return Actor{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(response))
	if err != nil {
		return Actor{}, errPasskey
	}
	h, credential, err := c.validate(ctx, party, t.user, session, parsed)
	if err != nil {
		return Actor{}, err
	}
	a := c.newActor(ctx, Actor{}).onDevice(h.Actor)
	_, err = updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (ended []ID, err error) {
		id := base64.RawURLEncoding.EncodeToString(credential.ID)
		if known, err := hasPasskey(ctx, tx, id); err != nil {
			return nil, err
		} else if !known {
			return nil, errPasskey // it was removed meanwhile
		}
		var half token
		if t.user != 0 {
			if half, err = findToken(ctx, tx, tokenTwoFactor, second, tx.Now); err != nil || half.user != t.user {
				return nil, errPasskey
			}
		}
		if _, err := findToken(ctx, tx, tokenPasskey, state, tx.Now); err != nil {
			return nil, errPasskey
		}
		if err := c.signInBlocked(ctx, tx, a.ID); err != nil {
			return nil, err
		}
		if err := useToken(ctx, tx, t); err != nil {
			return nil, err
		}
		if half.hash != "" {
			if err := useToken(ctx, tx, half); err != nil {
				return nil, err
			}
		}
		if err := updatePasskey(ctx, tx, id, *credential); err != nil {
			return nil, err
		}
		return c.insertSession(ctx, tx, a)
	}, c.hub.sessionsEnded)
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

// validate checks the browser's answer against the ceremony, and returns the passkey's user. user is 0 when any user's
// passkey is accepted.
func (c *core) validate(ctx context.Context, party *webauthn.WebAuthn, user ID, session webauthn.SessionData,
	parsed *protocol.ParsedCredentialAssertionData) (h *webauthnUser, credential *webauthn.Credential, err error) {
	var failure error
	find := func(_, handle []byte) (webauthn.User, error) {
		id, err := ParseID(string(handle))
		if err != nil {
			return nil, errPasskey
		}
		a, err := selectUserAndRole(ctx, c.db, id)
		if errors.Is(err, errNoToken) {
			return nil, errPasskey
		}
		if err == nil {
			h, err = c.webauthnUser(ctx, a)
		}
		failure = err
		return h, err
	}
	if user == 0 {
		_, credential, err = party.ValidatePasskeyLogin(find, session, parsed)
	} else if _, err = find(nil, []byte(user.String())); err == nil {
		credential, err = party.ValidateLogin(h, session, parsed)
	}
	if failure != nil {
		return nil, nil, failure
	}
	if err != nil || credential.Authenticator.CloneWarning {
		return nil, nil, errPasskey
	}
	return h, credential, nil
}
