package chat

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkey is a key of a person's device or security key: it signs them in by itself, or after the password.
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

// Site is what passkeys are bound to: the host, and the address that browsers show.
type Site struct{ Host, Origin string }

// Ceremony is what a browser needs to make or use a passkey. State comes back with its answer; it works once.
type Ceremony struct {
	State   string
	Options string // JSON
}

var (
	errPasskey      = Invalid("passkey", "That passkey did not work here. Try again, or sign in another way.")
	errPasskeyTwice = Invalid("passkey", "That passkey is in use already.")
)

// holder is a person as the WebAuthn library sees them.
type holder struct {
	Actor
	passkeys []Passkey
}

// WebAuthnID and the three below are what webauthn.User asks for.
func (h *holder) WebAuthnID() []byte { return []byte(h.ID.String()) }

// WebAuthnName is the name to show.
func (h *holder) WebAuthnName() string { return h.Name }

// WebAuthnDisplayName is the same name.
func (h *holder) WebAuthnDisplayName() string { return h.Name }

// WebAuthnCredentials are the passkeys that the person has.
func (h *holder) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(h.passkeys))
	for i, p := range h.passkeys {
		list[i] = p.credential
	}
	return list
}

func (c *Chat) relyingParty(s Site) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{RPID: s.Host, RPDisplayName: c.Place().Name, RPOrigins: []string{s.Origin}})
}

func (c *Chat) holder(ctx context.Context, a Actor) (*holder, error) {
	list, err := selectPasskeys(ctx, c.db.read, a.ID)
	return &holder{Actor: a, passkeys: list}, err
}

// Passkeys returns the actor's passkeys, the oldest first.
func (c *Chat) Passkeys(ctx context.Context, a Actor) ([]Passkey, error) {
	return selectPasskeys(ctx, c.db.read, a.ID)
}

// NewPasskey begins to make a passkey for the actor. Whoever has a password gives it.
func (c *Chat) NewPasskey(ctx context.Context, a Actor, s Site, current string) (Ceremony, error) {
	if _, err := c.confirm(ctx, a, current); err != nil {
		return Ceremony{}, err
	}
	h, err := c.holder(ctx, a)
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

// ceremony keeps what has to be remembered until the browser answers.
func (c *Chat) ceremony(ctx context.Context, user ID, session *webauthn.SessionData, options any) (Ceremony, error) {
	kept, err := json.Marshal(session)
	if err != nil {
		return Ceremony{}, err
	}
	shown, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	p := Ceremony{Options: string(shown)}
	return p, c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		p.State, err = insertToken(ctx, tx, tokenPasskey, token{user: user, data: string(kept)}, c.now(), ceremonyLifetime)
		return err
	}, nil)
}

// AddPasskey keeps the passkey that the browser has made.
func (c *Chat) AddPasskey(ctx context.Context, a Actor, s Site, state, name, response string) error {
	if name = strings.TrimSpace(name); name == "" {
		name = "Passkey"
	}
	if name = cleanLine(name); utf8.RuneCountInString(name) > maxPasskeyName {
		return Invalid("name", "The name is too long: at most %d characters fit.", maxPasskeyName)
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
	h, err := c.holder(ctx, a)
	if err != nil {
		return err
	}
	credential, err := party.CreateCredential(h, session, parsed)
	if err != nil {
		return errPasskey
	}
	p := Passkey{ID: base64.RawURLEncoding.EncodeToString(credential.ID), Name: name, CreatedAt: c.now(), credential: *credential}
	return c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if known, err := hasPasskey(ctx, tx, p.ID); err != nil {
			return err
		} else if known {
			return errPasskeyTwice
		}
		if err := useToken(ctx, tx, t); err != nil {
			return errPasskey
		}
		if err := insertPasskey(ctx, tx, a.ID, p); err != nil {
			return err
		}
		return audit(ctx, tx, a, "passkey.added", a.ID, 0, p.Name)
	}, nil)
}

// findCeremony returns what was kept when a ceremony began.
func (c *Chat) findCeremony(ctx context.Context, state string) (t token, session webauthn.SessionData, err error) {
	t, err = findToken(ctx, c.db.read, tokenPasskey, state, c.now())
	if errors.Is(err, errNoToken) {
		return t, session, errPasskey
	}
	if err == nil {
		err = json.Unmarshal([]byte(t.data), &session)
	}
	return t, session, err
}

// RemovePasskey takes a passkey of the actor's away. Whoever has a password gives it.
func (c *Chat) RemovePasskey(ctx context.Context, a Actor, id, current string) error {
	if _, err := c.confirm(ctx, a, current); err != nil {
		return err
	}
	return c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		found, err := deletePasskey(ctx, tx, a.ID, id)
		if err != nil {
			return err
		}
		if !found {
			return errNotFound
		}
		return audit(ctx, tx, a, "passkey.removed", a.ID, 0, "")
	}, nil)
}

// RequirePasskey says whether the password alone is enough, or one of the actor's passkeys is asked for after it.
func (c *Chat) RequirePasskey(ctx context.Context, a Actor, required bool, current string) error {
	if hash, err := c.confirm(ctx, a, current); err != nil {
		return err
	} else if hash == "" {
		return errNoPassword
	}
	return c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if list, err := selectPasskeys(ctx, tx, a.ID); err != nil {
			return err
		} else if len(list) == 0 && required {
			return Invalid("passkey", "Add a passkey first.")
		}
		if err := updatePasskeyToo(ctx, tx, a.ID, required); err != nil {
			return err
		}
		return audit(ctx, tx, a, map[bool]string{true: "passkey.required", false: "passkey.optional"}[required], a.ID, 0, "")
	}, nil)
}

// AskPasskey begins to sign someone in by a passkey: whoever it is who comes, or, when second is the secret of a
// SecondStep, the one who is half-way in.
func (c *Chat) AskPasskey(ctx context.Context, s Site, second string) (Ceremony, error) {
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
	user, err := c.SigningIn(ctx, second)
	if err != nil {
		return Ceremony{}, err
	}
	h, err := c.holder(ctx, Actor{User: user.User})
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

// SignInWithPasskey ends what AskPasskey began, with the browser's answer.
func (c *Chat) SignInWithPasskey(ctx context.Context, s Site, state, second, response string) (Actor, error) {
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
	a := c.newActor(ctx, Actor{}).as(h.Actor)
	err = c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		id := base64.RawURLEncoding.EncodeToString(credential.ID)
		if known, err := hasPasskey(ctx, tx, id); err != nil {
			return err
		} else if !known {
			return errPasskey // it was removed meanwhile
		}
		var half token
		if t.user != 0 {
			var err error
			if half, err = findToken(ctx, tx, tokenSecond, second, c.now()); err != nil || half.user != t.user {
				return errPasskey
			}
		}
		if _, err := findToken(ctx, tx, tokenPasskey, state, c.now()); err != nil {
			return errPasskey
		}
		if err := c.barred(ctx, tx, a.ID); err != nil {
			return err
		}
		if err := useToken(ctx, tx, t); err != nil {
			return err
		}
		if half.hash != "" {
			if err := useToken(ctx, tx, half); err != nil {
				return err
			}
		}
		if err := updatePasskey(ctx, tx, id, *credential, c.now()); err != nil {
			return err
		}
		return c.insertSession(ctx, tx, &a)
	}, nil)
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

// validate holds the browser's answer against the ceremony, and returns whose passkey it is. user is 0 when anyone's
// will do.
func (c *Chat) validate(ctx context.Context, party *webauthn.WebAuthn, user ID, session webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData) (h *holder, credential *webauthn.Credential, err error) {
	var failure error
	find := func(_, handle []byte) (webauthn.User, error) {
		id, err := ParseID(string(handle))
		if err != nil {
			return nil, errPasskey
		}
		a, err := selectPerson(ctx, c.db.read, id)
		if errors.Is(err, errNoToken) {
			return nil, errPasskey
		}
		if err == nil {
			h, err = c.holder(ctx, a)
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

// cleanLine leaves out what cannot stand in a line of text.
func cleanLine(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) || r < ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
