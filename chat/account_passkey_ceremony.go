package chat

import (
	"context"
	"encoding/json"
	"errors"

	"chitchat/chat/sqlite"

	"github.com/go-webauthn/webauthn/webauthn"
)

// RelyingParty is what passkeys are bound to: the host, and the origin that browsers report.
type RelyingParty struct{ Host, Origin string }

// Ceremony is what a browser needs to make or use a passkey. The browser returns State with its answer; it works once.
type Ceremony struct {
	State   string
	Options string // JSON
}

// webauthnUser is a user as the WebAuthn library sees them.
type webauthnUser struct {
	Actor
	passkeys []Passkey
}

// WebAuthnID and the three methods below implement webauthn.User.
func (h *webauthnUser) WebAuthnID() []byte { return []byte(h.ID.String()) }

// WebAuthnName returns the name to show.
func (h *webauthnUser) WebAuthnName() string { return h.Name }

// WebAuthnDisplayName returns the same name.
func (h *webauthnUser) WebAuthnDisplayName() string { return h.Name }

// WebAuthnCredentials returns the user's passkeys.
func (h *webauthnUser) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(h.passkeys))
	for i, p := range h.passkeys {
		list[i] = p.credential
	}
	return list
}

func (c *core) relyingParty(s RelyingParty) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{RPID: s.Host, RPDisplayName: c.admin.Workspace().Name,
		RPOrigins: []string{s.Origin}})
}

func (c *core) webauthnUser(ctx context.Context, a Actor) (*webauthnUser, error) {
	list, err := selectPasskeys(ctx, c.db, a.ID)
	return &webauthnUser{Actor: a, passkeys: list}, err
}

// ceremony stores the state that is needed until the browser answers.
func (c *core) ceremony(ctx context.Context, user ID, session *webauthn.SessionData, options any) (Ceremony, error) {
	kept, err := json.Marshal(session)
	if err != nil {
		return Ceremony{}, err
	}
	shown, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	state, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (string, error) {
		return insertToken(ctx, tx, tokenPasskey, token{user: user, data: string(kept)}, ceremonyLifetime)
	}, nil)
	return Ceremony{State: state, Options: string(shown)}, err
}

// findCeremony returns the state that was stored when the ceremony began.
func (c *core) findCeremony(ctx context.Context, state string) (t token, session webauthn.SessionData, err error) {
	t, err = findToken(ctx, c.db, tokenPasskey, state, c.now())
	if errors.Is(err, errNoToken) {
		return t, session, errPasskey
	}
	if err == nil {
		err = json.Unmarshal([]byte(t.data), &session)
	}
	return t, session, err
}
