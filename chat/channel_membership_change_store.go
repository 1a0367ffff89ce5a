package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"chitchat/chat/sqlite"
)

// nextMembershipRev increments the counter by which other nodes find changes.
func nextMembershipRev(ctx context.Context, tx *sqlite.Tx) (rev int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value`, "memberships").
		Scan(&rev)
	return rev, err
}

// join makes a user a member of a channel.
func join(ctx context.Context, tx *sqlite.Tx, channel, user ID) error {
	return updateMembership(ctx, tx, channel, user, `state = $2`, Joined)
}

// joinAsOwner makes a user a member and owner of a channel.
func joinAsOwner(ctx context.Context, tx *sqlite.Tx, channel, user ID) error {
	return updateMembership(ctx, tx, channel, user, `state = $2, role = $3`, Joined, channelOwner)
}

// joinUnlisted makes a user a member of a new direct conversation, which is in their sidebar from its first message on.
func joinUnlisted(ctx context.Context, tx *sqlite.Tx, channel, user ID) error {
	return updateMembership(ctx, tx, channel, user, `state = $2, hidden_seq = 0`, Joined)
}

// promote makes a member the owner of a channel.
func promote(ctx context.Context, tx *sqlite.Tx, channel, user ID) error {
	return updateMembership(ctx, tx, channel, user, `role = $2`, channelOwner)
}

// takeOut ends a membership. The channel may be left without an owner: see promoteSuccessor.
func takeOut(ctx context.Context, tx *sqlite.Tx, ch *cachedChannel, user ID) error {
	return updateMembership(ctx, tx, ch.ID, user, `state = $2, role = 'member', favourite = FALSE, section = 0`,
		stateAfterLeaving(ch.info.Load()))
}

// hide removes a direct conversation from a user's sidebar until a message after seq; -1 lists it again.
func hide(ctx context.Context, tx *sqlite.Tx, channel, user ID, seq int64) error {
	return updateMembership(ctx, tx, channel, user, `hidden_seq = $2`, seq)
}

// updatePreferences stores a user's preferences for a channel.
func updatePreferences(ctx context.Context, tx *sqlite.Tx, channel, user ID, favourite, muted bool,
	notify Notify, section ID) error {
	return updateMembership(ctx, tx, channel, user, `favourite = $2, muted = $3, notify = $4, section = $5`, favourite,
		muted, notify, section)
}

// updateMembership changes a user's membership, or inserts one with everything read. The parameters of set begin at $2.
// Call hub.refreshMembers after the commit.
func updateMembership(ctx context.Context, tx *sqlite.Tx, channel, user ID, set string, args ...any) error {
	rev, err := nextMembershipRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state)
		SELECT id, $1, last_seq, $2, $3 FROM channels WHERE id = $4 ON CONFLICT
			DO NOTHING`, user, tx.Now.UnixMilli(), Seen, channel)
	if err != nil {
		return err
	}
	where := fmt.Sprintf(` WHERE channel_id = $%d AND user_id = $%d`, len(args)+2, len(args)+3)
	_, err = tx.ExecContext(ctx, `UPDATE memberships SET rev = $1, `+set+where,
		append(append([]any{rev}, args...), channel, user)...)
	return err
}

// markReadForNewUsers marks an archived channel, before it is restored, as read for users who were created since it was
// archived: to them it is history. Call hub.refreshMembers after the commit.
func markReadForNewUsers(ctx context.Context, tx *sqlite.Tx, channel ID) error {
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

// noteUnread inserts a membership with nothing read, if there is none: setting preferences must not mark a channel as
// read, as updateMembership would.
func noteUnread(ctx context.Context, tx *sqlite.Tx, channel, user ID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state)
		VALUES ($1, $2, 0, $3, $4) ON CONFLICT DO NOTHING`, channel, user, tx.Now.UnixMilli(), Seen)
	return err
}

// joinAuthors makes the authors members, if they are not.
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

// promoteSuccessor makes the longest-standing member the owner if the channel has no owner.
func promoteSuccessor(ctx context.Context, tx *sqlite.Tx, channel ID) error {
	var successor ID
	err := tx.QueryRowContext(ctx, `SELECT user_id FROM memberships WHERE channel_id = $1 AND state = $2 AND NOT EXISTS (
			SELECT 1 FROM memberships WHERE channel_id = $1 AND state = $2 AND role = $3)
		ORDER BY joined_at, user_id LIMIT 1`, channel, Joined, channelOwner).Scan(&successor)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return promote(ctx, tx, channel, successor)
}
