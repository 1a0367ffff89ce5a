package chat

import (
	"context"
	"database/sql"
	"time"
)

// audit notes that the actor did something to a person or a channel (0: to none), in the same transaction.
func audit(ctx context.Context, tx *sql.Tx, a Actor, action string, user, channel ID, detail string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO audit (id, at, actor_id, actor_name, address, action, user_id, channel_id, detail, user_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, COALESCE((SELECT name FROM users WHERE id = $7), ''))`,
		NewID(), time.Now().UnixMilli(), a.ID, a.Name, a.Address, action, user, channel, detail)
	return err
}

// selectAudit returns the entries that fit, the newest first.
func selectAudit(ctx context.Context, q querier, f AuditFilter, before ID, limit int) ([]AuditEntry, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT a.id, a.at, a.actor_id, a.actor_name, a.address, a.action, a.user_id, COALESCE(u.name, a.user_name), a.channel_id, a.detail
		FROM audit a LEFT JOIN users u ON u.id = a.user_id
		WHERE a.id < $1 AND ($2 = '' OR a.action = $2) AND a.at >= $3 AND ($4 = 0 OR a.at < $4)
			AND ($5 = '' OR a.actor_id IN (SELECT id FROM users WHERE name_key = $5) OR a.user_id IN (SELECT id FROM users WHERE name_key = $5))
		ORDER BY a.id DESC LIMIT $6`, before, f.Action, millis(f.From), millis(f.To), NameKey(f.Name), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var list []AuditEntry
	for rows.Next() {
		var e AuditEntry
		var at int64
		if err := rows.Scan(&e.ID, &at, &e.ActorID, &e.Actor, &e.Address, &e.Action, &e.UserID, &e.User, &e.ChannelID, &e.Detail); err != nil {
			return nil, err
		}
		e.At = fromMillis(at)
		list = append(list, e)
	}
	return list, rows.Err()
}

// auditActions returns every kind of thing that was done, sorted.
func auditActions(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT action FROM audit ORDER BY action`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
