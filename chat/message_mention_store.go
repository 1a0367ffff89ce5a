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
	return sqlite.InBatches(who, func(who []ID) error { // @here can mention thousands
		args := make([]any, 0, 3*len(who))
		for _, id := range who {
			args = append(args, channel, id, seq)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO mentions (channel_id, user_id, seq) VALUES `+
			sqlite.Placeholders(1, len(who), 3), args...)
		return err
	})
}

// selectMentions returns whom a message mentions, sorted.
func selectMentions(ctx context.Context, q sqlite.Querier, channel ID, seq int64) ([]ID, error) {
	return sqlite.Collect(ctx, q, scanID, `SELECT user_id FROM mentions WHERE channel_id = $1 AND seq = $2
		ORDER BY user_id`, channel, seq)
}

// membersAmong returns those of the people who are members of the channel and not deactivated.
func membersAmong(ctx context.Context, q sqlite.Querier, channel ID, people []ID) (members []ID, err error) {
	err = sqlite.InBatches(people, func(people []ID) error {
		args := []any{channel, Joined}
		for _, id := range people {
			args = append(args, id)
		}
		found, err := sqlite.Collect(ctx, q, scanID, `SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
			WHERE m.channel_id = $1 AND m.state = $2 AND u.deactivated_at = 0 AND m.user_id IN `+
			sqlite.InList(3, len(people)), args...)
		members = append(members, found...)
		return err
	})
	return members, err
}

// replaceMentions is insertMentions for an edited message.
func replaceMentions(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64, who []ID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM mentions WHERE channel_id = $1 AND seq = $2`, channel, seq); err != nil {
		return err
	}
	return insertMentions(ctx, tx, channel, seq, who)
}
