package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// decisions are the actions that are never counted together: each is a decision of an admin about others.
var decisions = map[string]bool{
	"ban.created": true, "ban.lifted": true, "message.removed": true, "report.closed": true, "role.changed": true,
	"password_reset.created": true,
	"user.deactivated":       true, "user.reactivated": true, "user.removed": true,
}

// audit logs an action of the actor on a user or a channel (0: none), in the same transaction. The same action again
// within auditJoin is counted in the existing entry, unless it is a decision.
func (c *core) audit(ctx context.Context, tx *sqlite.Tx, a Actor, action string, user, channel ID,
	detail string) error {
	now := tx.Now
	within := auditJoin
	if decisions[action] {
		within = 0
	}
	done, err := tx.ExecContext(ctx, `
		UPDATE audit SET times = times + 1, last_at = $1 WHERE id = (
			SELECT id FROM (SELECT * FROM audit WHERE actor_id = $2 ORDER BY id DESC LIMIT $3) AS newest
			WHERE actor_name = $4 AND address = $5 AND action = $6 AND user_id = $7 AND channel_id = $8 AND detail = $9
				AND at > $10
			ORDER BY id DESC LIMIT 1)`,
		now.UnixMilli(), a.ID, auditJoined, a.Name, a.Address, action, user, channel, detail, now.Add(-within).UnixMilli())
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO audit (id, at, actor_id, actor_name, address, action, user_id, channel_id, detail, user_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, COALESCE((SELECT name FROM users WHERE id = $7), ''))`,
		NewID(), now.UnixMilli(), a.ID, a.Name, a.Address, action, user, channel, detail)
	return err
}

// endAudit deletes entries that are too old, and beyond most entries the oldest ones of the user with the most. It
// looks for both outside the writer, which would block it.
func (c *core) endAudit(ctx context.Context, most int) error {
	some := func(query string, args ...any) (int64, error) {
		return updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (int64, error) {
			done, err := tx.ExecContext(ctx, query, args...)
			if err != nil {
				return 0, err
			}
			return done.RowsAffected()
		}, nil)
	}
	for n := int64(purgedAtOnce); n == purgedAtOnce && ctx.Err() == nil; {
		var err error // IDs are times: the oldest come first, unless the clock was wrong
		n, err = some(`DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id, at, last_at FROM audit ORDER BY id
			LIMIT $1) AS oldest
			WHERE at <= $2 AND last_at <= $2)`, purgedAtOnce, c.now().Add(-AuditLifetime).UnixMilli())
		if err != nil {
			return err
		}
	}
	counts, all, err := auditCounts(ctx, c.db)
	for err == nil && all > most && ctx.Err() == nil {
		var busiest ID
		for id, n := range counts {
			if n > counts[busiest] {
				busiest = id
			}
		}
		var n int64
		n, err = some(`DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE actor_id = $1 ORDER BY id LIMIT $2)`,
			busiest, min(purgedAtOnce, all-most))
		counts[busiest] -= int(n)
		all -= int(n)
		if n == 0 {
			break // others have deleted them
		}
	}
	return err
}

// auditCounts returns the number of entries by user, and in all.
func auditCounts(ctx context.Context, q sqlite.Querier) (counts map[ID]int, all int, err error) {
	counts, err = sqlite.CollectMap(ctx, q, sqlite.Pair[ID, int], `SELECT actor_id, count(*) FROM audit GROUP BY actor_id`)
	for _, n := range counts {
		all += n
	}
	return counts, all, err
}

// selectAudit returns the matching entries, newest first.
func selectAudit(ctx context.Context, q sqlite.Querier, f AuditFilter, before ID, limit int) ([]AuditEntry, error) {
	return sqlite.Collect(ctx, q, scanAuditEntry, `
		SELECT a.id, a.at, a.actor_id, a.actor_name, a.address, a.action, a.user_id, COALESCE(u.name, a.user_name),
			a.channel_id, a.detail, a.times, a.last_at
		FROM audit a LEFT JOIN users u ON u.id = a.user_id
		WHERE a.id < $1 AND ($2 = '' OR a.action = $2) AND a.at >= $3 AND ($4 = 0 OR a.at < $4)
			AND ($5 = '' OR a.actor_id IN (SELECT id FROM users WHERE name_key = $5) OR a.user_id IN (SELECT id FROM users
				WHERE name_key = $5))
		ORDER BY a.id DESC LIMIT $6`, before, f.Action, millis(f.From), millis(f.To), NameKey(f.Name), limit)
}

func scanAuditEntry(row sqlite.Scanner) (e AuditEntry, err error) {
	var at, last int64
	err = row.Scan(&e.ID, &at, &e.ActorID, &e.Actor, &e.Address, &e.Action, &e.UserID, &e.User, &e.ChannelID, &e.Detail,
		&e.Times, &last)
	e.At, e.Last = fromMillis(at), fromMillis(last)
	return e, err
}

// auditActions returns all actions that occur, sorted.
func auditActions(ctx context.Context, q sqlite.Querier) ([]string, error) {
	return sqlite.Collect(ctx, q, sqlite.Single[string], `SELECT DISTINCT action FROM audit ORDER BY action`)
}
