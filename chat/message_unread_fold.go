package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"chitchat/chat/sqlite"
)

// foldUnread returns the seqs of the rows that each of the feeds shows, in order.
func (c *core) foldUnread(ctx context.Context, a Actor, feeds []unreadFeed) ([][]int64, error) {
	if err := readThreadDeletions(ctx, c.db, feeds); err != nil {
		return nil, err
	}
	mentions := make(map[ID][]int64)
	addressed := slices.DeleteFunc(slices.Clone(feeds), func(f unreadFeed) bool { return f.mentions == 0 })
	err := eachUnreadMention(ctx, c.db, a.ID, addressed, fmt.Sprintf(`SELECT feed, seq FROM (SELECT feed, seq,
		ROW_NUMBER() OVER (PARTITION BY feed ORDER BY seq) AS nth,
		ROW_NUMBER() OVER (PARTITION BY feed ORDER BY seq DESC) AS last FROM mention) AS numbered
		WHERE nth = 1 OR last < %d ORDER BY feed, seq`, maxUnreadRows),
		func(feed ID, seq int64) { mentions[feed] = append(mentions[feed], seq) })
	if err != nil {
		return nil, err
	}
	seqs := make([][]int64, len(feeds))
	for i := range feeds {
		seqs[i] = feeds[i].fold(mentions[feeds[i].ch.ID])
	}
	return seqs, nil
}

// fold returns the seqs of the rows that the feed shows, in order: all unread ones, and if they are many the first, the
// newest of those that mention the user, and the last. mentions are the first and the newest mentions.
func (f *unreadFeed) fold(mentions []int64) []int64 {
	switch {
	case f.only:
		return mentions
	case f.unread <= maxUnreadRows:
		return f.living(f.readSeq, 1, maxUnreadRows)
	}
	seqs := append(f.living(f.readSeq, 1, 1), f.living(f.lastSeq+1, -1, lastUnread)...)
	for i := len(mentions) - 1; i >= 0 && len(seqs) < maxUnreadRows; i-- {
		if !slices.Contains(seqs, mentions[i]) {
			seqs = append(seqs, mentions[i])
		}
	}
	slices.Sort(seqs)
	return slices.Compact(seqs)
}

// living returns the first unread seqs after from that are not deleted, in steps of 1 or -1.
func (f *unreadFeed) living(from, step int64, most int) (seqs []int64) {
	for seq := from + step; seq > f.readSeq && seq <= f.lastSeq && len(seqs) < most; seq += step {
		if !f.ch.deleted.has(seq) {
			seqs = append(seqs, seq)
		}
	}
	return seqs
}

// readThreadDeletions reads which unread replies are deleted: memory has that of channels only.
func readThreadDeletions(ctx context.Context, q sqlite.Querier, feeds []unreadFeed) error {
	lacking := make(map[ID]*cachedChannel)
	var of []unreadFeed
	for i := range feeds {
		if f := &feeds[i]; f.ch.parent != nil && f.alive(f.readSeq, f.lastSeq) != f.unread {
			lacking[f.ch.ID], of = f.ch, append(of, *f)
		}
	}
	deleted := make(map[ID][]int64)
	err := sqlite.InBatches(of, func(of []unreadFeed) error {
		var args []any
		after := make([]string, len(of))
		for i := range of {
			args = append(args, of[i].ch.ID, of[i].readSeq)
			after[i] = fmt.Sprintf("channel_id = $%d AND seq > $%d", 2*i+1, 2*i+2)
		}
		return sqlite.Each(ctx, q, `SELECT channel_id, seq FROM messages WHERE deleted_at > 0 AND (`+
			strings.Join(after, " OR ")+`)`, args, func(row sqlite.Scanner) error {
			feed, seq, err := sqlite.Pair[ID, int64](row)
			deleted[feed] = append(deleted[feed], seq)
			return err
		})
	})
	for feed, seqs := range deleted {
		lacking[feed].deleted.add(seqs...)
	}
	return err
}
