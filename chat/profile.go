package chat

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	_ "time/tzdata" // the binary is whole by itself: not every system has the time zones
	"unicode/utf8"
)

// Profile is what someone says of themself.
//
//   - Handle is unique: 2 to 32 of a to z, 0 to 9, '.', '_' and '-'; "" when they want none.
//   - TimeZone is a name of the time zone database, or "".
//   - The status is over at StatusUntil; the zero time is without an end. One that is over is not shown.
type Profile struct {
	User
	Role        Role
	Deactivated bool
	Handle      string
	Pronouns    string
	Title       string
	TimeZone    string
	StatusEmoji string
	StatusText  string
	StatusUntil time.Time
}

// MaxProfileLen bounds each text of a profile, in characters.
const MaxProfileLen = 80

// Profile returns someone's profile, if the actor sees them: everyone sees everyone, but guests see those with whom
// they share a channel.
func (c *Chat) Profile(ctx context.Context, a Actor, user ID) (Profile, error) {
	seen, err := c.known(ctx, a, []ID{user})
	if err != nil {
		return Profile{}, err
	}
	p, err := selectProfile(ctx, c.db.read, user)
	switch {
	case err != nil:
		return Profile{}, err
	case len(seen) == 0:
		return Profile{}, errNotFound
	}
	if !p.StatusUntil.IsZero() && !c.now().Before(p.StatusUntil) {
		p.StatusEmoji, p.StatusText, p.StatusUntil = "", "", time.Time{}
	}
	return p, nil
}

// SetProfile changes what the actor says of themself. The name has a verb of its own: Rename.
func (c *Chat) SetProfile(ctx context.Context, a Actor, p Profile) error {
	p.Handle = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(p.Handle)), "@")
	if p.Handle != "" && (len(p.Handle) < 2 || len(p.Handle) > MaxNameLen || strings.Trim(p.Handle, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "") {
		return Invalid("handle", "A handle has 2 to %d of the letters a to z, digits, and . _ -", MaxNameLen)
	}
	for _, f := range []struct {
		name string
		text *string
		most int
	}{{"pronouns", &p.Pronouns, MaxProfileLen}, {"title", &p.Title, MaxProfileLen}, {"emoji", &p.StatusEmoji, 8}, {"status", &p.StatusText, MaxProfileLen}} {
		*f.text = strings.Join(strings.Fields(*f.text), " ")
		if !utf8.ValidString(*f.text) || strings.ContainsRune(*f.text, 0) || utf8.RuneCountInString(*f.text) > f.most {
			return Invalid(f.name, "At most %d characters fit here.", f.most)
		}
	}
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "Local" {
		return Invalid("zone", "That is no time zone: they are called like Europe/Vienna.")
	}
	return c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return updateProfile(ctx, tx, a.ID, p)
	}, nil)
}

func selectProfile(ctx context.Context, q querier, user ID) (p Profile, err error) {
	var created, until int64
	err = q.QueryRowContext(ctx, `
		SELECT id, name, created_at, role, deactivated_at > 0, COALESCE(handle, ''), pronouns, title, time_zone, status_emoji, status_text, status_until
		FROM users WHERE id = $1 AND name_key IS NOT NULL`, user).
		Scan(&p.ID, &p.Name, &created, &p.Role, &p.Deactivated, &p.Handle, &p.Pronouns, &p.Title, &p.TimeZone, &p.StatusEmoji, &p.StatusText, &until)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	p.CreatedAt, p.StatusUntil = fromMillis(created), fromMillis(until)
	return p, err
}

// updateProfile writes nothing when somebody else has the handle.
func updateProfile(ctx context.Context, tx *sql.Tx, user ID, p Profile) error {
	var taken bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE handle = $1 AND id <> $2)`, p.Handle, user).Scan(&taken)
	if err != nil {
		return err
	}
	if taken {
		return Invalid("handle", "The handle @%s is taken. Please choose another one.", p.Handle)
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET handle = $1, pronouns = $2, title = $3, time_zone = $4, status_emoji = $5, status_text = $6, status_until = $7
		WHERE id = $8`, sql.NullString{String: p.Handle, Valid: p.Handle != ""}, p.Pronouns, p.Title, p.TimeZone, p.StatusEmoji, p.StatusText, millis(p.StatusUntil), user)
	return err
}
