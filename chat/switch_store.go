package chat

import (
	"context"
	"strings"

	"chitchat/chat/sqlite"
)

// namedThread is a thread that a user follows, with how its root begins.
type namedThread struct {
	ThreadCount
	body string
}

// selectNamedThreads returns the threads that a user follows, or those of them with unread replies: the newest ones, of
// any channels.
func selectNamedThreads(ctx context.Context, q sqlite.Querier, user ID, unread bool) ([]namedThread, error) {
	least := 0
	if unread {
		least = 1
	}
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (t namedThread, err error) {
		err = row.Scan(&t.Channel, &t.Root, &t.Unread, &t.body)
		return t, err
	}, `SELECT f.channel_id, f.seq, f.unread, substr(m.body, 1, 300) FROM (`+countedThreads+`) AS f
		JOIN messages m ON m.channel_id = f.channel_id AND m.seq = f.seq WHERE m.deleted_at = 0`,
		user, least, maxSwitchThreads)
}

// selectMatching returns users whom the actor sees and whose name or handle may match, at most maxSwitchPeople: first
// those whose name begins with what was typed, or a word of it does, then the others that have its letters. The last
// are some of those with letters beyond ASCII: whether they match without their accents is for the caller to find out.
func selectMatching(ctx context.Context, q sqlite.Querier, a Actor, m matcher) ([]User, error) {
	var with ID // guests see those they share a channel with
	if a.Role == RoleGuest {
		with = a.ID
	}
	begins := strings.TrimPrefix(like(m.typed), "%")
	var some strings.Builder
	for _, r := range m.letters {
		some.WriteString(strings.TrimSuffix(like(string(r)), "%"))
	}
	return sqlite.Collect(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u
		WHERE u.deactivated_at = 0 AND u.name_key IS NOT NULL AND u.id <> $1 AND (u.name_key LIKE $2 ESCAPE '\'
				OR u.handle LIKE $2 ESCAPE '\' OR octet_length(u.name_key) > length(u.name_key))
			AND ($3 = 0 OR EXISTS (SELECT 1 FROM memberships mine JOIN memberships theirs ON theirs.channel_id = mine.channel_id
				WHERE mine.user_id = $3 AND mine.state = $4 AND theirs.user_id = u.id AND theirs.state = $4))
		ORDER BY CASE WHEN u.name_key LIKE $5 ESCAPE '\' THEN 0 WHEN u.name_key LIKE $6 ESCAPE '\' THEN 1
			WHEN u.name_key LIKE $2 ESCAPE '\' OR u.handle LIKE $2 ESCAPE '\' THEN 2 ELSE 3 END, u.name_key LIMIT $7`,
		a.ID, some.String()+"%", with, Joined, begins, "% "+begins, maxSwitchPeople)
}
