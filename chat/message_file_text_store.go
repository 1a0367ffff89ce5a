package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// newestWaitingText returns the newest file of a message whose text is to be taken out: those that were sent before
// there was a search in files wait longer than those that are sent now. It is zero when none is.
func newestWaitingText(ctx context.Context, q sqlite.Querier) (f Attachment, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, type FROM attachments WHERE text_state = 1 AND seq > 0
		ORDER BY id DESC LIMIT 1`).Scan(&f.ID, &f.Type)
	return f, ignoreNoRows(err)
}

// storeText stores what became of a file's text. With a text its message gets the next number, so that the index covers
// it.
func storeText(ctx context.Context, tx *sqlite.Tx, file ID, state textState, text string) error {
	var channel ID
	var seq int64
	err := tx.QueryRowContext(ctx, `UPDATE attachments SET text_state = $1
		WHERE id = $2 AND text_state = $3 AND seq > 0 RETURNING channel_id, seq`, state, file, textWaiting).
		Scan(&channel, &seq)
	if err != nil || state != textTaken {
		return ignoreNoRows(err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO file_texts (channel_id, seq, id, size, text)
		VALUES ($1, $2, $3, $4, $5)`, channel, seq, file, len(text), text); err != nil {
		return err
	}
	return renumber(ctx, tx, channel, seq)
}

// fileText returns the text of a file of a message; "" without one.
func fileText(ctx context.Context, q sqlite.Querier, at place, file ID) (text string, err error) {
	err = q.QueryRowContext(ctx, `SELECT text FROM file_texts WHERE channel_id = $1 AND seq = $2 AND id = $3`, at.feed,
		at.seq, file).Scan(&text)
	return text, ignoreNoRows(err)
}
