package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// selectUserSummaries returns a page of people. Who has lost their name to someone else is not among them.
func selectUserSummaries(ctx context.Context, q querier, f ListQuery, now time.Time) (t List[UserSummary], err error) {
	const from = ` FROM users u WHERE u.name_key IS NOT NULL AND (u.name_key LIKE $1 ESCAPE '\' OR u.role = $2 OR $2 = 'deactivated' AND u.deactivated_at > 0)`
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(*)`+from, like(NameKey(f.Text)), f.Text).Scan(&t.Total); err != nil {
		return t, err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT u.id, u.name, u.created_at, u.role, u.deactivated_at, u.posted,
			(SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > $3),
			(SELECT max(seen_at) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > $3),
			EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = u.id) OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id)`+from+`
		ORDER BY u.name_key LIMIT $4 OFFSET $5`, like(NameKey(f.Text)), f.Text, now.UnixMilli(), PageSize, f.Page*PageSize)
	if err != nil {
		return t, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var p UserSummary
		var created, deactivated int64
		var seen sql.NullInt64
		if err := rows.Scan(&p.ID, &p.Name, &created, &p.Role, &deactivated, &p.Posted, &p.Sessions, &seen, &p.Account); err != nil {
			return t, err
		}
		p.CreatedAt, p.DeactivatedAt, p.SeenAt = fromMillis(created), fromMillis(deactivated), fromMillis(seen.Int64)
		t.Rows = append(t.Rows, p)
	}
	return t, rows.Err()
}

// requireOutranks returns the role of someone whom the actor may change: one below the actor, as both are now.
func requireOutranks(ctx context.Context, tx *sql.Tx, a Actor, user ID) (role Role, deactivated bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT role, deactivated_at > 0 FROM users WHERE id = $1 AND name_key IS NOT NULL`, user).Scan(&role, &deactivated)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, errNotFound
	case err == nil && (!a.Role.May(MayManagePeople) || !a.Role.Outranks(role)):
		return "", false, errRankTooLow
	}
	return role, deactivated, err
}
