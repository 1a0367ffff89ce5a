package chat

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// channelOwner is the database's role of a channel's owner.
const channelOwner = "owner"

// membershipRow is a membership with its internal fields.
type membershipRow struct {
	Membership
	readMark
	rev int64
}

const membershipColumns = `channel_id, user_id, state, role, favourite, muted, notify, hidden_seq, shut, section,
	read_seq, unread_rev, rev`

// scanMembership reads membershipColumns, and more columns after them.
func scanMembership(row sqlite.Scanner, more ...any) (channel, user ID, m membershipRow, err error) {
	var role string
	err = row.Scan(append([]any{&channel, &user, &m.State, &role, &m.Favourite, &m.Muted, &m.Notify, &m.hiddenSeq, &m.shut,
		&m.Section, &m.readSeq, &m.unreadRev, &m.rev}, more...)...)
	m.Owner = role == channelOwner
	return channel, user, m, err
}

// selectMembership returns a user's membership, and whether they are banned from the channel. Without a row the
// membership is zero.
func selectMembership(ctx context.Context, q sqlite.Querier, channel, user ID,
	now time.Time) (m Membership, banned bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM bans b
		WHERE b.user_id = $1 AND b.channel_id IN (0, $2) AND `+banInForce(3)+`)`,
		user, channel, now.UnixMilli()).Scan(&banned)
	if err != nil {
		return m, false, err
	}
	_, _, got, err := scanMembership(q.QueryRowContext(ctx,
		`SELECT `+membershipColumns+` FROM memberships WHERE channel_id = $1 AND user_id = $2`, channel, user))
	if errors.Is(err, sql.ErrNoRows) {
		return Membership{}, banned, nil
	}
	return got.Membership, banned, err
}

// selectStates returns a user's state in each of the channels.
func selectStates(ctx context.Context, q sqlite.Querier, user ID, channels []ID) (map[ID]State, error) {
	states := make(map[ID]State, len(channels))
	err := sqlite.InBatches(channels, func(batch []ID) error {
		args := []any{user}
		for _, id := range batch {
			args = append(args, id)
		}
		return sqlite.Each(ctx, q, `SELECT channel_id, state FROM memberships WHERE user_id = $1 AND channel_id IN `+
			sqlite.InList(2, len(batch)), args, func(row sqlite.Scanner) error {
			channel, state, err := sqlite.Pair[ID, State](row)
			states[channel] = state
			return err
		})
	})
	return states, err
}

// membershipsOf returns all memberships of a user, by channel.
func membershipsOf(ctx context.Context, q sqlite.Querier, user ID) (map[ID]membershipRow, error) {
	memberships := make(map[ID]membershipRow)
	err := eachMembership(ctx, q, `user_id = $1`, user, func(channel, _ ID, m membershipRow) { memberships[channel] = m })
	return memberships, err
}

// eachMembership calls fn for the memberships that match, in the order of rev. The condition has one argument.
func eachMembership(ctx context.Context, q sqlite.Querier, condition string, arg any,
	fn func(channel, user ID, m membershipRow)) error {
	query := `SELECT ` + membershipColumns + ` FROM memberships WHERE ` + condition + ` ORDER BY rev`
	return sqlite.Each(ctx, q, query, []any{arg}, func(row sqlite.Scanner) error {
		channel, user, m, err := scanMembership(row)
		if err == nil {
			fn(channel, user, m)
		}
		return err
	})
}

// eachChangedMembership calls fn for the memberships that have changed after a rev, in the order of rev, with whether
// the user is a guest: one query, so that the two belong together.
func eachChangedMembership(ctx context.Context, q sqlite.Querier, rev int64,
	fn func(channel, user ID, m membershipRow, guest bool)) error {
	const query = `SELECT ` + membershipColumns + `,
		EXISTS (SELECT 1 FROM users u WHERE u.id = memberships.user_id AND u.role = $1)
		FROM memberships WHERE rev > $2 ORDER BY rev`
	return sqlite.Each(ctx, q, query, []any{RoleGuest, rev}, func(row sqlite.Scanner) error {
		var guest bool
		channel, user, m, err := scanMembership(row, &guest)
		if err == nil {
			fn(channel, user, m, guest)
		}
		return err
	})
}

// fewCompanions is the maximum number of people who are looked up one by one.
const fewCompanions = 16

// sharesChannelWith returns the people who share a channel with the user: for few people only those among them, since a
// guest's page asks at each change of a profile, and for more, all such people.
func sharesChannelWith(ctx context.Context, q sqlite.Querier, user ID, people []ID) (map[ID]bool, error) {
	query, args := `SELECT DISTINCT other.user_id FROM memberships mine JOIN memberships other
		ON other.channel_id = mine.channel_id
		WHERE mine.user_id = $1 AND mine.state = $2 AND other.state = $2`, []any{user, Joined}
	if len(people) > fewCompanions {
		return idSet(ctx, q, query, args...)
	}
	shared := make(map[ID]bool)
	return shared, sqlite.InBatches(people, func(piece []ID) error {
		args := slices.Clone(args)
		for _, id := range piece {
			args = append(args, id)
		}
		some, err := idSet(ctx, q, query+` AND other.user_id IN `+sqlite.InList(3, len(piece)), args...)
		maps.Copy(shared, some)
		return err
	})
}

// idSet returns the IDs of a query of one column.
func idSet(ctx context.Context, q sqlite.Querier, query string, args ...any) (map[ID]bool, error) {
	return sqlite.CollectMap(ctx, q, func(row sqlite.Scanner) (ID, bool, error) {
		id, err := scanID(row)
		return id, true, err
	}, query, args...)
}
