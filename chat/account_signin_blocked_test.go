package chat

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"chitchat/chat/sqlite"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"
)

// authenticator is a device with one passkey of a user.
type authenticator struct {
	key  *ecdsa.PrivateKey
	user ID
}

// mustAuthenticator gives the user a working passkey.
func mustAuthenticator(t testing.TB, c *Chat, a Actor) authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	point, err := key.PublicKey.Bytes() // 4, x, y
	must(t, err)
	public, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey),
			Algorithm: int64(webauthncose.AlgES256)},
		Curve: 1, XCoord: point[1:33], YCoord: point[33:],
	})
	must(t, err)
	id := base64.RawURLEncoding.EncodeToString([]byte(a.ID.String()))
	must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
		return insertPasskey(ctx, tx, a.ID,
			Passkey{ID: id, Name: "key", CreatedAt: time.Now(), credential: webauthn.Credential{
				ID: []byte(a.ID.String()), PublicKey: public,
				Flags: webauthn.CredentialFlags{UserPresent: true, UserVerified: true},
			}})
	}, nil))
	return authenticator{key, a.ID}
}

// answer returns what a browser sends in answer to BeginPasskeySignIn.
func (d authenticator) answer(t testing.TB, asked Ceremony) string {
	t.Helper()
	var options struct{ Challenge string }
	must(t, json.Unmarshal([]byte(asked.Options), &options))
	client, err := json.Marshal(map[string]string{"type": "webauthn.get", "challenge": options.Challenge,
		"origin": testRelyingParty.Origin})
	must(t, err)
	site := sha256.Sum256([]byte(testRelyingParty.Host))
	data := append(site[:], 0x05) // present, and verified
	data = binary.BigEndian.AppendUint32(data, 0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	must(t, err)
	text := base64.RawURLEncoding.EncodeToString
	response, err := json.Marshal(map[string]any{
		"id": text([]byte(d.user.String())), "rawId": text([]byte(d.user.String())), "type": "public-key",
		"response": map[string]string{
			"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature),
			"userHandle": text([]byte(d.user.String())),
		},
	})
	must(t, err)
	return string(response)
}

// signInWay is a way to sign in: begin runs while the user is not blocked, and returns the last step.
type signInWay struct {
	name  string
	begin func(t *testing.T, c *Chat, a Actor) func() error
	bare  bool // for a user with only a name, who is refused since the name is taken
}

var arrivals = []signInWay{
	{"a display name", func(t *testing.T, c *Chat, a Actor) func() error {
		return func() error {
			_, err := c.Accounts.SignIn(t.Context(), a.Name)
			return err
		}
	}, true},
	{"an invitation for someone new", func(t *testing.T, c *Chat, a Actor) func() error {
		secret := anInvitation(t, c)
		return func() error {
			_, err := c.Accounts.AcceptInvitationAsNew(t.Context(), secret, a.Name, "")
			return err
		}
	}, true},
	{"the owner's link for someone new", func(t *testing.T, c *Chat, a Actor) func() error {
		secret := mustSetupLink(t, c)
		return func() error {
			_, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, secret, Workspace{Name: "Here", JoinPolicy: JoinOpen},
				a.Name, goodPassword)
			return err
		}
	}, true},
	{"the owner's link for someone who is in", func(t *testing.T, c *Chat, a Actor) func() error {
		secret := mustSetupLink(t, c)
		return func() error {
			_, err := c.Accounts.ClaimWorkspace(t.Context(), a, secret, Workspace{Name: "Here", JoinPolicy: JoinOpen}, a.Name,
				goodPassword)
			return err
		}
	}, false},
	{"an invitation for someone who is in", func(t *testing.T, c *Chat, a Actor) func() error {
		secret := anInvitation(t, c)
		return func() error {
			_, err := c.Accounts.AcceptInvitation(t.Context(), a, secret)
			return err
		}
	}, false},
	{"a password", func(t *testing.T, c *Chat, a Actor) func() error {
		mustProtect(t, c, a, goodPassword)
		return func() error {
			_, err := c.Accounts.SignInWithPassword(t.Context(), a.Name, goodPassword)
			return err
		}
	}, false},
	{"a code after the password", func(t *testing.T, c *Chat, a Actor) func() error {
		mustProtect(t, c, a, goodPassword)
		app, _ := mustTwoFactor(t, c, a, c.now())
		secret := mustEnterPassword(t, c, a.Name)
		return func() error {
			_, err := c.Accounts.FinishSignIn(t.Context(), secret, mustCode(t, app, c.now().Add(totpPeriod*time.Second)))
			return err
		}
	}, false},
	{"a passkey", func(t *testing.T, c *Chat, a Actor) func() error {
		device := mustAuthenticator(t, c, a)
		asked, err := c.Accounts.BeginPasskeySignIn(t.Context(), testRelyingParty, "")
		must(t, err)
		return func() error {
			_, err := c.Accounts.FinishPasskeySignIn(t.Context(), testRelyingParty, asked.State, "", device.answer(t, asked))
			return err
		}
	}, false},
	{"a passkey after the password", func(t *testing.T, c *Chat, a Actor) func() error {
		mustProtect(t, c, a, goodPassword)
		device := mustAuthenticator(t, c, a)
		must(t, c.Accounts.RequirePasskey(t.Context(), a, true, goodPassword))
		secret := mustEnterPassword(t, c, a.Name)
		asked, err := c.Accounts.BeginPasskeySignIn(t.Context(), testRelyingParty, secret)
		must(t, err)
		return func() error {
			_, err := c.Accounts.FinishPasskeySignIn(t.Context(), testRelyingParty, asked.State, secret, device.answer(t, asked))
			return err
		}
	}, false},
	{"a link for one's phone", func(t *testing.T, c *Chat, a Actor) func() error {
		secret, err := c.Accounts.CreateDeviceLink(t.Context(), a)
		must(t, err)
		return func() error {
			_, err := c.Accounts.UseDeviceLink(t.Context(), secret)
			return err
		}
	}, false},
	{"a link for someone locked out", func(t *testing.T, c *Chat, a Actor) func() error {
		secret, err := c.Accounts.CreatePasswordResetFromServer(t.Context(), a.Name)
		must(t, err)
		return func() error {
			_, err := c.Accounts.ResetPassword(t.Context(), secret, "eight yellow herons")
			return err
		}
	}, false},
}

func anInvitation(t testing.TB, c *Chat) string {
	t.Helper()
	by := setRole(t, c, mustSignIn(t, c, "The host"), RoleAdmin)
	_, secret, err := c.Admin.CreateInvitation(t.Context(), by, NewInvitation{Role: RoleMember, Lifetime: time.Hour})
	must(t, err)
	return secret
}

// A banned or deactivated user cannot sign in in any way, however far the sign-in had come before. The same way works
// while they are not blocked.
func TestSignInBlockedEverywhere(t *testing.T) {
	for _, way := range arrivals {
		for what, bar := range map[string]string{
			"": ``,
			"banned": `INSERT INTO bans (id, channel_id, user_id, reason, created_by, created_at, until, lifted_at)
				VALUES (1, 0, $1, 'noise', 0, 0, 0, 0)`,
			"deactivated": `UPDATE users SET deactivated_at = 1 WHERE id = $1`,
		} {
			t.Run(strings.TrimSpace(way.name+" "+what), func(t *testing.T) {
				clock := newClock()
				c := mustOpen(t, Options{Now: clock.now})
				bob := mustSignIn(t, c, "Bob")
				come := way.begin(t, c, bob)
				clock.advance(totpPeriod * time.Second) // a code works once
				before := sessionsOf(t, c)
				if what == "" {
					if way.bare {
						must(t, c.Accounts.SignOut(t.Context(), bob)) // the name is free
					}
					must(t, come())
					return
				}
				must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
					_, err := tx.ExecContext(ctx, bar, bob.ID)
					return err
				}, c.hub.bansChanged))
				if way.bare { // the refusal reveals only that the name is taken
					must(t, c.Accounts.SignOut(t.Context(), bob))
					before--
				}
				err := come()
				refusal, ok := errors.AsType[*Error](err)
				if !ok {
					t.Fatal("not refused in words:", err)
				}
				want := map[string]string{"banned": "You are banned from here: \u2068noise\u2069.",
					"deactivated": "This account is deactivated"}[what]
				if way.bare {
					want = "is taken"
				}
				if !strings.Contains(refusal.Message, want) {
					t.Errorf("refused by %q, want %q", refusal.Message, want)
				}
				if after := sessionsOf(t, c); after != before {
					t.Errorf("%d sessions, before there were %d", after, before)
				}
			})
		}
	}
}

// sessionsOf returns the number of all sessions.
func sessionsOf(t testing.TB, c *Chat) (n int) {
	t.Helper()
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM sessions`).Scan(&n))
	return n
}
