package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// User is a person with a name.
//
//   - Name is 1 to MaxNameLen characters, and unique by its key: see NameKey.
//   - The name is the user's while they have a session, have ever posted, or have protected it with a password or a
//     passkey; else the next who asks gets it.
//   - Name, Handle, Avatar and Status are the profile that others see. A change of any of them counts as a change of
//     the name: see ProfileRev.
type User struct {
	ID        ID
	Name      string
	CreatedAt time.Time
	Handle    string // unique: see cleanHandle; "" when they want none
	Avatar    ID     // the file of their picture; 0: it is drawn from the name
	Status    Status
}

// Actor is who asks: the user, and the session by which they ask. Every verb takes one.
type Actor struct {
	User
	Session ID
	Role    Role
	Address string // where they ask from, for the audit log; "" when nobody knows
	Key     string // the secret that opens the session, when it has just begun; "" afterwards

	agent string // the browser, by its own words, when the session begins
}

// Rename gives the actor another name. Everyone who is here sees it at once, on every row; the old name is free.
func (c Users) Rename(ctx context.Context, a Actor, name string) (User, error) {
	name, err := cleanNameOf(name, a.Name)
	if err != nil {
		return User{}, err
	}
	user := a.User
	if name == user.Name {
		return user, nil
	}
	user.Name = name
	err = c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if err := claimName(ctx, tx, name, a.ID); err != nil {
			return err
		}
		return updateName(ctx, tx, user)
	}, c.hub.profilesChanged)
	if err != nil {
		return User{}, err
	}
	return user, nil
}

// ProfileRev is the counter of profiles: every change of someone's name, handle, picture or status raises it by one.
func (c Users) ProfileRev() int64 { return c.hub.profileRev.Load() }

// personNamed finds someone whom the actor sees by name.
func (c *core) personNamed(ctx context.Context, a Actor, name string) (User, error) {
	user, err := userNamed(ctx, c.db, name)
	if err != nil {
		return User{}, err
	}
	seen, err := c.filterVisible(ctx, a, []ID{user.ID})
	if err != nil {
		return User{}, err
	}
	if user.ID == 0 || len(seen) == 0 {
		return User{}, Invalid("name", "There is nobody of that name here.")
	}
	return user, nil
}

var errDeactivatedUser = Errorf(CodeForbidden, "This person is deactivated: reactivate them first.")
