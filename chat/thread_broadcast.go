package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// broadcastOf returns the message that shows a reply in its channel.
func broadcastOf(reply Message, seq, rev int64, of User) Message {
	m := reply
	m.ChannelID, m.Seq, m.Rev, m.Continued = reply.Thread.Channel, seq, rev, false
	m.Broadcast = Broadcast{Root: reply.Thread.Root, Seq: reply.Seq, Of: of, thread: reply.ChannelID}
	m.Thread, m.broadcastSeq, m.ClientID = ThreadRef{}, 0, ""
	return m
}

// attachBroadcasts adds to the rows of a channel that show replies what those say.
func attachBroadcasts(ctx context.Context, q sqlite.Querier, channel ID, at map[int64]*Message, seqs []any) error {
	replies := make(map[ID][]Message) // by thread
	has := make(map[ID]*extras)
	shown := make(map[ID][]*Message)
	query := `SELECT b.seq, t.seq, b.thread_id, b.thread_seq, o.id, o.name, ` + contentColumns + `
		FROM messages b JOIN messages m ON m.channel_id = b.thread_id AND m.seq = b.thread_seq
		JOIN threads t ON t.id = b.thread_id
		JOIN messages r ON r.channel_id = t.channel_id AND r.seq = t.seq JOIN users o ON o.id = r.user_id
		WHERE b.channel_id = $1 AND b.seq IN ` + sqlite.InList(2, len(seqs))
	err := sqlite.Each(ctx, q, query, append([]any{channel}, seqs...), func(row sqlite.Scanner) error {
		var seq int64
		var b Broadcast
		var m Message
		c := content{message: &m}
		if err := row.Scan(append([]any{&seq, &b.Root, &b.thread, &b.Seq, &b.Of.ID, &b.Of.Name},
			c.targets()...)...); err != nil {
			return err
		}
		m.Seq = b.Seq
		if has[b.thread] == nil {
			has[b.thread] = new(extras)
		}
		c.done(has[b.thread])
		to := at[seq]
		to.Broadcast = b
		replies[b.thread] = append(replies[b.thread], m)
		shown[b.thread] = append(shown[b.thread], to)
		return nil
	})
	if err != nil {
		return err
	}
	for thread, list := range replies {
		if err := has[thread].attach(ctx, q, thread, list); err != nil {
			return err
		}
		for i, m := range list {
			to := shown[thread][i]
			to.Body, to.Formatted, to.EditedAt, to.DeletedAt, to.RemovedBy = m.Body, m.Formatted, m.EditedAt, m.DeletedAt,
				m.RemovedBy
			to.Attachments, to.Reactions, to.LinkPreviews = m.Attachments, m.Reactions, m.LinkPreviews
		}
	}
	return nil
}

// broadcastReply returns the thread and the seq of the reply that a row of a channel shows, and the row's rev; 0 for
// any other row.
func broadcastReply(ctx context.Context, q sqlite.Querier, channel ID, seq int64) (t threadRow, n, rev int64,
	err error) {
	err = sqlite.Each(ctx, q,
		`SELECT `+threadColumns+`, b.thread_seq, b.rev FROM messages b JOIN threads t ON t.id = b.thread_id
		WHERE b.channel_id = $1 AND b.seq = $2`, []any{channel, seq}, func(row sqlite.Scanner) (err error) {
			t, err = scanThread(row, &n, &rev)
			return err
		})
	return t, n, rev, err
}

// touchBroadcast gives the row that shows a changed reply in its channel the channel's next rev, and returns it; nil if
// there is none.
func touchBroadcast(ctx context.Context, tx *sqlite.Tx, reply *Message) (*Message, error) {
	if reply.broadcastSeq == 0 {
		return nil, nil
	}
	rev, err := nextRev(ctx, tx, reply.Thread.Channel, ThreadRef{})
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE messages SET rev = $1, edited_at = $2, deleted_at = $3
		WHERE channel_id = $4 AND seq = $5`,
		rev, millis(reply.EditedAt), millis(reply.DeletedAt), reply.Thread.Channel, reply.broadcastSeq)
	if err != nil {
		return nil, err
	}
	of, err := authorAt(ctx, tx, reply.Thread.Channel, reply.Thread.Root)
	m := broadcastOf(*reply, reply.broadcastSeq, rev, of)
	return &m, err
}

// authorAt returns the author of a message: ID and Name.
func authorAt(ctx context.Context, q sqlite.Querier, channel ID, seq int64) (u User, err error) {
	err = q.QueryRowContext(ctx, `SELECT u.id, u.name FROM messages m JOIN users u ON u.id = m.user_id
		WHERE m.channel_id = $1 AND m.seq = $2`, channel, seq).Scan(&u.ID, &u.Name)
	return u, err
}
