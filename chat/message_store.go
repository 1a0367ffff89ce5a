package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// All ranges of a channel that are read: each is a condition, an order and a limit. $1 is the channel.
const (
	newestMessages = `m.channel_id = $1 AND m.seq > $2 ORDER BY m.seq DESC LIMIT $3`
	messagesBefore = `m.channel_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`
	messagesAfter  = `m.channel_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`
	changesAfter   = `m.channel_id = $1 AND m.rev > $2 ORDER BY m.rev LIMIT $3`
	newestChanges  = `m.channel_id = $1 AND m.rev > $2 ORDER BY m.rev DESC LIMIT $3`
)

// messages reads a range of a channel with everything that a row shows, in the range's order.
func messages(ctx context.Context, q sqlite.Querier, ch *cachedChannel, stretch string, from int64,
	limit int) ([]Message, error) {
	list, has, err := bareMessages(ctx, q, ch, stretch, from, limit)
	if err != nil {
		return nil, err
	}
	return list, has.attach(ctx, q, ch.ID, list)
}

// bareMessages is messages without files, reactions and link previews. It returns which messages have some.
func bareMessages(ctx context.Context, q sqlite.Querier, ch *cachedChannel, stretch string, from int64,
	limit int) (list []Message, has extras, err error) {
	slug := ch.slug()
	list, err = sqlite.Collect(ctx, q, func(row sqlite.Scanner) (Message, error) {
		m := Message{ChannelID: ch.ID, ChannelSlug: slug}
		var files, reactions, linkPreviews, created, edited, deleted int64
		var html string
		err := scanUserAnd(row, &m.Author, &m.Seq, &m.Rev, &m.ClientID, &m.Body, &html, &m.Continued, &files, &reactions,
			&linkPreviews, &created, &edited, &deleted, &m.RemovedBy, &m.Pins)
		m.Formatted = formattedFrom(html, m.Body)
		m.CreatedAt, m.EditedAt, m.DeletedAt = fromMillis(created), fromMillis(edited), fromMillis(deleted)
		if files > 0 {
			has.files = append(has.files, m.Seq)
		}
		if reactions > 0 {
			has.reactions = append(has.reactions, m.Seq)
		}
		if linkPreviews > 0 {
			has.linkPreviews = append(has.linkPreviews, m.Seq)
		}
		return m, err
	}, `
		SELECT `+userColumns+`, m.seq, m.rev, m.client_id, m.body, m.html, m.continued, m.files,
			m.reactions, m.link_previews, m.created_at, m.edited_at, m.deleted_at, m.removed_by, m.pins
		FROM messages m JOIN users u ON u.id = m.user_id WHERE `+stretch, ch.ID, from, limit)
	return list, has, err
}

// messageAt returns the message at seq, or errNotFound.
func messageAt(ctx context.Context, q sqlite.Querier, ch *cachedChannel, seq int64) (Message, error) {
	m, has, err := bareMessageAt(ctx, q, ch, seq)
	if err != nil {
		return Message{}, err
	}
	return m, has.attachTo(ctx, q, &m)
}

// bareMessageAt is messageAt as bareMessages is messages.
func bareMessageAt(ctx context.Context, q sqlite.Querier, ch *cachedChannel, seq int64) (Message, extras, error) {
	list, has, err := bareMessages(ctx, q, ch, messagesAfter, seq-1, 1)
	switch {
	case err != nil:
		return Message{}, extras{}, err
	case len(list) == 0 || list[0].Seq != seq:
		return Message{}, extras{}, errNotFound
	}
	return list[0], has, nil
}

// updateMessage writes a changed message and gives it the channel's next rev. It deletes the files, the
// versions, the reactions and the link previews of a deleted message.
func updateMessage(ctx context.Context, tx *sqlite.Tx, m *Message) error {
	err := tx.QueryRowContext(ctx, `UPDATE channels SET last_rev = last_rev + 1 WHERE id = $1 RETURNING last_rev`,
		m.ChannelID).Scan(&m.Rev)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE messages SET rev = $1, body = $2, html = $3, files = $4, edited_at = $5, deleted_at = $6, removed_by = $7,
			reactions = $8, link_previews = $9 WHERE channel_id = $10 AND seq = $11`,
		m.Rev, m.Body, m.stored(m.Body), len(m.Attachments), millis(m.EditedAt), millis(m.DeletedAt), m.RemovedBy,
		len(m.Reactions), len(m.LinkPreviews), m.ChannelID, m.Seq)
	if err != nil || !m.Deleted() {
		return err
	}
	if err := deleteVersions(ctx, tx, m.ChannelID, m.Seq); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM attachments WHERE channel_id = $1 AND seq = $2`,
		`DELETE FROM reactions WHERE channel_id = $1 AND seq = $2`,
		`DELETE FROM message_link_previews WHERE channel_id = $1 AND seq = $2`,
		`DELETE FROM saved WHERE channel_id = $1 AND seq = $2`,
	} {
		if _, err := tx.ExecContext(ctx, query, m.ChannelID, m.Seq); err != nil {
			return err
		}
	}
	return nil
}
