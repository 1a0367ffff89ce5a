package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// SetAvatar sets the actor's picture: a file of that size in bytes, in the file store under that ID. It returns the ID
// of the previous one, for the caller to remove from there; 0: none.
func (c Users) SetAvatar(ctx context.Context, a Actor, picture ID, size int64) (old ID, err error) {
	if picture != 0 && !a.Role.May(MayUpload) {
		return 0, Errorf(CodeForbidden, "You may not send files here.")
	}
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (ID, error) {
		return updateAvatar(ctx, tx, a.ID, picture, size)
	}, func(ID) { c.hub.profilesChanged() })
}

// RemoveAvatar removes the actor's picture: it is drawn from the name again. It returns the same as SetAvatar.
func (c Users) RemoveAvatar(ctx context.Context, a Actor) (old ID, err error) {
	return c.SetAvatar(ctx, a, 0, 0)
}

// Avatar fails unless picture is the user's current picture and the actor sees the user: it authorizes pictures, as
// authorize does channels.
func (c Users) Avatar(ctx context.Context, a Actor, user, picture ID) error {
	p, err := c.Profile(ctx, a, user)
	if err == nil && (picture == 0 || p.Avatar != picture) {
		return errNotFound
	}
	return err
}
