package chat

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// DeviceToken makes a token for a browser in which the user has signed in with a password, passkey or link. It grants
// no access: it tells the browser from strangers who try passwords, so that they cannot lock it out (OWASP's "device
// cookies"). A change of the password makes it invalid: a person who knew the old password is a stranger again.
func (c Accounts) DeviceToken(ctx context.Context, user ID) (string, error) {
	token := user.String() + "." + rand.Text()
	mac, err := c.deviceMAC(ctx, user, token)
	return token + "." + mac, err
}

// KnownDevice returns the identifier of the device that holds the user's token; "" when the token is not valid for that
// user.
func (c Accounts) KnownDevice(ctx context.Context, token string, user ID) (string, error) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || len(token) > 200 || user == 0 {
		return "", nil
	}
	id := token[:at]
	if owner, _, _ := strings.Cut(id, "."); owner != user.String() {
		return "", nil
	}
	mac, err := c.deviceMAC(ctx, user, id)
	if err != nil || !hmac.Equal([]byte(token[at+1:]), []byte(mac)) {
		return "", err
	}
	return id, nil
}

func (c *core) deviceMAC(ctx context.Context, user ID, id string) (string, error) {
	_, changed, err := selectPassword(ctx, c.db, user)
	h := hmac.New(sha256.New, c.deviceKey)
	_, _ = fmt.Fprintf(h, "%s %d", id, millis(changed))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)), err
}

// UserIDByName returns the ID of the user of that name, for rate limits per user; 0 when there is none.
func (c Accounts) UserIDByName(ctx context.Context, name string) (ID, error) {
	var id ID
	err := c.db.QueryRowContext(ctx, `SELECT id FROM users WHERE name_key = $1`, NameKey(name)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}
