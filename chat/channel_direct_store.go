package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"chitchat/chat/sqlite"
)

// membersKey returns the key of a set of people, independent of their order.
func membersKey(people []ID) string {
	slices.Sort(people)
	keys := make([]string, len(people))
	for i, id := range people {
		keys[i] = id.String()
	}
	return strings.Join(keys, "-")
}

// directBetween returns the conversation of a set of people; its ID is 0 when there is none.
func directBetween(ctx context.Context, q sqlite.Querier, key string) (Channel, error) {
	ch, err := scanChannel(q.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channels WHERE members_key = $1`, key))
	if errors.Is(err, sql.ErrNoRows) {
		return Channel{}, nil
	}
	return ch, err
}

// others returns the members of the channels without one user, sorted by name.
func others(ctx context.Context, q sqlite.Querier, but ID, channels []ID) (map[ID][]User, error) {
	with := make(map[ID][]User, len(channels))
	for chunk := range slices.Chunk(channels, 500) {
		args := []any{but, Joined}
		for _, id := range chunk {
			args = append(args, id)
		}
		query := `SELECT ` + userColumns + `, m.channel_id
			FROM memberships m JOIN users u ON u.id = m.user_id
			WHERE m.user_id <> $1 AND m.state = $2 AND m.channel_id IN ` + sqlite.InList(3, len(chunk)) +
			` ORDER BY u.name_key, u.id`
		err := sqlite.Each(ctx, q, query, args, func(row sqlite.Scanner) error {
			var channel ID
			var u User
			err := scanUserAnd(row, &u, &channel)
			with[channel] = append(with[channel], u)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return with, nil
}
