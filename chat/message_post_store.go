package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// post is a message that is being posted.
type post struct {
	feed       *cachedChannel // of the message: a channel or a thread
	broadcasts bool           // a reply that is also shown in its channel
	broadcast  *post          // the row of the channel that shows it; set by insertBroadcasts
	message    Message
	session    ID           // the author's
	files      []Attachment // new files of the message
	pending    []ID         // pending files of the message
	asked      mentions     // the mentions of its text
	draft      string       // see Draft.Saved
	apart      bool         // see Draft.Apart
	shown      int64        // see Draft.Seen

	// Set by insertPosts.
	access   *Access       // the session's access to the channel
	slow     time.Duration // minimum time between two messages of the author; 0: none
	mentions []ID          // those that the author may make
	isRetry  bool          // posted before with the same client_id: message is the earlier one
	refusal  *Error        // why it was refused; nothing was written

	unseen   bool // its author has not read all before it: only of a broadcast, and of what was written apart
	wasDraft bool // it was its author's draft, which it has deleted

	joined bool // a user became a member by this post, or by another one of its transaction

	row    Row  // set by the hub, after the commit
	untold bool // stored, but could not be shown
}

// insertPosts inserts posts of any channels, in order: for each channel it reads the counters once, looks for retries
// once, and inserts many rows at a time. It returns the users whose first post it is, as the database will have it
// after the commit.
func insertPosts(ctx context.Context, tx *sqlite.Tx, posts []*post, known *known) (news []ID, err error) {
	for _, group := range byFeed(posts) {
		if err := insertFeedPosts(ctx, tx, group[0].feed, group, known); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(group, func(p *post) bool { return p.joined }) {
			clear(known.access)
		}
	}
	if err := insertBroadcasts(ctx, tx, posts, known); err != nil {
		return nil, err
	}
	for _, p := range posts {
		author := p.message.Author.ID
		if _, posted := known.posted[author]; p.refusal == nil && !posted && !slices.Contains(news, author) {
			news = append(news, author)
		}
	}
	// Users who have posted keep their name.
	return news, sqlite.InBatches(news, func(ids []ID) error {
		args := make([]any, len(ids))
		for i, id := range ids {
			args[i] = id
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET posted = TRUE WHERE NOT posted AND id IN `+sqlite.InList(1, len(ids)),
			args...)
		return err
	})
}

// byFeed returns the posts of each feed, in the order in which the feeds come first.
func byFeed(posts []*post) (groups [][]*post) {
	at := make(map[ID]int)
	for _, p := range posts {
		i, known := at[p.message.ChannelID]
		if !known {
			i = len(groups)
			at[p.message.ChannelID], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return groups
}

func insertFeedPosts(ctx context.Context, tx *sqlite.Tx, feed *cachedChannel, posts []*post, known *known) error {
	channel, gate := feed.ID, feed.gate().ID
	posts, err := filterAuthorized(ctx, tx, gate, posts, known)
	if err != nil {
		return err
	}
	fresh, duplicates := splitDuplicates(posts)
	doubted := fresh
	asked := known.careful || slices.ContainsFunc(fresh, func(p *post) bool { return !p.access.ordinary })
	if !asked {
		doubted = known.doubted(channel, fresh)
	}
	if fresh, err = deduplicate(ctx, tx, channel, fresh, doubted); err != nil {
		return err
	}
	all := len(fresh)
	fresh = filterPermitted(fresh)
	if fresh, err = enforceSlowMode(ctx, tx, gate, fresh); err != nil {
		return err
	}
	if fresh, err = attachPending(ctx, tx, gate, fresh); err != nil {
		return err
	}
	if !asked && len(fresh) < all { // a refused post may be a retry of one that was accepted
		return errRepeated
	}
	if fresh, err = numberPosts(ctx, tx, feed, fresh); err != nil {
		return err
	}
	if len(fresh) > 0 {
		if err := insertMessages(ctx, tx, feed, fresh, known); err != nil {
			return err
		}
		if err := deleteSentDrafts(ctx, tx, channel, fresh); err != nil {
			return err
		}
	}
	for p, first := range duplicates { // the same client_id twice in one batch
		p.message, p.refusal = first.message, first.refusal
	}
	return nil
}

// numberPosts gives posts the next seqs and revs of their feed, and returns them; none if its channel was archived or
// deleted since the actor was authorized.
func numberPosts(ctx context.Context, tx *sqlite.Tx, feed *cachedChannel, posts []*post) ([]*post, error) {
	n := len(posts)
	if n == 0 {
		return nil, nil
	}
	active := `archived_at = 0 AND deleted_at = 0`
	if feed.parent != nil {
		active = `EXISTS (SELECT 1 FROM channels c WHERE c.id = threads.channel_id AND ` + active + `)`
	}
	var lastSeq, lastRev int64
	err := tx.QueryRowContext(ctx, `UPDATE `+feedTable(feed.ref())+`
		SET last_seq = last_seq + $1, last_rev = last_rev + $1, last_at = $2
		WHERE id = $3 AND `+active+` RETURNING last_seq, last_rev`,
		n, posts[n-1].message.CreatedAt.UnixMilli(), feed.ID).Scan(&lastSeq, &lastRev)
	if errors.Is(err, sql.ErrNoRows) {
		for _, p := range posts {
			p.refusal = errArchived
		}
		return nil, nil
	}
	for i, p := range posts {
		p.message.Seq = lastSeq - int64(n-1-i)
		p.message.Rev = lastRev - int64(n-1-i)
	}
	return posts, err
}

// errRepeated reports that a post which was not doubted is a retry, or may be one: the transaction is repeated with
// known.careful. That is rare, and checking each post would cost more than inserting it.
var errRepeated = errors.New("chat: a post came before")

// messageKey distinguishes the posts of a channel.
type messageKey struct {
	user   ID
	client string
}

func (p *post) key() messageKey { return messageKey{p.message.Author.ID, p.message.ClientID} }

// splitDuplicates keeps one post of each client_id; duplicates maps the others to it.
func splitDuplicates(posts []*post) (fresh []*post, duplicates map[*post]*post) {
	first := make(map[messageKey]*post, len(posts))
	duplicates = make(map[*post]*post)
	fresh = posts[:0:0]
	for _, p := range posts {
		p.isRetry = false
		if posted := first[p.key()]; posted != nil {
			duplicates[p], p.isRetry = posted, true
			continue
		}
		first[p.key()] = p
		fresh = append(fresh, p)
	}
	return fresh, duplicates
}

// deduplicate finds the doubted posts that are retries, gives them the earlier message, and returns the other posts.
func deduplicate(ctx context.Context, tx *sqlite.Tx, channel ID, posts, doubted []*post) (fresh []*post, err error) {
	if len(doubted) == 0 {
		return posts, nil
	}
	seqs := make(map[messageKey]int64)
	err = sqlite.InBatches(doubted, func(posts []*post) error {
		args := make([]any, 0, 1+2*len(posts))
		args = append(args, channel)
		for _, p := range posts {
			args = append(args, p.message.Author.ID, p.message.ClientID)
		}
		query := `SELECT user_id, client_id, seq FROM messages
			WHERE channel_id = $1 AND (user_id, client_id) IN (VALUES ` + sqlite.Placeholders(2, len(posts), 2) + `)`
		return sqlite.Each(ctx, tx, query, args, func(row sqlite.Scanner) error {
			var k messageKey
			var seq int64
			err := row.Scan(&k.user, &k.client, &seq)
			seqs[k] = seq
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		seq, again := seqs[p.key()]
		if !again {
			fresh = append(fresh, p)
			continue
		}
		p.isRetry = true
		if p.message, err = messageAt(ctx, tx, p.feed, seq); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// insertMessages inserts new messages with consecutive seqs, their files and their authors' read marks.
func insertMessages(ctx context.Context, tx *sqlite.Tx, feed *cachedChannel, posts []*post, known *known) error {
	channel := feed.ID
	previous, err := messageBefore(ctx, tx, channel, &posts[0].message, known)
	if err != nil {
		return err
	}
	for _, p := range posts {
		m := &p.message
		after := m.CreatedAt.Sub(previous.CreatedAt)
		m.Continued = m.Broadcast.Root == 0 && m.Author.ID == previous.Author.ID && !previous.Deleted() && 0 <= after &&
			after < continuedWithin
		previous = *m
	}
	number, err := nextNumber(ctx, tx)
	if err != nil {
		return err
	}
	err = sqlite.InBatches(posts, func(posts []*post) error {
		const width = 15
		args := make([]any, 0, width*len(posts))
		for _, p := range posts {
			m := &p.message
			found := number
			if m.Broadcast.Seq != 0 { // the reply is found
				found = 0
			}
			number++
			args = append(args, channel, m.Seq, m.Rev, m.Author.ID, m.ClientID, m.Body, m.stored(m.Body), m.Continued,
				len(m.Attachments), m.CreatedAt.UnixMilli(), 0, 0, m.Broadcast.thread, m.Broadcast.Seq, found)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO messages
			(channel_id, seq, rev, user_id, client_id, body, html, continued, files, created_at, edited_at, deleted_at,
				thread_id, thread_seq, number) VALUES `+sqlite.Placeholders(1, len(posts), width), args...)
		if sqlite.IsUnique(err) && !known.careful {
			return errRepeated
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := insertAttachments(ctx, tx, &p.message, p.pending); err != nil {
			return err
		}
		if err := insertMentions(ctx, tx, channel, p.message.Seq, p.mentions); err != nil {
			return err
		}
	}
	known.newest[channel] = newest{previous.Seq, previous.Rev, previous.Author.ID, previous.CreatedAt}
	if feed.parent != nil {
		return insertedReplies(ctx, tx, feed, posts)
	}
	if posts[0].message.Broadcast.Root != 0 {
		return readBroadcasts(ctx, tx, posts)
	}
	outside, err := readPosts(ctx, tx, channel, posts)
	if err != nil {
		return err
	}
	if err := recordPostTime(ctx, tx, channel, posts); err != nil {
		return err
	}
	posts[0].joined = len(outside) > 0
	return joinAuthors(ctx, tx, channel, outside)
}

// messageBefore returns the fields of the previous message that decide whether a new one continues it. Nothing
// continues a line: its author's name is not shown above a message.
func messageBefore(ctx context.Context, tx *sqlite.Tx, channel ID, m *Message, known *known) (Message, error) {
	previous := Message{ChannelID: channel, Seq: m.Seq - 1}
	if last := known.newest[channel]; last.seq == m.Seq-1 && last.rev == m.Rev-1 {
		previous.Author.ID, previous.CreatedAt = last.author, last.createdAt
		return previous, nil
	}
	if previous.Seq == 0 {
		return previous, nil
	}
	var created, deleted int64
	err := tx.QueryRowContext(ctx,
		`SELECT CASE WHEN pins = 0 THEN user_id ELSE 0 END, created_at, deleted_at FROM messages
			WHERE channel_id = $1 AND seq = $2`,
		channel, previous.Seq).Scan(&previous.Author.ID, &created, &deleted)
	previous.CreatedAt, previous.DeletedAt = fromMillis(created), fromMillis(deleted)
	return previous, err
}
