package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// changeRole gives a user another role. A new guest leaves all public channels and stays in the private ones that they
// were added to; a user who stops being a guest joins General Talk, like everyone. Invitations last while their
// creators may make them, and password resets while both users keep their roles. All memberships of a user
// get a new rev when they become a guest or stop being one: that is how nodes learn of it. The caller must notify the
// hub of members and role after the commit.
func (c *core) changeRole(ctx context.Context, tx *sqlite.Tx, user ID, from, to Role) error {
	if _, err := tx.ExecContext(ctx, `UPDATE users SET role = $1 WHERE id = $2`, to, user); err != nil {
		return err
	}
	below := to.Below()
	if !to.May(MayInvite) {
		below = nil
	}
	if err := revokeInvitationsOf(ctx, tx, user, below...); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM tokens WHERE kind = 'recovery' AND (user_id = $1 OR created_by = $1)`,
		user); err != nil {
		return err // the creator had to outrank the user whom the link lets in
	}
	if (to == RoleGuest) != (from == RoleGuest) {
		rev, err := nextMembershipRev(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE memberships SET rev = $1 WHERE user_id = $2 AND state = $3`, rev, user,
			Joined); err != nil {
			return err
		}
	}
	switch {
	case to == RoleGuest && from != RoleGuest:
		owned, err := sqlite.Collect(ctx, tx, scanID,
			`SELECT m.channel_id FROM memberships m JOIN channels c ON c.id = m.channel_id
			WHERE m.user_id = $1 AND m.role = $2 AND c.kind = $3`, user, channelOwner, Public)
		if err != nil {
			return err
		}
		rev, err := nextMembershipRev(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE memberships SET state = $1, role = 'member', favourite = FALSE, section = 0,
			rev = $2
			WHERE user_id = $3 AND channel_id IN (SELECT id FROM channels WHERE kind = $4)`, Removed, rev, user, Public)
		for _, ch := range owned {
			if err == nil {
				err = promoteSuccessor(ctx, tx, ch)
			}
		}
		return err
	case from == RoleGuest && to != RoleGuest:
		return join(ctx, tx, c.hub.channels.general().ID, user)
	}
	return nil
}
