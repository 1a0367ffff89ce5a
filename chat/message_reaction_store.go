package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// attachReactions adds their reactions to the messages of these seqs.
func attachReactions(ctx context.Context, q sqlite.Querier, channel ID, at map[int64]*Message, seqs []any) error {
	in := sqlite.InList(3, len(seqs))
	query := `SELECT r.seq, r.emoji, r.n, u.id, u.name FROM (
			SELECT seq, emoji, user_id, count(*) OVER (PARTITION BY seq, emoji) AS n,
				min(created_at) OVER (PARTITION BY seq, emoji) AS began,
				row_number() OVER (PARTITION BY seq, emoji ORDER BY created_at, user_id) AS place
			FROM reactions WHERE channel_id = $1 AND seq IN ` + in + `
		) r JOIN users u ON u.id = r.user_id WHERE r.place <= $2 ORDER BY r.seq, r.began, r.emoji, r.place`
	return sqlite.Each(ctx, q, query, append([]any{channel, maxReactionPeople}, seqs...), func(row sqlite.Scanner) error {
		var seq int64
		var r Reaction
		var u User
		if err := row.Scan(&seq, &r.Emoji, &r.Count, &u.ID, &u.Name); err != nil {
			return err
		}
		m := at[seq]
		if n := len(m.Reactions); n == 0 || m.Reactions[n-1].Emoji != r.Emoji {
			m.Reactions = append(m.Reactions, r)
		}
		last := &m.Reactions[len(m.Reactions)-1]
		last.People = append(last.People, u)
		return nil
	})
}

// ownReactions returns the emoji with which a user has reacted to a message.
func ownReactions(ctx context.Context, q sqlite.Querier, m *Message, user ID) ([]string, error) {
	return sqlite.Collect(ctx, q, sqlite.Single[string],
		`SELECT emoji FROM reactions WHERE channel_id = $1 AND seq = $2 AND user_id = $3 ORDER BY created_at, emoji`,
		m.ChannelID, m.Seq, user)
}

// reactionKinds returns the emoji of a message's reactions, and whether the user is among those who reacted with each.
func reactionKinds(ctx context.Context, q sqlite.Querier, m *Message, user ID) (map[string]bool, error) {
	return sqlite.CollectMap(ctx, q, sqlite.Pair[string, bool],
		`SELECT emoji, count(CASE WHEN user_id = $3 THEN 1 END) > 0 FROM reactions
		WHERE channel_id = $1 AND seq = $2 GROUP BY emoji`, m.ChannelID, m.Seq, user)
}

// insertReaction adds a reaction. The user keeps their name from now on, as one who has posted. The author finds the
// message by it, unless it is their own.
func insertReaction(ctx context.Context, tx *sqlite.Tx, m *Message, user ID, emoji string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO reactions (channel_id, seq, emoji, user_id, created_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, m.ChannelID, m.Seq, emoji, user, tx.Now.UnixMilli())
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE users SET posted = TRUE WHERE NOT posted AND id = $1`, user)
	}
	if err == nil && user != m.Author.ID {
		_, err = tx.ExecContext(ctx, `UPDATE messages SET reacted_at = $1 WHERE channel_id = $2 AND seq = $3`,
			tx.Now.UnixMilli(), m.ChannelID, m.Seq)
	}
	return err
}

func deleteReaction(ctx context.Context, tx *sqlite.Tx, m *Message, user ID, emoji string) error {
	_, err := tx.ExecContext(ctx,
		`DELETE FROM reactions WHERE channel_id = $1 AND seq = $2 AND emoji = $3 AND user_id = $4`, m.ChannelID, m.Seq, emoji,
		user)
	if err == nil && user != m.Author.ID {
		_, err = tx.ExecContext(ctx, `UPDATE messages SET reacted_at = COALESCE((SELECT max(created_at) FROM reactions r
			WHERE r.channel_id = $1 AND r.seq = $2 AND r.user_id <> $3), 0) WHERE channel_id = $1 AND seq = $2`,
			m.ChannelID, m.Seq, m.Author.ID)
	}
	return err
}

// reactedMessage is a message to which others have reacted.
type reactedMessage struct {
	place
	ListPlace // the time of the newest reaction
}

// selectReacted returns an author's messages to which others have reacted, the newest reaction first, before a place in
// that list.
func selectReacted(ctx context.Context, q sqlite.Querier, author ID, before ListPlace,
	most int) ([]reactedMessage, error) {
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (r reactedMessage, err error) {
		err = row.Scan(&r.feed, &r.seq, &r.Milliseconds, &r.Number)
		return r, err
	}, `SELECT channel_id, seq, reacted_at, number FROM messages WHERE user_id = $1 AND reacted_at > 0 AND
		(reacted_at, number) < ($2, $3) ORDER BY reacted_at DESC, number DESC LIMIT $4`, author, before.Milliseconds,
		before.Number, most)
}

// recentEmoji returns the emoji with which a user reacted last, newest first.
func recentEmoji(ctx context.Context, q sqlite.Querier, user ID) ([]string, error) {
	const looked = 100 // reactions: many are the same
	return sqlite.Collect(ctx, q, sqlite.Single[string],
		`SELECT emoji FROM (SELECT emoji, created_at FROM reactions WHERE user_id = $1 ORDER BY created_at DESC LIMIT $2) r
		GROUP BY emoji ORDER BY max(created_at) DESC, emoji LIMIT $3`, user, looked, maxRecentEmoji)
}
