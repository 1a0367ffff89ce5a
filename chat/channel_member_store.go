package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// members returns a page of a channel's members, sorted by name.
func members(ctx context.Context, q sqlite.Querier, channel ID, f ListQuery) (t List[Member], err error) {
	const from = ` FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.channel_id = $1 AND m.state = $2 AND u.deactivated_at = 0 AND u.name_key LIKE $3 ESCAPE '\'`
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(*)`+from, channel, Joined, like(NameKey(f.Text))).
		Scan(&t.Total); err != nil {
		return t, err
	}
	t.Rows, err = sqlite.Collect(ctx, q, scanMember,
		`SELECT `+userColumns+`, m.role, m.joined_at`+from+` ORDER BY u.name_key, u.id LIMIT $4 OFFSET $5`,
		channel, Joined, like(NameKey(f.Text)), PageSize, f.Page*PageSize)
	return t, err
}

func scanMember(row sqlite.Scanner) (m Member, err error) {
	var role string
	var joined int64
	err = scanUserAnd(row, &m.User, &role, &joined)
	m.Owner, m.JoinedAt = role == channelOwner, fromMillis(joined)
	return m, err
}

func countMembers(ctx context.Context, q sqlite.Querier, channel ID) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.channel_id = $1 AND m.state = $2 AND u.deactivated_at = 0`, channel, Joined).Scan(&n)
	return n, err
}
