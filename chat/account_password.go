package chat

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed" // the list of common passwords
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Limits of passwords, in bytes.
const (
	MinPasswordLen = 8
	MaxPasswordLen = 1024
)

// passwordCost is the current cost of hashing: OWASP's advice for argon2id. A cheaper hash is replaced when its user
// signs in.
var passwordCost = hashParams{memory: 19 << 10, time: 2, threads: 1}

// hashParams are the parameters of argon2id: memory in KiB, rounds, lanes.
type hashParams struct {
	memory, time uint32
	threads      uint8
}

const (
	saltLen = 16
	hashLen = 32

	hashQueueTimeout = 20 * time.Second // for one's turn
)

// hasher makes and checks password hashes. Each takes passwordCost.memory, so only a few are made at once, and other
// callers wait. It is safe for concurrent use.
type hasher struct {
	slots chan struct{}
	dummy string                                                  // used in place of a missing hash: see check
	key   func(c hashParams, password string, salt []byte) []byte // cost.key; replaced by tests
}

func newHasher() *hasher {
	h := &hasher{slots: make(chan struct{}, min(max(runtime.GOMAXPROCS(0), 2), 8)), key: hashParams.key}
	h.dummy = passwordCost.encode(make([]byte, saltLen), make([]byte, hashLen)) // no password has this one
	return h
}

// acquire waits until a hash may be made. The caller must call the returned function afterwards.
func (h *hasher) acquire(ctx context.Context) (func(), error) {
	patience := time.NewTimer(hashQueueTimeout)
	defer patience.Stop()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-patience.C:
		return nil, Errorf(CodeTooOften, "Too many people are signing in at this moment. Try again in a minute.")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash returns the password's hash with a random salt, as a PHC string, which includes the cost.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	return passwordCost.encode(salt, h.key(passwordCost, password, salt)), nil
}

// check reports whether hash is the password's. An empty hash, for a user who does not exist or has no password, takes
// as long as any other and never matches: the time does not reveal who exists.
func (h *hasher) check(ctx context.Context, password, hash string) (bool, error) {
	nobody := hash == ""
	if nobody {
		hash = h.dummy
	}
	c, salt, want, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	done, err := h.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return subtle.ConstantTimeCompare(h.key(c, password, salt), want) == 1 && !nobody, nil
}

func (c hashParams) key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.time, c.memory, c.threads, hashLen)
}

func (c hashParams) encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// parseHash parses what encode wrote.
func parseHash(phc string) (c hashParams, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	broken := errors.New("chat: not a hash of a password")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, broken
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil || c.time < 1 ||
		c.threads < 1 {
		return c, nil, nil, broken
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, broken
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != hashLen {
		return c, nil, nil, broken
	}
	return c, salt, key, nil
}

// outdated reports whether the hash cost less than a new one would.
func outdated(phc string) bool {
	c, _, _, err := parseHash(phc)
	return err == nil && (c.memory < passwordCost.memory || c.time < passwordCost.time)
}

//go:embed common_passwords.txt
var commonList string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	common := make(map[string]bool)
	for _, word := range strings.Fields(commonList) {
		common[word] = true
	}
	return common
})

// cleanPassword refuses passwords that guessing would find first. The error is for the field "password".
func cleanPassword(password, name string) error {
	folded := strings.ToLower(norm.NFC.String(password))
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return Invalid("password", "The password is not valid text (UTF-8).")
	case len(password) < MinPasswordLen:
		return Invalid("password", "The password is too short: at least %d characters.", MinPasswordLen)
	case len(password) > MaxPasswordLen:
		return Invalid("password", "The password is too long: at most %d bytes.", MaxPasswordLen)
	case NameKey(password) == NameKey(name):
		return Invalid("password", "The password is your name: that is the first guess. Please choose another one.")
	case commonPasswords()[folded] || strings.Trim(folded, folded[:1]) == "":
		return Invalid("password", "That password is among the first that anyone would guess. Please choose another one.")
	}
	return nil
}
