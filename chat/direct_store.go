package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// membersKey is the same for a set of people in whatever order.
func membersKey(people []ID) string {
	slices.Sort(people)
	keys := make([]string, len(people))
	for i, id := range people {
		keys[i] = id.String()
	}
	return strings.Join(keys, "-")
}

// directBetween returns the conversation of a set of people; its ID is 0 when there is none.
func directBetween(ctx context.Context, q querier, key string) (Channel, error) {
	ch, err := scanChannel(q.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channels WHERE members_key = $1`, key))
	if errors.Is(err, sql.ErrNoRows) {
		return Channel{}, nil
	}
	return ch, err
}

// others returns who is in some channels besides a person, sorted by name.
func others(ctx context.Context, q querier, but ID, channels []ID) (map[ID][]User, error) {
	with := make(map[ID][]User, len(channels))
	for chunk := range slices.Chunk(channels, 500) {
		args := []any{but, Joined}
		for _, id := range chunk {
			args = append(args, id)
		}
		rows, err := q.QueryContext(ctx, `SELECT `+userColumns+`, m.channel_id
			FROM memberships m JOIN users u ON u.id = m.user_id
			WHERE m.user_id <> $1 AND m.state = $2 AND m.channel_id IN `+inList(3, len(chunk))+` ORDER BY u.name_key, u.id`, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var channel ID
			var u User
			if err := scanUser(rows, &u, &channel); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			with[channel] = append(with[channel], u)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return with, nil
}

// activePeople returns those of the people who are there and were not deactivated.
func activePeople(ctx context.Context, q querier, people []ID) (map[ID]bool, error) {
	args := make([]any, len(people))
	for i, id := range people {
		args[i] = id
	}
	return idSet(q.QueryContext(ctx, `SELECT id FROM users WHERE deactivated_at = 0 AND name_key IS NOT NULL AND id IN `+inList(1, len(args)), args...))
}

// usersLike returns the people whose name contains the query, sorted by name.
func usersLike(ctx context.Context, q querier, query string) ([]User, error) {
	return scanUsers(q.QueryContext(ctx, `SELECT `+userColumns+` FROM users u
		WHERE deactivated_at = 0 AND name_key LIKE $1 ESCAPE '\' ORDER BY name_key`, like(NameKey(query))))
}

// like makes a pattern that finds what contains the text.
func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// userNamed returns the person of that name; the ID is 0 when there is none.
func userNamed(ctx context.Context, q querier, name string) (User, error) {
	users, err := scanUsers(q.QueryContext(ctx, `SELECT `+userColumns+` FROM users u WHERE deactivated_at = 0 AND name_key = $1`, NameKey(name)))
	if err != nil || len(users) == 0 {
		return User{}, err
	}
	return users[0], nil
}
