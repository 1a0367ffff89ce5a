package chat

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"strings"
)

// DeviceToken makes a token for a browser in which a person has signed in by a secret of theirs. It opens nothing: it tells
// the browser from strangers who try passwords, so that they cannot keep it out (OWASP's "device cookies").
func (c *Chat) DeviceToken(user ID) string {
	token := user.String() + "." + rand.Text()
	return token + "." + c.deviceMAC(token)
}

// KnownDevice returns what names the device that has a token of a person's; "" when it is not theirs, or no token.
func (c *Chat) KnownDevice(token string, user ID) string {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || len(token) > 200 || user == 0 {
		return ""
	}
	id, mac := token[:at], token[at+1:]
	if !hmac.Equal([]byte(mac), []byte(c.deviceMAC(id))) {
		return ""
	}
	if owner, _, _ := strings.Cut(id, "."); owner != user.String() {
		return ""
	}
	return id
}

func (c *Chat) deviceMAC(id string) string {
	h := hmac.New(sha256.New, c.deviceKey)
	h.Write([]byte(id))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// UserNamed returns who has that name, for limits that count for a person; 0 when nobody has.
func (c *Chat) UserNamed(ctx context.Context, name string) (ID, error) {
	var id ID
	err := c.db.read.QueryRowContext(ctx, `SELECT id FROM users WHERE name_key = $1`, NameKey(name)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}
