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

// messages reads a range of a channel with everything that a row shows, in the range's order. args are what the range
// has after the channel.
func messages(ctx context.Context, q sqlite.Querier, ch *cachedChannel, stretch string,
	args ...any) ([]Message, error) {
	list, has, err := bareMessages(ctx, q, ch, stretch, args...)
	if err != nil {
		return nil, err
	}
	return list, has.attach(ctx, q, ch.ID, list)
}

// bareMessages is messages without files, reactions and link previews. It returns which messages have some.
func bareMessages(ctx context.Context, q sqlite.Querier, ch *cachedChannel, stretch string,
	args ...any) (list []Message, has extras, err error) {
	slug, thread := ch.slug(), ch.ref()
	var m Message // one for all rows, and what is scanned into it: each row would allocate them
	var created, shows int64
	var replies string
	c := content{message: &m}
	targets := append([]any{&m.Seq, &m.Rev, &m.ClientID, &m.Continued, &created, &replies, &shows, &m.broadcastSeq,
		&m.Pins}, c.targets()...)
	list, err = sqlite.Collect(ctx, q, func(row sqlite.Scanner) (Message, error) {
		m = Message{ChannelID: ch.ID, ChannelSlug: slug, Thread: thread}
		err := scanUserAnd(row, &m.Author, targets...)
		c.done(&has)
		m.CreatedAt = fromMillis(created)
		if replies != "" {
			m.Replies = repliesFrom(replies)
		}
		if m.Broadcast.Seq = shows; shows > 0 {
			has.broadcasts = append(has.broadcasts, m.Seq)
		}
		return m, err
	}, `
		SELECT `+userColumns+`, m.seq, m.rev, m.client_id, m.continued, m.created_at, m.replies, m.thread_seq,
			m.broadcast_seq, m.pins, `+contentColumns+` FROM messages m JOIN users u ON u.id = m.user_id
				WHERE `+stretch, append([]any{ch.ID}, args...)...)
	return list, has, err
}

// contentColumns are the columns of what a message says, which a row that shows a reply has from it.
const contentColumns = `m.body, m.html, m.files, m.reactions, m.link_previews, m.edited_at, m.deleted_at, m.removed_by`

// content scans contentColumns.
type content struct {
	message                        *Message
	html                           string
	files, reactions, linkPreviews int64
	edited, deleted                int64
}

// targets returns where the columns are scanned to.
func (c *content) targets() []any {
	return []any{&c.message.Body, &c.html, &c.files, &c.reactions, &c.linkPreviews, &c.edited, &c.deleted,
		&c.message.RemovedBy}
}

// done sets the message's fields, and notes what of it is in other tables.
func (c *content) done(has *extras) {
	m := c.message
	m.Formatted = formattedFrom(c.html, m.Body)
	m.EditedAt, m.DeletedAt = fromMillis(c.edited), fromMillis(c.deleted)
	if c.files > 0 {
		has.files = append(has.files, m.Seq)
	}
	if c.reactions > 0 {
		has.reactions = append(has.reactions, m.Seq)
	}
	if c.linkPreviews > 0 {
		has.linkPreviews = append(has.linkPreviews, m.Seq)
	}
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

// updateMessage writes a changed message and gives it the feed's next rev. It deletes the files, the versions, the
// reactions and the link previews of a deleted message.
func updateMessage(ctx context.Context, tx *sqlite.Tx, m *Message) (err error) {
	if m.Rev, err = nextRev(ctx, tx, m.ChannelID, m.Thread); err != nil {
		return err
	}
	number, err := numberChanged(ctx, tx, m)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE messages SET rev = $1, body = $2, html = $3, files = $4, edited_at = $5, deleted_at = $6, removed_by = $7,
			reactions = $8, link_previews = $9, number = $10 WHERE channel_id = $11 AND seq = $12`,
		m.Rev, m.Body, m.stored(m.Body), len(m.Attachments), millis(m.EditedAt), millis(m.DeletedAt), m.RemovedBy,
		len(m.Reactions), len(m.LinkPreviews), number, m.ChannelID, m.Seq)
	if err != nil || !m.Deleted() {
		return err
	}
	if err := deleteVersions(ctx, tx, m.ChannelID, m.Seq); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM attachments WHERE channel_id = $1 AND seq = $2`,
		`DELETE FROM file_texts WHERE channel_id = $1 AND seq = $2`,
		`DELETE FROM reactions WHERE channel_id = $1 AND seq = $2`,
		`DELETE FROM message_link_previews WHERE channel_id = $1 AND seq = $2`,
		`DELETE FROM saved WHERE channel_id = $1 AND seq = $2`,
		`UPDATE messages SET reacted_at = 0 WHERE channel_id = $1 AND seq = $2`,
	} {
		if _, err := tx.ExecContext(ctx, query, m.ChannelID, m.Seq); err != nil {
			return err
		}
	}
	return nil
}
