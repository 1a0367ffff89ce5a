package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"chitchat/chat/sqlite"
)

// banInForce returns the SQL condition that the ban b is active: it was not lifted, and has not expired at the time in
// the numbered parameter.
func banInForce(now int) string {
	return fmt.Sprintf(`b.lifted_at = 0 AND (b.until = 0 OR b.until > $%d)`, now)
}

// activeBans returns the channels from which the user is banned; 0 is the whole workspace.
func activeBans(ctx context.Context, q sqlite.Querier, user ID, now time.Time) (map[ID]bool, error) {
	return idSet(ctx, q, `SELECT b.channel_id FROM bans b WHERE b.user_id = $1 AND `+banInForce(2), user, now.UnixMilli())
}

// bannedPeople returns all users with a ban that was not lifted, including expired bans.
func bannedPeople(ctx context.Context, q sqlite.Querier) (map[ID]bool, error) {
	return idSet(ctx, q, `SELECT DISTINCT user_id FROM bans WHERE lifted_at = 0`)
}

// signInBlocked returns why a user may not sign in, an *Error of CodeForbidden, or nil when they may. Every way to sign
// in must call it once the user is known, in the transaction that begins the session and before that writes.
func (c *core) signInBlocked(ctx context.Context, q sqlite.Querier, user ID) error {
	var deactivated bool
	err := q.QueryRowContext(ctx, `SELECT deactivated_at > 0 FROM users WHERE id = $1`, user).Scan(&deactivated)
	switch {
	case err != nil:
		return err
	case deactivated:
		return errDeactivated
	}
	var reason string
	var until int64
	err = q.QueryRowContext(ctx, `SELECT b.reason, b.until FROM bans b
		WHERE b.user_id = $1 AND b.channel_id = 0 AND `+banInForce(2)+`
		ORDER BY CASE WHEN b.until = 0 THEN 0 ELSE 1 END, b.until DESC LIMIT 1`, user, c.now().UnixMilli()).
		Scan(&reason, &until)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	s := "You are banned from here"
	if until > 0 {
		s += " until " + fromMillis(until).Format("2 January 2006, 15:04 UTC")
	}
	if reason != "" {
		// isolates the text: it may be right-to-left, and must not turn what follows
		s += ": \u2068" + strings.TrimSuffix(reason, ".") + "\u2069"
	}
	return Errorf(CodeForbidden, "%s.", s)
}

// errDeactivated is for a user who has proved who they are.
var errDeactivated = Errorf(CodeForbidden, "This account is deactivated. An admin can open it again.")
