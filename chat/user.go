package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// User is a person with a name.
//
//   - Name is 1 to MaxNameLen characters, and its key is unique: see NameKey.
//   - The name stays the user's while they have a session, have ever posted, or have protected it with a password or a
//     passkey. Otherwise the next user who asks for it gets it.
//   - Name, Handle, Avatar, Status and Away are the profile that others see. Each change of them increments ProfileRev.
type User struct {
	ID        ID
	Name      string
	CreatedAt time.Time
	Handle    string // unique: see cleanHandle; "" for none
	Avatar    ID     // file ID of the profile picture; 0: drawn from the name
	Status    Status
	Away      bool // shown as away: see ToggleAway
}

// Actor is the user who makes a request, with the session by which they make it. Every method takes one.
type Actor struct {
	User
	Session ID
	Role    Role
	Address string // the client's address, for the audit log; "" when unknown
	Key     string // the secret that opens the session, when it has just begun; otherwise ""

	agent string // the User-Agent, when the session begins
}

// Rename changes the actor's name. Every online user sees it at once, on every row. The old name becomes free.
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

// ProfileRev returns the profile rev: each change of a name, handle, picture, status or Away increments it.
func (c Users) ProfileRev() int64 { return c.hub.profileRev.Load() }

// personNamed returns the user of that name, if the actor sees them.
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
