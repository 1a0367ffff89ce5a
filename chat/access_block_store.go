package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// shutGroups hides the group conversations that starter has started from the user's sidebar, or lists them again. It
// counts as a membership change: every node updates the pages of both.
func shutGroups(ctx context.Context, tx *sqlite.Tx, user, starter ID, shut bool) error {
	rev, err := nextMembershipRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`UPDATE memberships SET shut = $1, rev = $2 WHERE user_id = $3 AND shut <> $1 AND state = $4
		AND channel_id IN (SELECT id FROM channels ch WHERE ch.created_by = $5 AND ch.kind = $6
			AND (SELECT count(*) FROM memberships o WHERE o.channel_id = ch.id AND o.state = $4) > 2)`,
		shut, rev, user, Joined, starter, Direct)
	return err
}

// unblockedIn refuses a user who has started the channel when a member of it has blocked them.
func unblockedIn(ctx context.Context, q sqlite.Querier, user, channel ID) error {
	users, err := sqlite.Collect(ctx, q, scanUser,
		`SELECT `+userColumns+` FROM users u JOIN memberships m ON m.user_id = u.id AND m.state = $1
		JOIN blocks b ON b.user_id = u.id AND b.blocked_id = $2 JOIN channels ch ON ch.id = m.channel_id
			AND ch.created_by = $2
		WHERE ch.id = $3 LIMIT 1`, Joined, user, channel)
	if err != nil || len(users) == 0 {
		return err
	}
	return Errorf(CodeForbidden,
		"%s takes no messages in conversations that you have started. Start one without them to write to the others.",
		users[0].Name)
}

// someBlocked is the SQL condition that the user u and a member of the channel $1 have blocked one another, in either
// direction.
const someBlocked = `EXISTS (SELECT 1 FROM memberships o WHERE o.channel_id = $1 AND
	(EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = u.id AND b.blocked_id = o.user_id)
		OR EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = o.user_id AND b.blocked_id = u.id)))`

// unblocked refuses when one of the people has blocked the user, or was blocked by them.
func unblocked(ctx context.Context, q sqlite.Querier, user ID, people []ID) error {
	args := []any{user}
	for _, id := range people {
		args = append(args, id)
	}
	list := sqlite.InList(2, len(people))
	users, err := sqlite.Collect(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u
		WHERE id IN (SELECT blocked_id FROM blocks WHERE user_id = $1) AND id IN `+list, args...)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return Errorf(CodeForbidden, "You have blocked %s. Unblock them in your settings to write to them.", users[0].Name)
	}
	users, err = sqlite.Collect(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u
		WHERE id IN (SELECT user_id FROM blocks WHERE blocked_id = $1) AND id IN `+list, args...)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return Errorf(CodeForbidden, "%s does not take direct messages from you.", users[0].Name)
	}
	return nil
}
