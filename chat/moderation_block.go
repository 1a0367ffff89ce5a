package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// Block keeps a user from writing to the actor directly, and in group conversations that the user has started: those
// are hidden from the sidebars of everyone who has blocked them, and their messages stay. Both go on seeing each
// other's messages in channels and in conversations that others have started.
func (c Moderation) Block(ctx context.Context, a Actor, name string) (User, error) {
	if a.ID == 0 || a.Session == 0 {
		return User{}, errSignedOut
	}
	user, err := c.personNamed(ctx, a, name)
	if err != nil {
		return User{}, err
	}
	if user.ID == a.ID {
		return User{}, Invalid("name", "That is you.")
	}
	return user, c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		_, err := tx.ExecContext(ctx,
			`INSERT INTO blocks (user_id, blocked_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			a.ID, user.ID, tx.Now.UnixMilli())
		if err != nil {
			return err
		}
		return shutGroups(ctx, tx, a.ID, user.ID, true)
	}, c.hub.membersChanged)
}

// Unblock undoes Block. Idempotent.
func (c Moderation) Unblock(ctx context.Context, a Actor, user ID) error {
	if a.ID == 0 || a.Session == 0 {
		return errSignedOut
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2`, a.ID, user)
		if err != nil {
			return err
		}
		return shutGroups(ctx, tx, a.ID, user, false)
	}, c.hub.membersChanged)
}

// Blocked returns the users whom the actor has blocked, sorted by name.
func (c Moderation) Blocked(ctx context.Context, a Actor) ([]User, error) {
	ids, err := idSet(ctx, c.db, `SELECT blocked_id FROM blocks WHERE user_id = $1`, a.ID)
	if err != nil {
		return nil, err
	}
	list := make([]ID, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	return usersByID(ctx, c.db, list)
}
