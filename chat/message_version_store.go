package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// insertVersion keeps what a message said before the edit of this transaction, and deletes the oldest version above
// MaxVersions.
func insertVersion(ctx context.Context, tx *sqlite.Tx, before *Message) error {
	v := versionOf(before)
	_, err := tx.ExecContext(ctx, `INSERT INTO message_versions (channel_id, seq, rev, body, html, written_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		before.ChannelID, before.Seq, v.Rev, v.Body, v.stored(v.Body), v.WrittenAt.UnixMilli())
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM message_versions WHERE channel_id = $1 AND seq = $2 AND rev <=
		(SELECT rev FROM message_versions WHERE channel_id = $1 AND seq = $2 ORDER BY rev DESC LIMIT 1 OFFSET $3)`,
		before.ChannelID, before.Seq, MaxVersions)
	return err
}

// selectVersions returns the newest versions of a message before a rev, newest first.
func selectVersions(ctx context.Context, q sqlite.Querier, channel ID, seq, before int64,
	limit int) ([]Version, error) {
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (v Version, err error) {
		var html string
		var written int64
		err = row.Scan(&v.Rev, &v.Body, &html, &written)
		v.Formatted, v.WrittenAt = formattedFrom(html, v.Body), fromMillis(written)
		return v, err
	}, `SELECT rev, body, html, written_at FROM message_versions
		WHERE channel_id = $1 AND seq = $2 AND rev < $3 ORDER BY rev DESC LIMIT $4`, channel, seq, before, limit)
}

// deleteVersions deletes the versions of a message.
func deleteVersions(ctx context.Context, tx *sqlite.Tx, channel ID, seq int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM message_versions WHERE channel_id = $1 AND seq = $2`, channel, seq)
	return err
}
