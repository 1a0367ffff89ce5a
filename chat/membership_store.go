package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"chitchat/chat/sqlite"
)

// channelOwner is the role of who owns a channel, as the database has it.
const channelOwner = "owner"

// membershipRow is a membership with what only the program needs.
type membershipRow struct {
	Membership
	readSeq int64
	rev     int64
}

const membershipColumns = `channel_id, user_id, state, role, favourite, muted, notify, hidden_seq, shut, read_seq, rev`

func scanMembership(row sqlite.Scanner) (channel, user ID, m membershipRow, err error) {
	var role string
	err = row.Scan(&channel, &user, &m.State, &role, &m.Favourite, &m.Muted, &m.Notify, &m.hiddenSeq, &m.shut, &m.readSeq, &m.rev)
	m.Owner = role == channelOwner
	return channel, user, m, err
}

// selectMembership returns how a person stands to a channel, and whether they are banned from it. Someone who has nothing to
// do with it has a zero Membership.
func selectMembership(ctx context.Context, q sqlite.Querier, channel, user ID, now time.Time) (m Membership, banned bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM bans
		WHERE user_id = $1 AND channel_id IN (0, $2) AND lifted_at = 0 AND (until = 0 OR until > $3))`,
		user, channel, now.UnixMilli()).Scan(&banned)
	if err != nil {
		return m, false, err
	}
	_, _, got, err := scanMembership(q.QueryRowContext(ctx, `SELECT `+membershipColumns+` FROM memberships WHERE channel_id = $1 AND user_id = $2`, channel, user))
	if errors.Is(err, sql.ErrNoRows) {
		return Membership{}, banned, nil
	}
	return got.Membership, banned, err
}

// membershipsOf returns how a person stands to all channels that they have ever been to.
func membershipsOf(ctx context.Context, q sqlite.Querier, user ID) (map[ID]membershipRow, error) {
	marks := make(map[ID]membershipRow)
	err := eachMembership(ctx, q, `user_id = $1`, user, func(channel, _ ID, m membershipRow) { marks[channel] = m })
	return marks, err
}

// eachMembership calls fn for the memberships that fit, in the order of rev. The condition has one argument.
func eachMembership(ctx context.Context, q sqlite.Querier, condition string, arg any, fn func(channel, user ID, m membershipRow)) error {
	query := `SELECT ` + membershipColumns + ` FROM memberships WHERE ` + condition + ` ORDER BY rev`
	return sqlite.Each(ctx, q, query, []any{arg}, func(row sqlite.Scanner) error {
		channel, user, m, err := scanMembership(row)
		if err == nil {
			fn(channel, user, m)
		}
		return err
	})
}

// nextMembershipRev raises the counter by which other nodes find what has changed.
func nextMembershipRev(ctx context.Context, tx *sqlite.Tx) (rev int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value`, "memberships").Scan(&rev)
	return rev, err
}

// setMembership changes how a person stands to a channel: columns and their values in turn. Someone who had nothing
// to do with it begins with everything read. After the commit, hub.refreshMembers has to be called.
func setMembership(ctx context.Context, tx *sqlite.Tx, channel, user ID, changes ...any) error {
	rev, err := nextMembershipRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state)
		SELECT id, $1, last_seq, $2, $3 FROM channels WHERE id = $4 ON CONFLICT DO NOTHING`, user, tx.Now.UnixMilli(), Seen, channel)
	if err != nil {
		return err
	}
	var set strings.Builder
	args := []any{rev}
	for i := 0; i < len(changes); i += 2 {
		args = append(args, changes[i+1])
		fmt.Fprintf(&set, ", %s = $%d", changes[i], len(args))
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`UPDATE memberships SET rev = $1%s WHERE channel_id = $%d AND user_id = $%d`,
		&set, len(args)+1, len(args)+2), append(args, channel, user)...)
	return err
}

// passOver notes of an archived channel, before it is taken into use again, that those who have come since have read it: to them
// it is history. After the commit, hub.refreshMembers has to be called.
func passOver(ctx context.Context, tx *sqlite.Tx, channel ID) error {
	rev, err := nextMembershipRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state, rev)
		SELECT ch.id, u.id, ch.last_seq, $1, $2, $3 FROM channels ch JOIN users u ON u.created_at >= ch.archived_at
		WHERE ch.id = $4 AND ch.kind = $5 AND ch.last_seq > 0 AND u.role <> $6
		ON CONFLICT DO NOTHING`, tx.Now.UnixMilli(), Seen, rev, channel, Public, RoleGuest)
	return err
}

// noteUnread notes that someone has to do with a channel in which they have read nothing: what they want of it does not make
// it read, as setMembership would.
func noteUnread(ctx context.Context, tx *sqlite.Tx, channel, user ID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state)
		VALUES ($1, $2, 0, $3, $4) ON CONFLICT DO NOTHING`, channel, user, tx.Now.UnixMilli(), Seen)
	return err
}

// joinAuthors lets those be in the channel who have posted and were not.
func joinAuthors(ctx context.Context, tx *sqlite.Tx, channel ID, authors []ID) error {
	if len(authors) == 0 {
		return nil
	}
	rev, err := nextMembershipRev(ctx, tx)
	if err != nil {
		return err
	}
	args := []any{Joined, rev, channel}
	for _, id := range authors {
		args = append(args, id)
	}
	_, err = tx.ExecContext(ctx, `UPDATE memberships SET state = $1, rev = $2
		WHERE channel_id = $3 AND state <> $1 AND user_id IN `+sqlite.InList(4, len(authors)), args...)
	return err
}

// promoteSuccessor makes the one who is in the channel for longest its owner, when none is left.
func promoteSuccessor(ctx context.Context, tx *sqlite.Tx, channel ID) error {
	var heir ID
	err := tx.QueryRowContext(ctx, `SELECT user_id FROM memberships WHERE channel_id = $1 AND state = $2 AND NOT EXISTS (
			SELECT 1 FROM memberships WHERE channel_id = $1 AND state = $2 AND role = $3)
		ORDER BY joined_at, user_id LIMIT 1`, channel, Joined, channelOwner).Scan(&heir)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return setMembership(ctx, tx, channel, heir, "role", channelOwner)
}

// activeBans returns the channels from which a person is banned; 0 is the whole workspace.
func activeBans(ctx context.Context, q sqlite.Querier, user ID, now time.Time) (map[ID]bool, error) {
	return idSet(ctx, q, `SELECT channel_id FROM bans WHERE user_id = $1 AND lifted_at = 0 AND (until = 0 OR until > $2)`,
		user, now.UnixMilli())
}

// bannedPeople returns everyone of whom a ban was not lifted, those that have run out among them.
func bannedPeople(ctx context.Context, q sqlite.Querier) (map[ID]bool, error) {
	return idSet(ctx, q, `SELECT DISTINCT user_id FROM bans WHERE lifted_at = 0`)
}

// fewCompanions is how many people are looked for one by one.
const fewCompanions = 16

// sharesChannelWith returns those with whom a person shares a channel: of a few people those alone, for a guest's page asks at
// each change of a face, and of more, everyone.
func sharesChannelWith(ctx context.Context, q sqlite.Querier, user ID, people []ID) (map[ID]bool, error) {
	query, args := `SELECT DISTINCT other.user_id FROM memberships mine JOIN memberships other ON other.channel_id = mine.channel_id
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

// idSet reads a query of one column of IDs.
func idSet(ctx context.Context, q sqlite.Querier, query string, args ...any) (map[ID]bool, error) {
	return sqlite.CollectMap(ctx, q, func(row sqlite.Scanner) (ID, bool, error) {
		id, err := scanID(row)
		return id, true, err
	}, query, args...)
}
