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

// peopleFind says which people are asked for.
type peopleFind struct {
	query string
	among []ID // only these; nil: of all
	notIn ID   // a channel in which they are not; 0: wherever they are
	with  ID   // who shares a channel with that person; 0: everyone
	but   ID
	most  int
}

// selectPeople returns people sorted by name. It reads no more of them than it returns, where the query is empty.
func selectPeople(ctx context.Context, q querier, f peopleFind) ([]User, error) {
	args := []any{like(NameKey(f.query)), f.but, f.notIn, f.with, Joined, f.most}
	among := ""
	if f.among != nil {
		among = ` AND u.id IN ` + inList(len(args)+1, len(f.among))
		for _, id := range f.among {
			args = append(args, id)
		}
	}
	return scanUsers(q.QueryContext(ctx, `SELECT `+userColumns+` FROM users u
		WHERE u.deactivated_at = 0 AND u.name_key LIKE $1 ESCAPE '\' AND u.id <> $2
			AND ($3 = 0 OR NOT EXISTS (SELECT 1 FROM memberships m WHERE m.channel_id = $3 AND m.user_id = u.id AND m.state = $5))
			AND ($4 = 0 OR EXISTS (SELECT 1 FROM memberships mine JOIN memberships theirs ON theirs.channel_id = mine.channel_id
				WHERE mine.user_id = $4 AND mine.state = $5 AND theirs.user_id = u.id AND theirs.state = $5))`+among+`
		ORDER BY u.name_key LIMIT $6`, args...))
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
