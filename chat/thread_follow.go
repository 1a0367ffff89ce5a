package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// Who writes in a thread, is mentioned in it or reacts to it follows it, and so does the root's author. Following is
// undone by Unfollow: then only a reply of one's own, or a mention, makes one follow again.

// Follow makes the actor follow the thread of a message, which begins if it has not yet: what they have not read of it
// is counted from now on. Idempotent.
func (c Threads) Follow(ctx context.Context, a Actor, slug string, root int64) error {
	acc, err := c.accessFeed(ctx, a, ThreadAddress(slug, root))
	if err != nil {
		return err
	}
	ch := acc.cached
	if ch.ID == 0 {
		if ch, err = c.beginThread(ctx, a, ch.parent, ch.root); err != nil {
			return err
		}
	}
	return c.follow(ctx, a, ch, true)
}

// Unfollow makes the actor follow the thread no longer. Idempotent.
func (c Threads) Unfollow(ctx context.Context, a Actor, slug string, root int64) error {
	acc, err := c.accessFeed(ctx, a, ThreadAddress(slug, root))
	if err != nil || acc.cached.ID == 0 {
		return err
	}
	return c.follow(ctx, a, acc.cached, false)
}

func (c *core) follow(ctx context.Context, a Actor, ch *cachedChannel, following bool) error {
	_, err := actInValue(ctx, c, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, _ Access) (struct{}, error) {
		return struct{}{}, setFollowing(ctx, tx, ch.ID, a.ID, following)
	}, func(struct{}) { c.hub.threadsChanged(a.ID) })
	return err
}

// followWriting makes the author of a reply follow its thread, and have read it up to there, unless there is something
// that they have not read before and not seen now.
func followWriting(ctx context.Context, tx *sqlite.Tx, thread, author ID, seq, seen int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO thread_followers (thread_id, user_id, following, read_seq)
		VALUES ($1, $2, TRUE, $3) ON CONFLICT (thread_id, user_id) DO UPDATE SET following = TRUE,
		read_seq = CASE WHEN thread_followers.read_seq < $4 AND $5 < $4 THEN thread_followers.read_seq ELSE $3 END`,
		thread, author, seq, seq-1, seen)
	return err
}

// followMentioned makes those follow a thread whom a reply mentions and who see it: the reply is unread for them.
func followMentioned(ctx context.Context, tx *sqlite.Tx, in *cachedChannel, thread ID, seq int64, who []ID) error {
	people := make([]ID, 0, len(who))
	for _, id := range who {
		if id != mentionAll {
			people = append(people, id)
		}
	}
	if len(people) == 0 {
		return nil
	}
	if in.info.Load().Kind != Public {
		var err error
		if people, err = membersAmong(ctx, tx, in.ID, people); err != nil {
			return err
		}
	}
	return sqlite.InBatches(people, func(people []ID) error {
		args := make([]any, 0, 4*len(people))
		for _, id := range people {
			args = append(args, thread, id, true, seq-1)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO thread_followers (thread_id, user_id, following, read_seq) VALUES `+
			sqlite.Placeholders(1, len(people), 4)+` ON CONFLICT (thread_id, user_id) DO UPDATE SET `+followedAnew, args...)
		return err
	})
}

// followedAnew updates the row of a follower: who did not follow has read what came meanwhile.
const followedAnew = `following = excluded.following,
	read_seq = CASE WHEN thread_followers.following THEN thread_followers.read_seq ELSE excluded.read_seq END`

// setFollowing sets whether a user follows a thread. Who begins to has read everything.
func setFollowing(ctx context.Context, tx *sqlite.Tx, thread, user ID, following bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO thread_followers (thread_id, user_id, following, read_seq)
		SELECT id, $1, $2, last_seq FROM threads WHERE id = $3 ON CONFLICT (thread_id, user_id) DO UPDATE SET `+followedAnew,
		user, following, thread)
	return err
}

// followReacted makes a user follow the thread that a message is in, or the root of, if there is one.
func followReacted(ctx context.Context, tx *sqlite.Tx, m *Message, user ID) error {
	condition, args := `id = $2`, []any{user, m.ChannelID}
	if m.Thread.Root == 0 {
		condition, args = `channel_id = $2 AND seq = $3`, append(args, m.Seq)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO thread_followers (thread_id, user_id, following, read_seq)
		SELECT id, $1, TRUE, last_seq FROM threads WHERE `+condition+` ON CONFLICT DO NOTHING`, args...)
	return err
}
