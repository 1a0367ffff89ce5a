package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// selectAmounts returns the usage of each of the channels, or of all that have files if none are given.
func selectAmounts(ctx context.Context, q sqlite.Querier, channels []ID) (map[ID]FileUsage, error) {
	query, args := `SELECT COALESCE(t.channel_id, a.channel_id), count(*), sum(a.size) FROM attachments a
		LEFT JOIN threads t ON t.id = a.channel_id `, []any(nil)
	if n := len(channels); n > 0 {
		in := sqlite.InList(1, n)
		query += `WHERE a.channel_id IN ` + in + ` OR a.channel_id IN (SELECT id FROM threads WHERE channel_id IN ` + in + `)`
		for _, id := range channels {
			args = append(args, id)
		}
	}
	return sqlite.CollectMap(ctx, q, func(row sqlite.Scanner) (id ID, n FileUsage, err error) {
		err = row.Scan(&id, &n.Files, &n.Bytes)
		return id, n, err
	}, query+` GROUP BY COALESCE(t.channel_id, a.channel_id)`, args...)
}

// selectPictures returns the usage of profile pictures.
func selectPictures(ctx context.Context, q sqlite.Querier) (n FileUsage, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), COALESCE(sum(avatar_size), 0) FROM users WHERE avatar > 0`).
		Scan(&n.Files, &n.Bytes)
	return n, err
}

func selectLinkPreviewPictures(ctx context.Context, q sqlite.Querier) (n FileUsage, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), COALESCE(sum(picture_size), 0) FROM link_previews WHERE picture > 0`).
		Scan(&n.Files, &n.Bytes)
	return n, err
}

// selectUsageByUser returns a page of users with files, largest usage first. There are many files and few users, so
// files are summed up first, once, and names are matched after it.
func selectUsageByUser(ctx context.Context, q sqlite.Querier, f ListQuery) (t List[UserUsage], err error) {
	const from = ` FROM (
			SELECT user_id, count(*) AS files, sum(size) AS bytes, count(CASE WHEN waits THEN 1 END) AS waiting,
				COALESCE(sum(CASE WHEN waits THEN size END), 0) AS waiting_bytes
			FROM (SELECT user_id, size, seq = 0 AS waits FROM attachments
				UNION ALL SELECT id, avatar_size, FALSE FROM users WHERE avatar > 0) AS files
			GROUP BY user_id) AS f
		JOIN users u ON u.id = f.user_id WHERE u.name_key LIKE $1 ESCAPE '\'`
	t.ListQuery = f
	t.Rows, err = sqlite.Collect(ctx, q, func(row sqlite.Scanner) (u UserUsage, err error) {
		err = row.Scan(&u.ID, &u.Name, &u.Files, &u.Bytes, &u.Waiting.Files, &u.Waiting.Bytes, &t.Total)
		return u, err
	}, `SELECT u.id, u.name, f.files, f.bytes, f.waiting, f.waiting_bytes, count(*) OVER ()`+from+`
		ORDER BY f.bytes DESC, u.id LIMIT $2 OFFSET $3`, like(NameKey(f.Text)), PageSize, f.Page*PageSize)
	if err == nil && len(t.Rows) == 0 && f.Page > 0 { // past the end there is no row to say it
		err = q.QueryRowContext(ctx, `SELECT count(*)`+from, like(NameKey(f.Text))).Scan(&t.Total)
	}
	return t, err
}
