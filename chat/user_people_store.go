package chat

import (
	"context"
	"strings"

	"chitchat/chat/sqlite"
)

// activePeople returns those of the people who exist and are not deactivated.
func activePeople(ctx context.Context, q sqlite.Querier, people []ID) (map[ID]bool, error) {
	args := make([]any, len(people))
	for i, id := range people {
		args[i] = id
	}
	return idSet(ctx, q, `SELECT id FROM users WHERE deactivated_at = 0 AND name_key IS NOT NULL
		AND id IN `+sqlite.InList(1, len(args)), args...)
}

// userQuery selects users.
type userQuery struct {
	query string
	among []ID // only these; nil: all
	notIn ID   // a channel that they are not members of; 0: none
	with  ID   // they share a channel with this user; 0: everyone
	but   ID
	most  int
}

// selectUsers returns users sorted by name. With an empty query it reads no more rows than it returns.
func selectUsers(ctx context.Context, q sqlite.Querier, f userQuery) ([]User, error) {
	args := []any{like(NameKey(f.query)), f.but, f.notIn, f.with, Joined, f.most}
	among := ""
	if f.among != nil {
		among = ` AND u.id IN ` + sqlite.InList(len(args)+1, len(f.among))
		for _, id := range f.among {
			args = append(args, id)
		}
	}
	return sqlite.Collect(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u
		WHERE u.deactivated_at = 0 AND u.name_key LIKE $1 ESCAPE '\' AND u.id <> $2
			AND ($3 = 0 OR NOT EXISTS (SELECT 1 FROM memberships m WHERE m.channel_id = $3 AND m.user_id = u.id
				AND m.state = $5))
			AND ($4 = 0 OR EXISTS (SELECT 1 FROM memberships mine JOIN memberships theirs ON theirs.channel_id = mine.channel_id
				WHERE mine.user_id = $4 AND mine.state = $5 AND theirs.user_id = u.id AND theirs.state = $5))`+among+`
		ORDER BY u.name_key LIMIT $6`, args...)
}

// like returns a LIKE pattern that matches texts which contain the text.
func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// userNamed returns the user of that name; the ID is 0 when there is none.
func userNamed(ctx context.Context, q sqlite.Querier, name string) (User, error) {
	users, err := sqlite.Collect(ctx, q, scanUser,
		`SELECT `+userColumns+` FROM users u WHERE deactivated_at = 0 AND name_key = $1`, NameKey(name))
	if err != nil || len(users) == 0 {
		return User{}, err
	}
	return users[0], nil
}
