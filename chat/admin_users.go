package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// UserSummary is a user as admins see them.
type UserSummary struct {
	User
	Role          Role
	DeactivatedAt time.Time // zero: active
	SeenAt        time.Time // last use of the latest session; zero: no session
	Sessions      int
	Account       bool // has a password or a passkey
	Posted        bool
}

// Deactivated reports whether the user is deactivated and cannot sign in.
func (p UserSummary) Deactivated() bool { return !p.DeactivatedAt.IsZero() }

// ListUsers finds users by name or role, sorted by name, deactivated users included.
func (c Admin) ListUsers(ctx context.Context, a Actor, f ListQuery) (List[UserSummary], error) {
	if !a.Role.May(MayManagePeople) {
		return List[UserSummary]{}, errNotFound
	}
	return selectUserSummaries(ctx, c.db, f.clean(), c.now())
}

// SetRole gives a user below the actor another role below the actor's. Their open pages reconnect at once with the new
// role, and show only what it allows.
func (c Admin) SetRole(ctx context.Context, a Actor, user ID, role Role) error {
	if !a.Role.May(MayManagePeople) {
		return errNotFound
	}
	if !role.Valid() {
		return Invalid("role", "There is no such role.")
	}
	_, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (changed bool, err error) {
		old, deactivated, err := requireOutranks(ctx, tx, a, user)
		switch {
		case err != nil:
			return false, err
		case !a.Role.Outranks(role):
			return false, errRankTooLow
		case deactivated:
			return false, errDeactivatedUser
		case old == role:
			return false, nil
		}
		if err := c.changeRole(ctx, tx, user, old, role); err != nil {
			return false, err
		}
		return true, c.audit(ctx, tx, a, "role.changed", user, 0, string(old)+" to "+string(role))
	}, func(changed bool) {
		if changed {
			c.hub.membersChanged()
			c.hub.roleChanged(user)
		}
	})
	return err
}

// Deactivate shuts a user below the actor out: it ends their sessions, links and invitations, and closes their sockets
// at once. Their messages stay, under their name, which stays taken.
func (c Admin) Deactivate(ctx context.Context, a Actor, user ID) error {
	if !a.Role.May(MayManagePeople) {
		return errNotFound
	}
	_, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
		_, deactivated, err := requireOutranks(ctx, tx, a, user)
		if err != nil || deactivated {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET deactivated_at = $1 WHERE id = $2`, tx.Now.UnixMilli(),
			user); err != nil {
			return nil, err
		}
		ended, err := endSessions(ctx, tx, user, 0, 0)
		if err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM tokens WHERE user_id = $1`, user); err != nil {
			return nil, err
		}
		if err := revokeInvitationsOf(ctx, tx, user); err != nil {
			return nil, err
		}
		return ended, c.audit(ctx, tx, a, "user.deactivated", user, 0, "")
	}, func(ended []ID) {
		c.hub.sessionsEnded(ended)
		c.hub.disconnectUser(user)
	})
	return err
}

// Reactivate lets a deactivated user below the actor sign in again, with their previous role.
func (c Admin) Reactivate(ctx context.Context, a Actor, user ID) error {
	if !a.Role.May(MayManagePeople) {
		return errNotFound
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		_, deactivated, err := requireOutranks(ctx, tx, a, user)
		if err != nil || !deactivated {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET deactivated_at = 0 WHERE id = $1`, user); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "user.reactivated", user, 0, "")
	}, nil)
}
