package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// namedPeople returns the users of the handles, and those of the name keys.
func namedPeople(ctx context.Context, q sqlite.Querier, handles,
	keys []any) (byHandle, byName map[string]ID, err error) {
	byHandle, byName = make(map[string]ID), make(map[string]ID)
	if len(handles) == 0 {
		handles = []any{"-"} // matches no handle: an empty list is not valid SQL
	}
	query := `SELECT id, COALESCE(handle, ''), name_key FROM users WHERE deactivated_at = 0 AND name_key IS NOT NULL
		AND (handle IN ` + sqlite.InList(1, len(handles)) + ` OR name_key IN ` + sqlite.InList(1+len(handles), len(keys)) +
		`)`
	err = sqlite.Each(ctx, q, query, append(handles, keys...), func(row sqlite.Scanner) error {
		var id ID
		var handle, key string
		err := row.Scan(&id, &handle, &key)
		byHandle[handle], byName[key] = id, id
		return err
	})
	delete(byHandle, "")
	return byHandle, byName, err
}

// insertMentions stores the mentions of a new message.
func insertMentions(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64, who []ID) error {
	for _, id := range who {
		if _, err := tx.ExecContext(ctx, `INSERT INTO mentions (channel_id, user_id, seq) VALUES ($1, $2, $3)`, channel, id,
			seq); err != nil {
			return err
		}
	}
	return nil
}

// replaceMentions is insertMentions for an edited message.
func replaceMentions(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64, who []ID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM mentions WHERE channel_id = $1 AND seq = $2`, channel, seq); err != nil {
		return err
	}
	return insertMentions(ctx, tx, channel, seq, who)
}

// unreadMentions returns the numbers of unread messages that mention a user, for the channels where they are notified
// of mentions only.
func unreadMentions(ctx context.Context, q sqlite.Querier, user ID) (map[ID]int64, error) {
	return sqlite.CollectMap(ctx, q, sqlite.Pair[ID, int64],
		`SELECT n.channel_id, count(DISTINCT n.seq) FROM memberships s JOIN mentions n ON n.channel_id = s.channel_id
		WHERE s.user_id = $1 AND s.notify = $2 AND n.user_id IN (0, $1) AND n.seq > s.read_seq
			GROUP BY n.channel_id`, user, NotifyMentions)
}
