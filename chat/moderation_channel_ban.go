package chat

import (
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// Those who manage a channel may ban from it, whatever their role in the workspace.

// BanFromChannel is Ban for those who manage a channel: from that channel only, and not of others who manage it.
func (c Moderation) BanFromChannel(ctx context.Context, a Actor, slug string, n NewBan) (User, error) {
	acc, err := c.manage(ctx, a, slug)
	if err != nil {
		return User{}, err
	}
	return c.banFromChannel(ctx, a, acc.cached, n)
}

// banFromChannel bans a user from a channel, and takes them out of it, unless everyone is in it.
func (c *core) banFromChannel(ctx context.Context, a Actor, ch *cachedChannel, n NewBan) (User, error) {
	user, err := c.userToBan(ctx, a, &n)
	if err != nil {
		return User{}, err
	}
	return user, c.actAsManager(ctx, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) error {
		target, err := selectTarget(ctx, tx, acc.Channel, user.ID)
		switch {
		case err != nil:
			return err
		case acc.CanBan(target):
		case acc.Role.May(MayModerate):
			return errNotBelow
		default:
			return Invalid("name", "You cannot ban yourself, or anyone who manages the channel or the workspace.")
		}
		if err := insertBan(ctx, tx, a, ch.ID, user.ID, n); err != nil {
			return err
		}
		if !acc.General {
			if target.Membership.State == Joined {
				if err := takeOut(ctx, tx, ch, user.ID); err != nil {
					return err
				}
			}
			if err := promoteSuccessor(ctx, tx, ch.ID); err != nil {
				return err
			}
		}
		return c.audit(ctx, tx, a, "ban.created", user.ID, ch.ID, n.Reason)
	}, func() {
		c.hub.bansChanged()
		c.hub.membersChanged()
	})
}

// UnbanFromChannel is Unban for those who manage a channel. Only moderators of the workspace can lift bans that
// moderators have set.
func (c Moderation) UnbanFromChannel(ctx context.Context, a Actor, slug string, id ID) error {
	acc, err := c.manage(ctx, a, slug)
	if err != nil {
		return err
	}
	list, err := c.ChannelBans(ctx, acc)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.ID == id && !b.MayUnban(a) {
			return errNotTheirs
		}
	}
	return c.unban(ctx, a, list, id, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		return c.stillManages(ctx, tx, a, acc.cached)
	})
}

var errNotTheirs = Errorf(CodeForbidden, "This ban was set by an admin: only an admin can lift it.")

// MayUnban reports whether the actor, who sees the ban, may lift it.
func (b Ban) MayUnban(a Actor) bool { return a.Role.May(MayModerate) || !b.byRole.May(MayModerate) }

// ChannelBans returns the active bans of a channel that the actor manages, newest first.
func (c Moderation) ChannelBans(ctx context.Context, acc Access) ([]Ban, error) {
	if !acc.CanView() {
		return nil, errNotFound
	}
	if !acc.CanManage() {
		return nil, errNotManager
	}
	all, err := selectBans(ctx, c.db, c.now())
	return slices.DeleteFunc(all, func(b Ban) bool { return b.Channel.ID != acc.cached.ID }), err
}

// unban lifts a ban of the list, if the actor still may.
func (c *core) unban(ctx context.Context, a Actor, list []Ban, id ID,
	still func(context.Context, *sqlite.Tx, Actor) error) error {
	for _, b := range list {
		if b.ID == id {
			return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
				if err := still(ctx, tx, a); err != nil {
					return err
				}
				if !b.MayUnban(a) {
					return errNotTheirs
				}
				_, err := tx.ExecContext(ctx, `UPDATE bans SET lifted_at = $1 WHERE id = $2 AND lifted_at = 0`, tx.Now.UnixMilli(),
					id)
				if err != nil {
					return err
				}
				return c.audit(ctx, tx, a, "ban.lifted", b.User.ID, b.Channel.ID, b.Reason)
			}, c.hub.bansChanged)
		}
	}
	return errNotFound
}
