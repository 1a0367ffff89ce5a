package chat

import (
	"context"
	"maps"
	"slices"

	"chitchat/chat/sqlite"
)

// upsertReads moves read marks in a channel forward, never back. It returns the users whose mark has moved and who are
// not members: reading does not join.
func upsertReads(ctx context.Context, tx *sqlite.Tx, channel ID, reads map[ID]int64) (outside []ID, err error) {
	people := slices.Sorted(maps.Keys(reads)) // neighbours in the index, too
	err = sqlite.InBatches(people, func(people []ID) error {
		args := make([]any, 0, 5*len(people))
		for _, user := range people {
			args = append(args, channel, user, reads[user], tx.Now.UnixMilli(), Seen)
		}
		query := `
			INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state) VALUES ` +
			sqlite.Placeholders(1, len(people), 5) + `
			ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq
			WHERE memberships.read_seq < excluded.read_seq RETURNING user_id, state`
		return sqlite.Each(ctx, tx, query, args, func(row sqlite.Scanner) error {
			user, state, err := sqlite.Pair[ID, State](row)
			if err == nil && state != Joined {
				outside = append(outside, user)
			}
			return err
		})
	})
	return outside, err
}

// updateRead raises a member's read mark.
func updateRead(ctx context.Context, tx *sqlite.Tx, channel, user ID, seq int64) error {
	_, err := tx.ExecContext(ctx,
		`UPDATE memberships SET read_seq = $1 WHERE channel_id = $2 AND user_id = $3 AND read_seq < $1`, seq, channel, user)
	return err
}
