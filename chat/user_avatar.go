package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// SetAvatar gives the actor a picture of so many bytes, which the file store has under that ID. It returns the one of
// before, for the caller to remove from there; 0: there was none.
func (c Users) SetAvatar(ctx context.Context, a Actor, picture ID, size int64) (old ID, err error) {
	if picture != 0 && !a.Role.May(MayUpload) {
		return 0, Errorf(CodeForbidden, "You may not send files here.")
	}
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (ID, error) {
		return updateAvatar(ctx, tx, a.ID, picture, size)
	}, func(ID) { c.hub.profilesChanged() })
}

// RemoveAvatar takes the actor's picture away: they are drawn again. It returns what SetAvatar does.
func (c Users) RemoveAvatar(ctx context.Context, a Actor) (old ID, err error) {
	return c.SetAvatar(ctx, a, 0, 0)
}

// Avatar says whether someone's picture is that one, and the actor may see it: what authorize is to channels.
func (c Users) Avatar(ctx context.Context, a Actor, user, picture ID) error {
	p, err := c.Profile(ctx, a, user)
	if err == nil && (picture == 0 || p.Avatar != picture) {
		return errNotFound
	}
	return err
}
