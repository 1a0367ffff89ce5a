package chat

import (
	"context"
	"database/sql"
	"time"
	"unicode/utf8"
)

// Access says who may come in.
type Access string

// The two ways to run a place.
const (
	AccessOpen   Access = "open"   // a display name is enough
	AccessInvite Access = "invite" // an account is needed
)

// Valid reports whether a is one of the two.
func (a Access) Valid() bool { return a == AccessOpen || a == AccessInvite }

// Place is the whole chat, as its owner set it up.
type Place struct {
	Name   string
	Access Access
}

// defaultPlace is how a place is before it has an owner.
var defaultPlace = Place{Name: "Chit-Chat", Access: AccessOpen}

// MaxPlaceNameLen bounds the name of a place, in characters.
const MaxPlaceNameLen = 40

// Place returns the place's settings. It costs no query.
func (c *Chat) Place() Place { return *c.place.Load() }

// setPlace takes the settings over. Whoever started the program has the last word on access.
func (c *Chat) setPlace(p Place) {
	if c.options.Access.Valid() {
		p.Access = c.options.Access
	}
	c.place.Store(&p)
}

// AccessFixed reports whether the program was started with a way to run the place, which its owner cannot change.
func (c *Chat) AccessFixed() bool { return c.options.Access.Valid() }

// ChangePlace changes the settings of the place. Who is signed in stays so.
func (c *Chat) ChangePlace(ctx context.Context, a Actor, p Place) error {
	if !a.Role.May(MayManagePlace) {
		return errNotFound
	}
	if c.AccessFixed() {
		p.Access = c.Place().Access
	}
	p, err := cleanPlace(p)
	if err != nil {
		return err
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sql.Tx, a Actor) error {
		if !a.Role.May(MayManagePlace) {
			return errNotFound
		}
		if err := upsertPlace(ctx, tx, p, !c.AccessFixed()); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "place.changed", 0, 0, p.Name+" "+string(p.Access))
	}, func() {
		c.setPlace(p)
		c.hub.publish(Event{List: true})
	})
}

// loadPlace reads the settings.
func (c *Chat) loadPlace(ctx context.Context) error {
	p := defaultPlace
	rows, err := c.db.read.QueryContext(ctx, `SELECT key, value FROM settings`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		switch key {
		case "place_name":
			p.Name = value
		case "access":
			p.Access = Access(value)
		}
	}
	c.setPlace(p)
	return rows.Err()
}

// upsertPlace keeps the settings; the access only if it is the owner's to say.
func upsertPlace(ctx context.Context, tx *sql.Tx, p Place, access bool) error {
	const upsert = `INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	_, err := tx.ExecContext(ctx, upsert, "place_name", p.Name)
	if err == nil && access {
		_, err = tx.ExecContext(ctx, upsert, "access", string(p.Access))
	}
	return err
}

// cleanPlace returns the settings as they are kept. The errors are for the fields "place" and "access".
func cleanPlace(p Place) (Place, error) {
	name, err := cleanChannelName(p.Name)
	switch {
	case err != nil:
		return p, Invalid("place", "Please give the place a name: letters, digits, spaces and signs, in one line.")
	case utf8.RuneCountInString(name) > MaxPlaceNameLen:
		return p, Invalid("place", "The name of the place is too long: at most %d characters fit.", MaxPlaceNameLen)
	case !p.Access.Valid():
		return p, Invalid("access", "Please choose who may come in.")
	}
	p.Name = name
	return p, nil
}

// ownerLinkLifetime is long: it stands in a log until somebody opens it, and every start makes a new one.
const ownerLinkLifetime = 30 * 24 * time.Hour

// OwnerLink makes the secret of the link that makes its opener the owner, in place of the one before. It is ""
// when the place has an owner.
func (c *Chat) OwnerLink(ctx context.Context) (secret string, err error) {
	err = c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		secret = ""
		if owned, err := hasOwner(ctx, tx); err != nil || owned {
			return err
		}
		if err := deleteTokens(ctx, tx, tokenOwner, 0); err != nil {
			return err
		}
		secret, err = insertToken(ctx, tx, tokenOwner, token{}, c.now(), ownerLinkLifetime)
		return err
	}, nil)
	return secret, err
}

// CheckOwnerLink returns an error of CodeNotFound when the secret makes nobody the owner.
func (c *Chat) CheckOwnerLink(ctx context.Context, secret string) error {
	_, err := findToken(ctx, c.db.read, tokenOwner, secret, c.now())
	return err
}

// BecomeOwner uses the owner's link up: whoever has its secret gets a new session as the owner, by that name and
// password. Who is signed in already (a) stays the same person; else a is the zero Actor.
func (c *Chat) BecomeOwner(ctx context.Context, a Actor, secret string, p Place, name, password string) (Actor, error) {
	if err := c.CheckOwnerLink(ctx, secret); err != nil { // before the work of hashing
		return Actor{}, err
	}
	p, err := cleanPlace(p)
	if err != nil {
		return Actor{}, err
	}
	if name, err = cleanName(name); err != nil {
		return Actor{}, err
	}
	if err := cleanPassword(password, name); err != nil {
		return Actor{}, err
	}
	hash, err := c.hasher.hash(ctx, password)
	if err != nil {
		return Actor{}, err
	}
	known, before := a.ID != 0, a.Name
	if !known {
		a.User = User{ID: NewID(), CreatedAt: c.now()}
	}
	a.Name, a.Role = name, RoleOwner
	a = c.newActor(ctx, a)
	renamed := false
	var ended []ID
	err = c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		t, err := findToken(ctx, tx, tokenOwner, secret, c.now())
		if err != nil {
			return err
		}
		if err := claimName(ctx, tx, name, a.ID, c.now()); err != nil {
			return err
		}
		if known {
			if err := c.barred(ctx, tx, a.ID); err != nil {
				return err
			}
		}
		if err := useToken(ctx, tx, t); err != nil {
			return err
		}
		switch {
		case !known:
			err = insertUser(ctx, tx, a.User)
		case name != before:
			renamed, err = true, updateName(ctx, tx, a.User)
		}
		if err != nil {
			return err
		}
		if ended, err = endSessions(ctx, tx, a.ID, 0, 0); err != nil { // whoever came in without the password
			return err
		}
		return c.insertOwner(ctx, tx, &a, p, hash)
	}, func() {
		c.hub.sessionsEnded(ended)
		c.setPlace(p)
		if renamed {
			c.hub.facesChanged()
		}
	})
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

// insertOwner makes the actor, whose user is there, the owner of the place.
func (c *Chat) insertOwner(ctx context.Context, tx *sql.Tx, a *Actor, p Place, hash string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE users SET role = $1 WHERE id = $2`, RoleOwner, a.ID); err != nil {
		return err
	}
	if err := upsertPassword(ctx, tx, a.ID, hash, c.now()); err != nil {
		return err
	}
	if err := upsertPlace(ctx, tx, p, true); err != nil {
		return err
	}
	if _, err := c.insertSession(ctx, tx, a); err != nil {
		return err
	}
	return c.audit(ctx, tx, *a, "owner.became", a.ID, 0, "")
}

// hasOwner reports whether somebody owns the place.
func hasOwner(ctx context.Context, q querier) (owned bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE role = $1 AND deactivated_at = 0)`, RoleOwner).Scan(&owned)
	return owned, err
}
