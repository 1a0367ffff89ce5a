package chat

import (
	"context"
	"database/sql"
	"time"

	"chitchat/chat/sqlite"
)

// selectUserSummaries returns a page of users, without those who lost their name to another user.
func selectUserSummaries(ctx context.Context, q sqlite.Querier, f ListQuery,
	now time.Time) (t List[UserSummary], err error) {
	const from = ` FROM users u WHERE u.name_key IS NOT NULL AND (u.name_key LIKE $1 ESCAPE '\' OR u.role = $2
		OR $2 = 'deactivated' AND u.deactivated_at > 0)`
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(*)`+from, like(NameKey(f.Text)), f.Text).Scan(&t.Total); err != nil {
		return t, err
	}
	t.Rows, err = sqlite.Collect(ctx, q, scanUserSummary, `
		SELECT u.id, u.name, u.created_at, u.role, u.deactivated_at, u.posted,
			(SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > $3),
			(SELECT max(seen_at) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > $3),
			EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = u.id) OR EXISTS (SELECT 1 FROM passkeys k
				WHERE k.user_id = u.id)`+from+`
		ORDER BY u.name_key LIMIT $4 OFFSET $5`, like(NameKey(f.Text)), f.Text, now.UnixMilli(), PageSize, f.Page*PageSize)
	return t, err
}

func scanUserSummary(row sqlite.Scanner) (p UserSummary, err error) {
	var created, deactivated int64
	var seen sql.NullInt64
	err = row.Scan(&p.ID, &p.Name, &created, &p.Role, &deactivated, &p.Posted, &p.Sessions, &seen, &p.Account)
	p.CreatedAt, p.DeactivatedAt, p.SeenAt = fromMillis(created), fromMillis(deactivated), fromMillis(seen.Int64)
	return p, err
}
