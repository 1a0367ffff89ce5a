package chat

import (
	"context"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// Ban keeps a user out of a channel, or of the whole workspace, until it ends or is lifted.
type Ban struct {
	ID      ID
	User    User
	Channel Channel // its ID is 0 for the whole workspace
	Reason  string
	By      User
	At      time.Time
	Until   time.Time // zero: indefinite

	byRole Role // of By
}

// NewBan is a ban to set.
type NewBan struct {
	Name    string // the user's name
	Channel string // the slug of a channel; "" for the whole workspace
	Reason  string
	For     time.Duration // 0: indefinite
}

// maxBan is the longest duration of a ban that ends.
const maxBan = 10 * 365 * 24 * time.Hour

// Ban bans a user below the actor. Their sockets close at once: in the channel, or, for a ban from the workspace, all
// of them, and their sessions end. The actor must be a moderator, and must see the channel.
func (c Moderation) Ban(ctx context.Context, a Actor, n NewBan) (User, error) {
	if !a.Role.May(MayModerate) {
		return User{}, errNotFound
	}
	if n.Channel == "" {
		return c.banFromWorkspace(ctx, a, n)
	}
	ch, err := c.authorize(ctx, a, n.Channel)
	if err != nil {
		return User{}, Invalid("channel", "There is no such channel, or it is not yours to see.")
	}
	if ch.info.Load().Kind == Direct {
		return User{}, Invalid("channel", "Nobody is banned from a direct conversation: one blocks people instead.")
	}
	return c.banFromChannel(ctx, a, ch, n)
}

var errNotBelow = Invalid("name", "You can ban only people whose role is below yours.")

// banFromWorkspace bans a user from the workspace, and ends their sessions and their invitations.
func (c *core) banFromWorkspace(ctx context.Context, a Actor, n NewBan) (User, error) {
	user, err := c.userToBan(ctx, a, &n)
	if err != nil {
		return User{}, err
	}
	_, err = actValue(ctx, c, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (ended []ID, err error) {
		if !a.Role.May(MayModerate) {
			return nil, errNotFound
		}
		var role Role
		if err := tx.QueryRowContext(ctx, `SELECT role FROM users WHERE id = $1`, user.ID).Scan(&role); err != nil {
			return nil, err
		}
		if !a.Role.Outranks(role) {
			return nil, errNotBelow
		}
		if err := insertBan(ctx, tx, a, 0, user.ID, n); err != nil {
			return nil, err
		}
		if ended, err = endSessions(ctx, tx, user.ID, 0, 0); err != nil {
			return nil, err
		}
		// otherwise the user could return by their own invitation
		if err := revokeInvitationsOf(ctx, tx, user.ID); err != nil {
			return nil, err
		}
		return ended, c.audit(ctx, tx, a, "ban.created", user.ID, 0, n.Reason)
	}, func(ended []ID) {
		c.hub.sessionsEnded(ended) // first: a subscriber gets only the first reason
		c.hub.disconnectUser(user.ID)
		c.hub.bansChanged()
		c.hub.membersChanged()
	})
	return user, err
}

// userToBan validates a ban, cleans its reason, and returns the user whom it names.
func (c *core) userToBan(ctx context.Context, a Actor, n *NewBan) (user User, err error) {
	if n.Reason, err = cleanReason(n.Reason); err != nil {
		return User{}, err
	}
	if n.For < 0 || n.For > maxBan {
		return User{}, Invalid("days", "A ban lasts from one day to ten years, or has no end.")
	}
	return c.personNamed(ctx, a, n.Name)
}

// Unban lifts a ban. A user who lost their membership joins again, or is added again, as before.
func (c Moderation) Unban(ctx context.Context, a Actor, id ID) error {
	list, err := c.bans(ctx, a)
	if err != nil {
		return err
	}
	return c.unban(ctx, a, list, id, func(_ context.Context, _ *sqlite.Tx, a Actor) error {
		if !a.Role.May(MayModerate) {
			return errNotFound
		}
		return nil
	})
}

// Bans finds active bans by the user's name, the channel's name, the reason or who set them, newest first: those from
// the whole workspace, and those from channels that the actor sees.
func (c Moderation) Bans(ctx context.Context, a Actor, f ListQuery) (List[Ban], error) {
	list, err := c.bans(ctx, a)
	if err != nil {
		return List[Ban]{}, err
	}
	f = f.clean()
	find := newFinder(f.Text)
	return paginate(f, slices.DeleteFunc(list, func(b Ban) bool {
		return !find.inText(foldText(b.Reason)) &&
			!slices.ContainsFunc([]string{b.User.Name, b.Channel.Name, b.By.Name}, func(name string) bool {
				return find.inKey(NameKey(name))
			})
	})), nil
}

func (c *core) bans(ctx context.Context, a Actor) ([]Ban, error) {
	if !a.Role.May(MayModerate) {
		return nil, errNotFound
	}
	all, err := selectBans(ctx, c.db, c.now())
	if err != nil {
		return nil, err
	}
	var channels []ID
	for _, b := range all {
		if b.Channel.ID != 0 {
			channels = append(channels, b.Channel.ID)
		}
	}
	seen, err := c.visibleAmong(ctx, a, channels)
	if err != nil {
		return nil, err
	}
	list := all[:0]
	for _, b := range all {
		if ch := seen[b.Channel.ID]; ch != nil {
			b.Channel = ch.snapshot()
		} else if b.Channel.ID != 0 {
			continue
		}
		list = append(list, b)
	}
	return list, nil
}
