package chat

import (
	"context"
	"slices"
	"sync/atomic"

	"chitchat/chat/sqlite"
)

// deletions holds the seqs of a channel's deleted messages, sorted, to count unread messages without a query. Each
// costs eight bytes. It is safe for concurrent use.
type deletions struct {
	seqs atomic.Pointer[[]int64] // replaced, never changed
}

func (d *deletions) all() []int64 {
	if seqs := d.seqs.Load(); seqs != nil {
		return *seqs
	}
	return nil
}

// within returns the number of deleted messages after from, up to and including to.
func (d *deletions) within(from, to int64) int64 {
	seqs := d.all()
	if to <= from || len(seqs) == 0 {
		return 0
	}
	first, _ := slices.BinarySearch(seqs, from+1)
	end, _ := slices.BinarySearch(seqs, to+1)
	return int64(end - first)
}

// has reports whether a message is deleted.
func (d *deletions) has(seq int64) bool { return d.within(seq-1, seq) > 0 }

// add records deleted messages by their sorted seqs. It reports whether one of them was new.
func (d *deletions) add(seqs ...int64) (news bool) {
	for {
		old := d.seqs.Load()
		known := d.all()
		all := slices.Concat(known, seqs)
		slices.Sort(all)
		all = slices.Compact(all)
		if len(all) == len(known) {
			return false
		}
		if d.seqs.CompareAndSwap(old, &all) {
			return true
		}
	}
}

// refreshDeletions reads the deletions since the last call, and returns the channels in which it finds new ones. It is
// for a node with neighbours: it learns of their deletions by the channel's rev.
func (h *hub) refreshDeletions(ctx context.Context) (changed []*cachedChannel, err error) {
	for _, ch := range h.channels.active() {
		rev, known := ch.lastRev.Load(), ch.deletedRev.Load()
		if rev <= known {
			continue
		}
		seqs, err := deletedAfter(ctx, h.chat.db, ch.ID, known)
		if err != nil {
			return changed, err
		}
		if ch.deletedRev.Store(rev); ch.deleted.add(seqs...) {
			changed = append(changed, ch)
		}
	}
	return changed, nil
}

// startDeletions reads all deletions, in one query.
func (h *hub) startDeletions(ctx context.Context) error {
	for _, ch := range h.channels.active() {
		ch.deletedRev.Store(ch.lastRev.Load()) // before the query, which finds at least these
	}
	of, seqs := ID(0), []int64(nil)
	keep := func() {
		if ch := h.channels.byID(of); ch != nil {
			ch.deleted.add(seqs...)
		}
		seqs = nil
	}
	const query = `SELECT channel_id, seq FROM messages WHERE deleted_at > 0 ORDER BY channel_id, seq`
	err := sqlite.Each(ctx, h.chat.db, query, nil, func(row sqlite.Scanner) error {
		channel, seq, err := sqlite.Pair[ID, int64](row)
		if err != nil {
			return err
		}
		if channel != of {
			keep()
			of = channel
		}
		seqs = append(seqs, seq)
		return nil
	})
	keep()
	return err
}

// deletedAfter returns the seqs of a channel's deleted messages that changed after rev.
func deletedAfter(ctx context.Context, q sqlite.Querier, channel ID, rev int64) ([]int64, error) {
	return sqlite.Collect(ctx, q, sqlite.Single[int64],
		`SELECT seq FROM messages WHERE channel_id = $1 AND rev > $2 AND deleted_at > 0`, channel, rev)
}
