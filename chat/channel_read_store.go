package chat

import (
	"context"
	"maps"
	"slices"

	"chitchat/chat/sqlite"
)

// upsertReads moves read marks in a channel forward, never back. It returns the users whose mark has moved and who are
// not members: reading does not join.
func upsertReads(ctx context.Context, tx *sqlite.Tx, channel ID, reads map[ID]int64) (outside []ID, err error) {
	people := slices.Sorted(maps.Keys(reads)) // neighbours in the index, too
	err = sqlite.InBatches(people, func(people []ID) error {
		args := make([]any, 0, 5*len(people))
		for _, user := range people {
			args = append(args, channel, user, reads[user], tx.Now.UnixMilli(), Seen)
		}
		query := `
			INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state) VALUES ` +
			sqlite.Placeholders(1, len(people), 5) + `
			ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq
			WHERE memberships.read_seq < excluded.read_seq RETURNING user_id, state`
		return sqlite.Each(ctx, tx, query, args, func(row sqlite.Scanner) error {
			user, state, err := sqlite.Pair[ID, State](row)
			if err == nil && state != Joined {
				outside = append(outside, user)
			}
			return err
		})
	})
	return outside, err
}

// updateRead raises a member's read mark.
func updateRead(ctx context.Context, tx *sqlite.Tx, channel, user ID, seq int64) error {
	_, err := tx.ExecContext(ctx,
		`UPDATE memberships SET read_seq = $1 WHERE channel_id = $2 AND user_id = $3 AND read_seq < $1`, seq, channel, user)
	return err
}

// readPosts marks new messages of a channel, and all before them, as read for their authors, who see its end; for those
// who do not, see readOwn. It returns the authors who are not members.
func readPosts(ctx context.Context, tx *sqlite.Tx, channel ID, posts []*post) (outside []ID, err error) {
	if p := posts[0]; len(posts) == 1 && !p.apart && p.access.Membership.State == Joined { // the usual case, and cheaper
		return nil, updateRead(ctx, tx, channel, p.message.Author.ID, p.message.Seq)
	}
	reads := make(map[ID]int64)
	for _, p := range posts {
		if !p.apart {
			reads[p.message.Author.ID] = p.message.Seq
		}
	}
	if outside, err = upsertReads(ctx, tx, channel, reads); err != nil {
		return nil, err
	}
	for _, p := range posts {
		if !p.apart {
			continue
		}
		author := p.message.Author.ID
		if p.access.Membership.State != Joined && !slices.Contains(outside, author) {
			if err := noteUnread(ctx, tx, channel, author); err != nil {
				return nil, err
			}
			outside = append(outside, author)
		}
		read, err := readOwn(ctx, tx, &p.message, p.seen())
		if err != nil {
			return nil, err
		}
		p.unseen = !read
	}
	return outside, nil
}

// readOwn marks a new message of a channel as read for its author if they had read all before it, or have seen that
// now, and reports it. It is for what one does without seeing the channel's end: what is new there stays unread.
func readOwn(ctx context.Context, tx *sqlite.Tx, m *Message, seen int64) (read bool, err error) {
	res, err := tx.ExecContext(ctx, `UPDATE memberships SET read_seq = $1 WHERE channel_id = $2 AND user_id = $3
		AND read_seq < $1 AND (read_seq >= $4 OR CAST($5 AS BIGINT) >= $4)`, m.Seq, m.ChannelID, m.Author.ID, m.Seq-1, seen)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// raiseRead moves a user's read mark forward, never back, and returns it.
func raiseRead(ctx context.Context, tx *sqlite.Tx, channel, user ID, seq int64) (mark readMark, err error) {
	err = tx.QueryRowContext(ctx, `
		INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq =
			CASE WHEN memberships.read_seq < excluded.read_seq THEN excluded.read_seq ELSE memberships.read_seq END
		RETURNING read_seq, unread_rev`, channel, user, seq, tx.Now.UnixMilli(), Seen).Scan(&mark.readSeq, &mark.unreadRev)
	return mark, err
}

// lowerRead moves a user's read mark back to seq, unless it is there already, and makes it the newest one. Call
// hub.refreshMembers after the commit.
func lowerRead(ctx context.Context, tx *sqlite.Tx, channel, user ID, seq int64) error {
	if err := noteUnread(ctx, tx, channel, user); err != nil {
		return err
	}
	rev, err := nextMembershipRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE memberships SET rev = $1, unread_rev = $1,
		read_seq = CASE WHEN read_seq < $2 THEN read_seq ELSE $2 END WHERE channel_id = $3 AND user_id = $4`,
		rev, seq, channel, user)
	return err
}
