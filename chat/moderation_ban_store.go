package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// insertBan adds a ban that is in force from now on. A channel of 0 is the whole workspace.
func insertBan(ctx context.Context, tx *sqlite.Tx, a Actor, channel, user ID, n NewBan) error {
	until := int64(0)
	if n.For > 0 {
		until = tx.Now.Add(n.For).UnixMilli()
	}
	_, err := tx.ExecContext(ctx,
		`INSERT INTO bans (id, channel_id, user_id, reason, created_by, created_at, until, lifted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		NewID(), channel, user, n.Reason, a.ID, tx.Now.UnixMilli(), until)
	return err
}

func selectBans(ctx context.Context, q sqlite.Querier, now time.Time) ([]Ban, error) {
	return sqlite.Collect(ctx, q, scanBan, `
		SELECT b.id, b.channel_id, b.reason, b.created_at, b.until, u.id, u.name, m.id, m.name, m.role
		FROM bans b JOIN users u ON u.id = b.user_id JOIN users m ON m.id = b.created_by
		WHERE `+banInForce(1)+` ORDER BY b.id DESC`, now.UnixMilli())
}

func scanBan(row sqlite.Scanner) (b Ban, err error) {
	var at, until int64
	err = row.Scan(&b.ID, &b.Channel.ID, &b.Reason, &at, &until, &b.User.ID, &b.User.Name, &b.By.ID, &b.By.Name, &b.byRole)
	b.At, b.Until = fromMillis(at), fromMillis(until)
	return b, err
}
