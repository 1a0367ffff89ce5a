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
//   - Name, Handle, Avatar and Status are the face that others see. A change of any of them counts as a change of the
//     name: see ProfileRev.
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

	agent string // the browser, by its own words, when the session begins
}

// SignIn makes a new user of that name, with a session. A name that belongs to someone is refused.
func (c Accounts) SignIn(ctx context.Context, name string) (Actor, error) {
	name, err := cleanName(name)
	if err != nil {
		return Actor{}, err
	}
	if c.admin.Workspace().JoinPolicy != JoinOpen {
		return Actor{}, Invalid("password", "Please give your password: only people with an account come in here.")
	}
	now := c.now()
	a := c.newActor(ctx, Actor{User: User{ID: NewID(), Name: name, CreatedAt: now}, Role: RoleMember})
	err = c.writer.update(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		if err := claimName(ctx, tx, name, a.ID); err != nil {
			return err
		}
		if err := insertUser(ctx, tx, a.User); err != nil {
			return err
		}
		_, err := c.insertSession(ctx, tx, a) // their first
		return err
	}, func() { c.hub.channels.general().counted.Store(nil) })
	if err != nil {
		return Actor{}, err
	}
	return a, nil
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

// Online returns who is here, the actor included, sorted by name: those whom the actor may see.
func (c Live) Online(ctx context.Context, a Actor) ([]User, error) {
	here, err := c.filterVisible(ctx, a, c.hub.online(a.ID))
	if err != nil {
		return nil, err
	}
	return usersByID(ctx, c.db, here)
}

// OnlineCount counts the people who are here and whom the actor may see: people, not tabs. The actor counts, even
// before their socket opens.
func (c Live) OnlineCount(a Actor) int {
	if a.Role != RoleGuest {
		return c.hub.onlineCount(a.ID)
	}
	here, err := c.filterVisible(c.background, a, c.hub.online(a.ID))
	if err != nil {
		if c.background.Err() == nil {
			c.options.Log.Error("counting who is here", "error", err)
		}
		return 1
	}
	return len(here)
}

// ProfileRev is the counter of names: every change of someone's name, handle, picture or status raises it by one.
func (c Users) ProfileRev() int64 { return c.hub.profileRev.Load() }
