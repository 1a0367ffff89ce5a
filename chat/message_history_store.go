package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// selectHistory reads the same as messages, for a page of the history: fifty messages that are not in memory, so the
// cost of reading them dominates the page. It reads the driver's values, since database/sql takes twice as long for
// each as the driver does, and takes the authors' profiles from memory. One query is consistent; if files, reactions,
// link previews or shown replies must be read too, everything is read again in a snapshot. It omits client IDs and
// broadcast seqs.
func (c *core) selectHistory(ctx context.Context, ch *cachedChannel, stretch string, from int64,
	limit int) ([]Message, error) {
	list := make([]Message, 0, limit)
	more, slug, thread := false, ch.slug(), ch.ref()
	err := c.db.Raw(ctx, `SELECT `+rawColumns+` FROM messages m WHERE `+stretch,
		[]any{int64(ch.ID), from, int64(limit)}, func(v *sqlite.Values) {
			m, lacking := rawMessage(v, Message{ChannelID: ch.ID, ChannelSlug: slug, Thread: thread})
			list, more = append(list, m), more || lacking
		})
	switch {
	case err != nil:
		return nil, err
	case more:
		err = c.db.Snapshot(ctx, func(q sqlite.Querier) (err error) {
			list, err = messages(ctx, q, ch, stretch, from, limit)
			return err
		})
		return list, err
	}
	return list, c.hub.profiles.show(ctx, c.db, list)
}

// rawColumns are the columns that rawMessage reads.
const rawColumns = `m.seq, m.rev, m.user_id, m.body, m.html, m.continued,
	m.files + m.reactions + m.link_previews + m.thread_seq, m.replies, m.created_at, m.edited_at, m.deleted_at,
		m.removed_by`

// rawMessage completes a message of a feed by what one row has of it. It reports whether other rows have more.
func rawMessage(v *sqlite.Values, m Message) (_ Message, more bool) {
	m.Seq, m.Rev, m.Author.ID, m.Body = v.Number(), v.Number(), ID(v.Number()), v.Text()
	m.Formatted, m.Continued = formattedFrom(v.Text(), m.Body), v.Flag()
	more = v.Number() > 0
	if replies := v.Text(); replies != "" {
		m.Replies = repliesFrom(replies)
	}
	m.CreatedAt, m.EditedAt, m.DeletedAt = fromMillis(v.Number()), fromMillis(v.Number()), fromMillis(v.Number())
	m.RemovedBy = ID(v.Number())
	return m, more
}
