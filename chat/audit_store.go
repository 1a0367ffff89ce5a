package chat

import (
	"context"
	"database/sql"
	"time"
)

// audit notes that the actor did something to a person or a channel (0: to none), in the same transaction.
func audit(ctx context.Context, tx *sql.Tx, a Actor, action string, user, channel ID, detail string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO audit (id, at, actor_id, actor_name, address, action, user_id, channel_id, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		NewID(), time.Now().UnixMilli(), a.ID, a.Name, a.Address, action, user, channel, detail)
	return err
}
