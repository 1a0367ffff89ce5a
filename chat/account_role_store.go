package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// changeRole gives someone another role. Whoever becomes a guest is in no public channel any more, but in the private
// ones into which they were let; whoever stops being one is in the first channel, like everyone. Invitations live as
// long as their makers may make them, and links for people who are locked out as long as both are who they were. After
// the commit, the hub has to be told of members and role.
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
		return err // who made one had to be above the one whom it lets in
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
		_, err = tx.ExecContext(ctx, `UPDATE memberships SET state = $1, role = 'member', favourite = FALSE, rev = $2
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
