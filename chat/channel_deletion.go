package chat

import (
	"context"
	"slices"
	"sync/atomic"

	"chitchat/chat/sqlite"
)

// deletions are the seqs of a channel's deleted messages, in order: what is unread is counted without them, and without
// a query. They cost eight bytes each. Safe for concurrent use.
type deletions struct {
	seqs atomic.Pointer[[]int64] // replaced, never changed
}

func (d *deletions) all() []int64 {
	if seqs := d.seqs.Load(); seqs != nil {
		return *seqs
	}
	return nil
}

// within counts the deleted messages after from, up to to.
func (d *deletions) within(from, to int64) int64 {
	seqs := d.all()
	if to <= from || len(seqs) == 0 {
		return 0
	}
	first, _ := slices.BinarySearch(seqs, from+1)
	end, _ := slices.BinarySearch(seqs, to+1)
	return int64(end - first)
}

// add notes that messages are deleted: seqs, in order. It reports whether that of any was not known.
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

// refreshDeletions reads which messages are deleted, by changes that this node has not asked for yet, and returns the
// channels in which it finds some that it did not know. It is for a node with neighbours, which hears of their
// deletions by the channel's rev.
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

// startDeletions reads all deletions that there are, in one query.
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

// deletedAfter returns the deleted messages of a channel that were changed after a rev.
func deletedAfter(ctx context.Context, q sqlite.Querier, channel ID, rev int64) ([]int64, error) {
	return sqlite.Collect(ctx, q, sqlite.Single[int64],
		`SELECT seq FROM messages WHERE channel_id = $1 AND rev > $2 AND deleted_at > 0`, channel, rev)
}
