package chat

import (
	"context"
	"net/mail"
	"strings"
	"time"
	_ "time/tzdata" // embedded: not every system has the time zones
	"unicode"
	"unicode/utf8"

	"chitchat/chat/sqlite"
)

// Profile is what a user states about themself, besides the name, handle, picture and status that everyone sees.
//
//   - TimeZone is a name of the time zone database, or "".
//   - Email is visible to the user and to those who manage users: it is "" for everyone else.
type Profile struct {
	User
	Role        Role
	Deactivated bool
	Email       string
	Pronouns    string
	Title       string
	TimeZone    string
}

// Limits of a profile.
const (
	MaxProfileLen = 80  // of each text, in characters
	MaxEmailLen   = 254 // bytes: the limit of mail servers (RFC 5321, 4.5.3.1.3, without the brackets)
)

// Profile returns the profile of a user whom the actor sees: everyone sees all users, except guests, who see those they
// share a channel with.
func (c Users) Profile(ctx context.Context, a Actor, user ID) (Profile, error) {
	seen, err := c.filterVisible(ctx, a, []ID{user})
	if err != nil {
		return Profile{}, err
	}
	p, err := selectProfile(ctx, c.db, user)
	switch {
	case err != nil:
		return Profile{}, err
	case len(seen) == 0:
		return Profile{}, errNotFound
	}
	if !p.Status.Until.IsZero() && !c.now().Before(p.Status.Until) {
		p.Status = Status{}
	}
	if user != a.ID && !a.Role.May(MayManagePeople) {
		p.Email = ""
	}
	return p, nil
}

// SetProfile changes the actor's profile: handle, e-mail, pronouns, title and time zone of p. The name, the picture and
// the status have methods of their own.
func (c Users) SetProfile(ctx context.Context, a Actor, p Profile) error {
	var err error
	if p.Handle, err = cleanHandle(p.Handle); err != nil {
		return err
	}
	if p.Email, err = cleanEmail(p.Email); err != nil {
		return err
	}
	if p.Pronouns, err = cleanField("pronouns", p.Pronouns, MaxProfileLen); err != nil {
		return err
	}
	if p.Title, err = cleanField("title", p.Title, MaxProfileLen); err != nil {
		return err
	}
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "Local" {
		return Invalid("zone", "That is no time zone: they are called like Europe/Vienna.")
	}
	_, err = actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (changed bool, err error) {
		return updateProfile(ctx, tx, a.ID, p)
	}, func(changed bool) {
		if changed {
			c.hub.profilesChanged()
		}
	})
	return err
}

// cleanHandle returns a handle as it is stored: in lower case, without a leading @; "" for none. It has 2 to MaxNameLen
// characters of a to z, 0 to 9, '.', '_' and '-'. The first and the last are a letter or digit, so that a full stop
// after it ends a sentence.
func cleanHandle(s string) (string, error) {
	if len(s) > 4*MaxNameLen { // before any expensive work
		return "", Invalid("handle", "A handle has at most %d characters.", MaxNameLen)
	}
	s = strings.TrimPrefix(strings.TrimSpace(s), "@")
	if s == "" {
		return "", nil
	}
	b := []byte(s)
	for i, r := range b {
		if r >= 'A' && r <= 'Z' {
			b[i] += 'a' - 'A'
			continue
		}
		edge := i == 0 || i == len(b)-1
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && (edge || r != '.' && r != '_' && r != '-') {
			return "", Invalid("handle", "A handle is made of the letters a to z and digits, with . _ or - between them.")
		}
	}
	if len(b) < 2 || len(b) > MaxNameLen {
		return "", Invalid("handle", "A handle has 2 to %d characters.", MaxNameLen)
	}
	if word := looksCalling(string(b), callWords); word != "" {
		return "", Invalid("handle", "@%s calls everyone. Please choose another handle.", word)
	}
	return string(b), nil
}

// cleanEmail returns an address as it is stored; "" for none.
func cleanEmail(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	wrong := Invalid("email", "That is no e-mail address: they look like ada@example.org.")
	if len(s) > MaxEmailLen || !utf8.ValidString(s) || strings.ContainsFunc(s, invisible) || overMarked(s) {
		return "", wrong
	}
	local, domain, _ := strings.Cut(s, "@")
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || strings.ContainsAny(s, " \"<>()[]\\,;:") ||
		blank(local) || blank(domain) {
		return "", wrong
	}
	return s, nil
}

// cleanField returns a line of text as it is stored: trimmed, with every run of spaces as one, without characters that
// inLine drops, and "" when nothing of it is visible. The error is for the field.
func cleanField(field, s string, most int) (string, error) {
	if len(s) > 100*most { // before any expensive work
		return "", Invalid(field, "At most %d characters fit here.", most)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", Invalid(field, "This is not valid text.")
	}
	s = strings.Join(strings.Fields(strings.Map(inLine, s)), " ")
	switch {
	case utf8.RuneCountInString(s) > most:
		return "", Invalid(field, "At most %d characters fit here.", most)
	case overMarked(s):
		return "", Invalid(field, "There are too many accents on one letter. At most %d fit.", maxLineMarks)
	case blank(s):
		return "", nil
	}
	return s, nil
}

// inLine returns r, or -1 to drop it: control characters, some of which a terminal would obey when the log is read, and
// characters that change the writing direction, since every line is isolated anyway, or that put notes between the
// lines.
func inLine(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return r
	case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x206f, r >= 0xfff9 && r <= 0xfffb:
		return -1
	}
	return r
}
