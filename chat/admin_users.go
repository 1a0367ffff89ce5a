package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// UserSummary is someone as those who manage people see them.
type UserSummary struct {
	User
	Role          Role
	DeactivatedAt time.Time // zero: they are not
	SeenAt        time.Time // of the session that was used last; zero: they have none
	Sessions      int
	Account       bool // they have a password or a passkey
	Posted        bool
}

// Deactivated reports whether the person can no longer come in.
func (p UserSummary) Deactivated() bool { return !p.DeactivatedAt.IsZero() }

// ListUsers finds people by name or role, sorted by name: those who were deactivated among them.
func (c Admin) ListUsers(ctx context.Context, a Actor, f ListQuery) (List[UserSummary], error) {
	if !a.Role.May(MayManagePeople) {
		return List[UserSummary]{}, errNotFound
	}
	return selectUserSummaries(ctx, c.db, f.clean(), c.now())
}

// SetRole gives someone below the actor another role that is below the actor's. What they have open comes back at
// once, as who they are now, and shows no more than that.
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

// Deactivate shuts someone below the actor out: every session, link and invitation of theirs ends, and what they
// have open goes silent at once. What they said stays, under their name, which nobody else gets.
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

// Reactivate lets someone below the actor come in again, in the role that they had.
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
