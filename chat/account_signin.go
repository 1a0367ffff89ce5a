package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// SignIn makes a new user of that name, with a session. A name that is taken is refused.
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
