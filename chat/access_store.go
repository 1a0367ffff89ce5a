package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// selectAccess returns what sessions may do in a channel, by session ID: in one query for most channels, the ordinary
// ones, and in two for others. A session that has ended, or whose user is deactivated, is missing from the result. It
// takes as long for a channel that does not exist as for one that does.
func selectAccess(ctx context.Context, q sqlite.Querier, channel ID, sessions []ID,
	now time.Time) (map[ID]*Access, error) {
	found, ordinary, err := selectMembershipsOfSessions(ctx, q, channel, sessions, now)
	if err != nil || ordinary {
		return found, err
	}
	ch, err := scanChannel(q.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channels WHERE id = $1`, channel))
	if errors.Is(err, sql.ErrNoRows) {
		ch, err = Channel{ID: channel, deleted: true}, nil
	}
	if err != nil {
		return nil, err
	}
	for _, acc := range found {
		acc.Channel, acc.General, acc.ordinary = &ch, ch.general, false
		if !acc.CanView() {
			continue
		}
		if acc.blocked, err = blockedIn(ctx, q, acc); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// selectMembershipsOfSessions is the first query of selectAccess: everything except the reason of a block, and of the
// channel what decides who may post in it, and when. ordinary reports Channel.ordinary, or that no session was found.
func selectMembershipsOfSessions(ctx context.Context, q sqlite.Querier, channel ID, sessions []ID,
	now time.Time) (found map[ID]*Access, ordinary bool, err error) {
	found = make(map[ID]*Access, len(sessions))
	shared := &Channel{ID: channel}
	err = sqlite.InBatches(sessions, func(batch []ID) error {
		args := []any{channel, channelOwner, now.UnixMilli(), Direct}
		for _, id := range batch {
			args = append(args, id)
		}
		query := `SELECT s.id, u.id, u.role,
				COALESCE(m.state, ''), COALESCE(m.role = $2, FALSE), COALESCE(m.favourite, FALSE), COALESCE(m.muted, FALSE),
					COALESCE(m.notify, ''), COALESCE(m.section, 0), COALESCE(m.unread_rev, 0),
				COALESCE(ch.kind, ''), COALESCE(ch.archived_at, 0), COALESCE(ch.announce_only, FALSE),
					COALESCE(ch.slow_seconds, 0), COALESCE(ch.deleted_at, 1), COALESCE(ch.general, FALSE),
				EXISTS (SELECT 1 FROM bans b WHERE b.user_id = u.id AND b.channel_id IN (0, $1) AND ` + banInForce(3) + `),
				COALESCE(ch.kind = $4, FALSE) AND ` + someBlocked + `
			FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN channels ch ON ch.id = $1
			LEFT JOIN memberships m ON m.channel_id = $1 AND m.user_id = u.id
			WHERE u.deactivated_at = 0 AND s.id IN ` + sqlite.InList(5, len(batch))
		return sqlite.Each(ctx, q, query, args, func(row sqlite.Scanner) error {
			var session ID
			var archived, deleted int64
			acc := &Access{Channel: shared}
			m := &acc.Membership
			if err := row.Scan(&session, &acc.User, &acc.Role, &m.State, &m.Owner, &m.Favourite, &m.Muted, &m.Notify,
				&m.Section, &acc.unreadRev, &shared.Kind, &archived, &shared.Announce, &shared.SlowSeconds, &deleted,
				&shared.general, &acc.banned, &acc.someBlocked); err != nil {
				return err
			}
			shared.ArchivedAt, shared.deleted = fromMillis(archived), deleted > 0
			found[session] = acc
			return nil
		})
	})
	ordinary = len(found) == 0 || shared.ordinary()
	for _, acc := range found {
		acc.General, acc.ordinary = shared.general, ordinary
	}
	return found, ordinary, err
}

// selectTarget returns the access of a user on whom somebody else acts in a channel: their role and membership, without
// bans and blocks. It works without a session, and for deactivated users.
func selectTarget(ctx context.Context, q sqlite.Querier, ch *Channel, user ID) (Access, error) {
	acc := Access{Channel: ch, User: user}
	err := q.QueryRowContext(ctx, `
		SELECT u.role, COALESCE(m.state, ''), COALESCE(m.role = $1, FALSE)
		FROM users u LEFT JOIN memberships m ON m.channel_id = $2 AND m.user_id = u.id WHERE u.id = $3`,
		channelOwner, ch.ID, user).Scan(&acc.Role, &acc.Membership.State, &acc.Membership.Owner)
	return acc, err
}

// blockedIn returns why a user cannot post in a direct conversation because of blocks; nil without any. It asks the
// database only if someBlocked holds, which is rare.
func blockedIn(ctx context.Context, q sqlite.Querier, acc *Access) (*Error, error) {
	if !acc.someBlocked {
		return nil, nil
	}
	err := mayWriteTo(ctx, q, acc.User, acc.Channel.ID)
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal, nil
	}
	return nil, err
}
