package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// ToggleAway shows the actor as away, or ends that, and returns which. Nothing else ends it, neither a message nor
// another visit: users say it because they are busy at their desk, too.
func (c Users) ToggleAway(ctx context.Context, a Actor) (away bool, err error) {
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (away bool, err error) {
		if err := bumpProfileRev(ctx, tx, a.ID, `away = NOT away`); err != nil {
			return false, err
		}
		err = tx.QueryRowContext(ctx, `SELECT away FROM users WHERE id = $1`, a.ID).Scan(&away)
		return away, err
	}, func(bool) { c.hub.profilesChanged() })
}
