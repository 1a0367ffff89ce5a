package chat

import (
	"context"
	"strings"

	"chitchat/chat/sqlite"
)

// selectCompletions reads each user once at most, whatever the query.
func selectCompletions(ctx context.Context, q sqlite.Querier, a Actor, channel ID, key string,
	most int) ([]User, error) {
	var with ID // guests see those they share a channel with
	if a.Role == RoleGuest {
		with = a.ID
	}
	begins := strings.TrimPrefix(like(key), "%")
	return sqlite.Collect(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u
		LEFT JOIN memberships m ON m.channel_id = $1 AND m.user_id = u.id AND m.state = $2
		WHERE u.deactivated_at = 0 AND u.id <> $3
			AND (u.name_key LIKE $4 ESCAPE '\' OR u.name_key LIKE $5 ESCAPE '\' OR u.handle LIKE $4 ESCAPE '\')
			AND ($6 = 0 OR EXISTS (SELECT 1 FROM memberships mine JOIN memberships theirs ON theirs.channel_id = mine.channel_id
				WHERE mine.user_id = $6 AND mine.state = $2 AND theirs.user_id = u.id AND theirs.state = $2))
		ORDER BY CASE WHEN m.user_id IS NULL THEN 1 ELSE 0 END, u.name_key LIMIT $7`,
		channel, Joined, a.ID, begins, "% "+begins, with, most)
}
