package chat

import (
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// insertedReplies does what goes with new replies: their authors, and those whom they mention, follow the thread, and
// the authors join the channel.
func insertedReplies(ctx context.Context, tx *sqlite.Tx, thread *cachedChannel, posts []*post) error {
	var outside []ID
	for _, p := range posts {
		author := p.message.Author.ID
		if err := followWriting(ctx, tx, thread.ID, author, p.message.Seq, p.seen()); err != nil {
			return err
		}
		if err := followMentioned(ctx, tx, thread.parent, thread.ID, p.message.Seq, p.mentions); err != nil {
			return err
		}
		if p.access.Membership.State != Joined && !slices.Contains(outside, author) {
			outside = append(outside, author)
		}
	}
	for _, author := range outside {
		if err := noteUnread(ctx, tx, thread.parent.ID, author); err != nil {
			return err
		}
	}
	if err := recordPostTime(ctx, tx, thread.parent.ID, posts); err != nil {
		return err
	}
	posts[0].joined = len(outside) > 0
	return joinAuthors(ctx, tx, thread.parent.ID, outside)
}

// insertBroadcasts adds the rows of channels that show new replies. Their authors were authorized for the replies.
func insertBroadcasts(ctx context.Context, tx *sqlite.Tx, posts []*post, known *known) error {
	var broadcasts []*post
	for _, p := range posts {
		p.broadcast = nil
		if !p.broadcasts || p.refusal != nil || p.isRetry {
			continue
		}
		of, err := authorAt(ctx, tx, p.feed.parent.ID, p.feed.root)
		if err != nil {
			return err
		}
		m := broadcastOf(p.message, 0, 0, of)
		m.ClientID = "broadcast-" + m.Broadcast.thread.String() + "-" + ID(m.Broadcast.Seq).String()
		m.Body, m.Formatted, m.Attachments = "", Formatted{}, nil
		p.broadcast = &post{feed: p.feed.parent, message: m, session: p.session, access: p.access}
		broadcasts = append(broadcasts, p.broadcast)
	}
	for _, group := range byFeed(broadcasts) {
		numbered, err := numberPosts(ctx, tx, group[0].feed, group)
		if err != nil || len(numbered) == 0 {
			return err
		}
		if err := insertMessages(ctx, tx, group[0].feed, group, known); err != nil {
			return err
		}
	}
	for _, p := range posts {
		if p.broadcast == nil {
			continue
		}
		p.message.broadcastSeq = p.broadcast.message.Seq
		_, err := tx.ExecContext(ctx, `UPDATE messages SET broadcast_seq = $1 WHERE channel_id = $2 AND seq = $3`,
			p.message.broadcastSeq, p.message.ChannelID, p.message.Seq)
		if err != nil {
			return err
		}
		m := broadcastOf(p.message, p.broadcast.message.Seq, p.broadcast.message.Rev, p.broadcast.message.Broadcast.Of)
		p.broadcast.message = m
	}
	return nil
}

// readBroadcasts marks the rows that show new replies as read for their authors, if they had read all before: from a
// thread, one does not see what is new in the channel. They have joined it with the replies.
func readBroadcasts(ctx context.Context, tx *sqlite.Tx, posts []*post) error {
	for _, p := range posts {
		read, err := readOwn(ctx, tx, &p.message, 0)
		if err != nil {
			return err
		}
		p.unseen = !read
	}
	return nil
}
