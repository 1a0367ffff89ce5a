package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// The stretches of a channel that are ever read: each is a condition, an order and a limit. $1 is the channel.
const (
	newestMessages = `m.channel_id = $1 AND m.seq > $2 ORDER BY m.seq DESC LIMIT $3`
	messagesBefore = `m.channel_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`
	messagesAfter  = `m.channel_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`
	changesAfter   = `m.channel_id = $1 AND m.rev > $2 ORDER BY m.rev LIMIT $3`
	newestChanges  = `m.channel_id = $1 AND m.rev > $2 ORDER BY m.rev DESC LIMIT $3`
)

// messages reads a stretch of a channel with everything that a row shows, in the order of the stretch.
func messages(ctx context.Context, q querier, ch *channelState, stretch string, from int64, limit int) ([]Message, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+userColumns+`, m.seq, m.rev, m.client_id, m.body, m.continued, m.files, m.created_at, m.edited_at, m.deleted_at, m.removed_by
		FROM messages m JOIN users u ON u.id = m.user_id WHERE `+stretch, ch.ID, from, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	slug := ch.slug()
	var list []Message
	var withFiles []any
	for rows.Next() {
		m := Message{ChannelID: ch.ID, ChannelSlug: slug}
		var files, created, edited, deleted int64
		err := scanUser(rows, &m.Author, &m.Seq, &m.Rev, &m.ClientID, &m.Body, &m.Continued, &files, &created, &edited, &deleted, &m.RemovedBy)
		if err != nil {
			return nil, err
		}
		m.CreatedAt, m.EditedAt, m.DeletedAt = fromMillis(created), fromMillis(edited), fromMillis(deleted)
		if files > 0 {
			withFiles = append(withFiles, m.Seq)
		}
		list = append(list, m)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return list, attach(ctx, q, ch.ID, list, withFiles)
}

// attach gives the messages whose seqs are named their files.
func attach(ctx context.Context, q querier, channel ID, list []Message, seqs []any) error {
	if len(seqs) == 0 {
		return nil
	}
	at := make(map[int64]*Message, len(list))
	for i := range list {
		at[list[i].Seq] = &list[i]
	}
	rows, err := q.QueryContext(ctx, `SELECT seq, `+attachmentColumns+` FROM attachments
		WHERE channel_id = $1 AND seq IN `+inList(2, len(seqs))+` ORDER BY seq, position`, append([]any{channel}, seqs...)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var seq int64
		file, err := scanAttachment(rows, &seq)
		if err != nil {
			return err
		}
		if m := at[seq]; m != nil {
			m.Attachments = append(m.Attachments, file)
		}
	}
	return rows.Err()
}

// messageAt returns one message, or errNotFound.
func messageAt(ctx context.Context, q querier, ch *channelState, seq int64) (Message, error) {
	list, err := messages(ctx, q, ch, messagesAfter, seq-1, 1)
	if err != nil {
		return Message{}, err
	}
	if len(list) == 0 || list[0].Seq != seq {
		return Message{}, errNotFound
	}
	return list[0], nil
}

// updateMessage writes a changed message and gives it the channel's next rev. Of a deleted one, the files go.
func updateMessage(ctx context.Context, tx *sql.Tx, m *Message) error {
	err := tx.QueryRowContext(ctx, `UPDATE channels SET last_rev = last_rev + 1 WHERE id = $1 RETURNING last_rev`, m.ChannelID).Scan(&m.Rev)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE messages SET rev = $1, body = $2, files = $3, edited_at = $4, deleted_at = $5, removed_by = $6 WHERE channel_id = $7 AND seq = $8`,
		m.Rev, m.Body, len(m.Attachments), millis(m.EditedAt), millis(m.DeletedAt), m.RemovedBy, m.ChannelID, m.Seq)
	if err != nil || !m.Deleted() {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM attachments WHERE channel_id = $1 AND seq = $2`, m.ChannelID, m.Seq)
	return err
}

// post is a message on its way into the database.
type post struct {
	message  Message
	files    []Attachment  // new files that go with it
	kept     []ID          // waiting files that go with it
	mentions []ID          // whom it mentions
	slow     time.Duration // how long its author waits between two messages; 0: not at all

	// Set by insertPosts.
	again   bool   // posted before, under the same client_id: message is that one
	refusal *Error // nothing was written for it

	joined bool // someone came to be in the channel by this post, or another one of its transaction

	row Row // set by the hub, after the commit
}

// insertPosts writes posts of any channels in their order: per channel one look at its counters, one look for
// retries, few INSERTs of many rows. known are people of whom the database knows that they have posted; it returns those
// of whom it will with the commit.
func insertPosts(ctx context.Context, tx *sql.Tx, posts []*post, known map[ID]struct{}) (news []ID, err error) {
	var order []ID
	byChannel := make(map[ID][]*post)
	for _, p := range posts {
		id := p.message.ChannelID
		if byChannel[id] == nil {
			order = append(order, id)
		}
		byChannel[id] = append(byChannel[id], p)
		if _, posted := known[p.message.Author.ID]; !posted && !slices.Contains(news, p.message.Author.ID) {
			news = append(news, p.message.Author.ID)
		}
	}
	for _, id := range order {
		if err := insertChannelPosts(ctx, tx, id, byChannel[id]); err != nil {
			return nil, err
		}
	}
	// Who has posted keeps their name.
	return news, inPieces(news, func(ids []ID) error {
		args := make([]any, len(ids))
		for i, id := range ids {
			args[i] = id
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET posted = TRUE WHERE NOT posted AND id IN `+inList(1, len(ids)), args...)
		return err
	})
}

// dropOutsiders refuses the posts of those who do not see the channel any more, and returns the others.
func dropOutsiders(ctx context.Context, tx *sql.Tx, channel ID, posts []*post) ([]*post, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	asked := make(map[ID]bool, len(posts))
	var authors []ID
	for _, p := range posts {
		if id := p.message.Author.ID; !asked[id] {
			asked[id] = true
			authors = append(authors, id)
		}
	}
	see, err := whoSee(ctx, tx, channel, authors, posts[0].message.CreatedAt)
	if err != nil {
		return nil, err
	}
	kept := posts[:0:0]
	for _, p := range posts {
		if see[p.message.Author.ID] {
			kept = append(kept, p)
		} else {
			p.refusal = errNotFound
		}
	}
	return kept, nil
}

func insertChannelPosts(ctx context.Context, tx *sql.Tx, channel ID, posts []*post) error {
	fresh, twins, err := dropRetries(ctx, tx, channel, posts)
	if err != nil {
		return err
	}
	if fresh, err = holdBack(ctx, tx, channel, fresh); err != nil {
		return err
	}
	if fresh, err = dropOutsiders(ctx, tx, channel, fresh); err != nil {
		return err
	}
	if fresh, err = claimKept(ctx, tx, channel, fresh); err != nil {
		return err
	}
	var lastSeq, lastRev int64
	if n := len(fresh); n > 0 {
		err = tx.QueryRowContext(ctx, `
			UPDATE channels SET last_seq = last_seq + $1, last_rev = last_rev + $1
			WHERE id = $2 AND archived_at = 0 AND deleted_at = 0 RETURNING last_seq, last_rev`, n, channel).Scan(&lastSeq, &lastRev)
		if errors.Is(err, sql.ErrNoRows) { // since the gate was asked
			for _, p := range fresh {
				p.refusal = errArchived
			}
			fresh, err = nil, nil
		}
		if err != nil {
			return err
		}
	}
	if len(fresh) > 0 {
		for i, p := range fresh {
			p.message.Seq = lastSeq - int64(len(fresh)-1-i)
			p.message.Rev = lastRev - int64(len(fresh)-1-i)
		}
		if err := insertMessages(ctx, tx, channel, fresh); err != nil {
			return err
		}
	}
	for p, first := range twins { // the same client_id twice in one batch
		p.message, p.refusal = first.message, first.refusal
	}
	return nil
}

// dropRetries finds the posts whose client_id was posted before, and gives them that message. twins are
// posts that repeat another one of the same batch.
func dropRetries(ctx context.Context, tx *sql.Tx, channel ID, posts []*post) (fresh []*post, twins map[*post]*post, err error) {
	type key struct {
		user   ID
		client string
	}
	first := make(map[key]*post, len(posts))
	twins = make(map[*post]*post)
	keys := make([]key, 0, len(posts))
	for _, p := range posts {
		p.again = false
		k := key{p.message.Author.ID, p.message.ClientID}
		if twin := first[k]; twin != nil {
			twins[p], p.again = twin, true
			continue
		}
		first[k] = p
		keys = append(keys, k)
	}
	known := make(map[key]int64)
	err = inPieces(keys, func(keys []key) error {
		args := make([]any, 0, 1+2*len(keys))
		args = append(args, channel)
		for _, k := range keys {
			args = append(args, k.user, k.client)
		}
		rows, err := tx.QueryContext(ctx, `SELECT user_id, client_id, seq FROM messages
			WHERE channel_id = $1 AND (user_id, client_id) IN (VALUES `+valueLists(2, len(keys), 2)+`)`, args...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		for rows.Next() {
			var k key
			var seq int64
			if err := rows.Scan(&k.user, &k.client, &seq); err != nil {
				return err
			}
			known[k] = seq
		}
		return rows.Err()
	})
	if err != nil {
		return nil, nil, err
	}
	for _, p := range posts {
		seq, again := known[key{p.message.Author.ID, p.message.ClientID}]
		switch {
		case twins[p] != nil:
		case again:
			p.again = true
			ch := newChannelState(Channel{ID: channel, Slug: p.message.ChannelSlug})
			if p.message, err = messageAt(ctx, tx, ch, seq); err != nil {
				return nil, nil, err
			}
		default:
			fresh = append(fresh, p)
		}
	}
	return fresh, twins, nil
}

// insertMessages writes new messages, which follow one another in seq, with their files and their authors' read marks.
func insertMessages(ctx context.Context, tx *sql.Tx, channel ID, posts []*post) error {
	previous := Message{ChannelID: channel, Seq: posts[0].message.Seq - 1}
	if previous.Seq > 0 {
		var created, deleted int64
		err := tx.QueryRowContext(ctx, `SELECT user_id, created_at, deleted_at FROM messages WHERE channel_id = $1 AND seq = $2`,
			channel, previous.Seq).Scan(&previous.Author.ID, &created, &deleted)
		if err != nil {
			return err
		}
		previous.CreatedAt, previous.DeletedAt = fromMillis(created), fromMillis(deleted)
	}
	reads := make(map[ID]int64)
	for _, p := range posts {
		m := &p.message
		m.Continued = m.Author.ID == previous.Author.ID && !previous.Deleted() && m.CreatedAt.Sub(previous.CreatedAt) < continuedWithin
		reads[m.Author.ID] = m.Seq
		previous = *m
	}
	err := inPieces(posts, func(posts []*post) error {
		const width = 11
		args := make([]any, 0, width*len(posts))
		for _, p := range posts {
			m := &p.message
			args = append(args, channel, m.Seq, m.Rev, m.Author.ID, m.ClientID, m.Body, m.Continued, len(m.Attachments), m.CreatedAt.UnixMilli(), 0, 0)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO messages
			(channel_id, seq, rev, user_id, client_id, body, continued, files, created_at, edited_at, deleted_at)
			VALUES `+valueLists(1, len(posts), width), args...)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := insertAttachments(ctx, tx, &p.message, p.kept); err != nil {
			return err
		}
		if err := insertMentions(ctx, tx, channel, p.message.Seq, p.mentions); err != nil {
			return err
		}
	}
	outside, err := upsertReads(ctx, tx, channel, reads, previous.CreatedAt)
	if err != nil {
		return err
	}
	if err := noteSlow(ctx, tx, channel, posts); err != nil {
		return err
	}
	posts[0].joined = len(outside) > 0
	return joinAuthors(ctx, tx, channel, outside)
}
