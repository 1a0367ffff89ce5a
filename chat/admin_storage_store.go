package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// selectAmounts returns the usage of each of the channels, or of all that have files if none are given.
func selectAmounts(ctx context.Context, q sqlite.Querier, channels []ID) (map[ID]FileUsage, error) {
	query, args := `SELECT channel_id, count(*), sum(size) FROM attachments `, []any(nil)
	if len(channels) > 0 {
		query += `WHERE channel_id IN ` + sqlite.InList(1, len(channels))
		for _, id := range channels {
			args = append(args, id)
		}
	}
	return sqlite.CollectMap(ctx, q, func(row sqlite.Scanner) (id ID, n FileUsage, err error) {
		err = row.Scan(&id, &n.Files, &n.Bytes)
		return id, n, err
	}, query+` GROUP BY channel_id`, args...)
}

// selectPictures returns the usage of profile pictures.
func selectPictures(ctx context.Context, q sqlite.Querier) (n FileUsage, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), COALESCE(sum(avatar_size), 0) FROM users WHERE avatar > 0`).
		Scan(&n.Files, &n.Bytes)
	return n, err
}

// selectUsageByUser returns a page of users with files, largest usage first.
func selectUsageByUser(ctx context.Context, q sqlite.Querier, f ListQuery) (t List[UserUsage], err error) {
	const from = ` FROM (SELECT user_id, size, seq = 0 AS waits FROM attachments
			UNION ALL SELECT id, avatar_size, FALSE FROM users WHERE avatar > 0) AS files
		WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = files.user_id AND u.name_key LIKE $1 ESCAPE '\')`
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(DISTINCT user_id)`+from, like(NameKey(f.Text))).
		Scan(&t.Total); err != nil {
		return t, err
	}
	t.Rows, err = sqlite.Collect(ctx, q, scanUserUsage, `
		SELECT u.id, u.name, f.files, f.bytes, f.waiting, f.waiting_bytes FROM (
			SELECT user_id, count(*) AS files, sum(size) AS bytes, count(CASE WHEN waits THEN 1 END) AS waiting,
				COALESCE(sum(CASE WHEN waits THEN size END), 0) AS waiting_bytes`+from+`
			GROUP BY user_id ORDER BY bytes DESC, user_id LIMIT $2 OFFSET $3) AS f JOIN users u ON u.id = f.user_id
		ORDER BY f.bytes DESC, u.id`, like(NameKey(f.Text)), PageSize, f.Page*PageSize)
	return t, err
}

func scanUserUsage(row sqlite.Scanner) (u UserUsage, err error) {
	err = row.Scan(&u.ID, &u.Name, &u.Files, &u.Bytes, &u.Waiting.Files, &u.Waiting.Bytes)
	return u, err
}
