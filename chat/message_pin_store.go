package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// pinnedMessages is a range for messages: those that are pinned, by seq.
const pinnedMessages = `m.channel_id = $1 AND m.seq > $2 AND m.seq IN (SELECT seq FROM pins WHERE channel_id = $1)
	ORDER BY m.seq LIMIT $3`

// selectPins returns a channel's pins without their messages, newest first.
func selectPins(ctx context.Context, q sqlite.Querier, channel ID) ([]Pin, error) {
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (p Pin, err error) {
		var at int64
		err = row.Scan(&p.seq, &p.place, &at, &p.By.ID, &p.By.Name)
		p.At = fromMillis(at)
		return p, err
	}, `SELECT p.seq, p.place, p.pinned_at, u.id, u.name FROM pins p JOIN users u ON u.id = p.user_id
		WHERE p.channel_id = $1 ORDER BY p.place DESC`, channel)
}

// isPinned reports whether a message is pinned to its channel.
func isPinned(ctx context.Context, q sqlite.Querier, channel ID, seq int64) (is bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pins WHERE channel_id = $1 AND seq = $2)`, channel, seq).
		Scan(&is)
	return is, err
}

// insertPin pins a message. The user keeps their name from now on, as one who has posted.
func insertPin(ctx context.Context, tx *sqlite.Tx, m *Message, user ID, place int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO pins (channel_id, seq, user_id, place, pinned_at)
		VALUES ($1, $2, $3, $4, $5)`, m.ChannelID, m.Seq, user, place, tx.Now.UnixMilli())
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE users SET posted = TRUE WHERE NOT posted AND id = $1`, user)
	}
	if err == nil {
		err = renumber(ctx, tx, m.ChannelID, m.Seq)
	}
	return err
}

func deletePin(ctx context.Context, tx *sqlite.Tx, m *Message) (removed bool, err error) {
	res, err := tx.ExecContext(ctx, `DELETE FROM pins WHERE channel_id = $1 AND seq = $2`, m.ChannelID, m.Seq)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err == nil && n > 0 {
		err = renumber(ctx, tx, m.ChannelID, m.Seq)
	}
	return n > 0, err
}

// countPins stores the number of a channel's pins in its row, as a new version of the channel, and returns that.
func countPins(ctx context.Context, tx *sqlite.Tx, channel ID) (*Channel, error) {
	ch, err := scanChannel(tx.QueryRowContext(ctx, `UPDATE channels SET edition = edition + 1,
		pins = (SELECT count(*) FROM pins WHERE channel_id = $1) WHERE id = $1 RETURNING `+channelColumns, channel))
	return &ch, err
}

// pinLine returns the seq of the line that says that a message was pinned, or 0.
func pinLine(ctx context.Context, q sqlite.Querier, m *Message) (seq int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT seq FROM messages WHERE channel_id = $1 AND pins = $2 AND pins > 0`, m.ChannelID,
		m.Seq).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return seq, err
}

// insertLine adds a line to its channel, and sets its seq and rev. read reports that its author had read all before it:
// then they have read it too.
func insertLine(ctx context.Context, tx *sqlite.Tx, line *Message) (read bool, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE channels SET last_seq = last_seq + 1, last_rev = last_rev + 1, last_at = $1
		WHERE id = $2 RETURNING last_seq, last_rev`, line.CreatedAt.UnixMilli(), line.ChannelID).Scan(&line.Seq, &line.Rev)
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO messages
		(channel_id, seq, rev, user_id, client_id, body, html, continued, files, created_at, edited_at, deleted_at, pins)
		VALUES ($1, $2, $3, $4, $5, '', '', FALSE, 0, $6, 0, 0, $7)`,
		line.ChannelID, line.Seq, line.Rev, line.Author.ID, line.ClientID, line.CreatedAt.UnixMilli(), line.Pins)
	if err != nil {
		return false, err
	}
	return readOwn(ctx, tx, line, 0)
}

// quietLine says in a line that the message that it speaks of is deleted. The line gets the channel's next rev.
func quietLine(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64) error {
	var rev int64
	err := tx.QueryRowContext(ctx, `UPDATE channels SET last_rev = last_rev + 1 WHERE id = $1 RETURNING last_rev`,
		channel).Scan(&rev)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE messages SET rev = $1, pins = -pins WHERE channel_id = $2 AND seq = $3`, rev,
			channel, seq)
	}
	return err
}
