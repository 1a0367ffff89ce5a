package chat

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"chitchat/chat/sqlite"
)

// unreadFeed is a channel or a thread in which a user has unread messages, as their sidebar counts them.
type unreadFeed struct {
	ch               *cachedChannel
	member           Membership // in the channel
	readSeq, lastSeq int64
	unread           int64
	mentions         int64 // unread messages that mention the user
	lastAt           int64
	only             bool // of a channel whose user is notified of mentions only: unread is their number
}

// urgent reports whether somebody has written to the user, and not to all.
func (f *unreadFeed) urgent() bool { return f.mentions > 0 || f.ch.gate().info.Load().Kind == Direct }

// key is the feed's place in the list of those that are unread.
func (f *unreadFeed) key() unreadKey { return unreadKey{f.urgent(), f.lastAt, f.ch.ID} }

// unreadKey orders what is unread: what is urgent first, then what is new.
type unreadKey struct {
	urgent bool
	lastAt int64
	id     ID
}

func (k unreadKey) compare(other unreadKey) int {
	return cmp.Or(trueFirst(k.urgent, other.urgent), cmp.Compare(other.lastAt, k.lastAt), cmp.Compare(k.id, other.id))
}

// behind calls fn for the channels of the actor's sidebar that have messages after the actor's read mark. Their direct
// conversations are all among them, however many the sidebar shows.
func (c *core) behind(a Actor, memberships map[ID]membershipRow, fn func(*cachedChannel, *membershipRow)) {
	look := func(ch *cachedChannel, m membershipRow) {
		if listed(ch, &m, a.Role) && ch.lastSeq.Load() > m.readSeq {
			fn(ch, &m)
		}
	}
	for _, ch := range c.hub.channels.all() {
		look(ch, memberships[ch.ID])
	}
	for id, m := range memberships {
		if ch := c.hub.channels.byID(id); ch != nil && ch.index < 0 {
			look(ch, m)
		}
	}
}

// unreadFeeds returns what the actor sees and has not read, in its order: the channels with an unread count, and the
// threads that they follow. It makes no query for each.
func (c *core) unreadFeeds(ctx context.Context, a Actor) ([]unreadFeed, error) {
	memberships, err := c.memberships(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	all := make([]unreadFeed, 0, 32)
	var channels []ID
	c.behind(a, memberships, func(ch *cachedChannel, m *membershipRow) {
		f := unreadFeed{ch: ch, member: m.Membership, readSeq: m.readSeq, lastSeq: ch.lastSeq.Load(),
			lastAt: ch.lastAt.Load()}
		f.unread = f.alive(f.readSeq, f.lastSeq)
		if f.only = m.byMentions(f.unread); !f.only && m.unread(f.unread, 0) == 0 {
			return
		}
		all = append(all, f)
		if !c.openTo(a, ch) {
			channels = append(channels, ch.ID)
		}
	})
	seen, err := c.visibleAmong(ctx, a, channels)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(f unreadFeed) bool { return !c.openTo(a, f.ch) && seen[f.ch.ID] == nil })
	threads, err := c.threads.UnreadThreads(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, t := range threads {
		if in := c.hub.channels.byID(t.Channel); in != nil {
			ch := newThreadFeed(in, threadRow{id: t.id, root: t.Root, lastSeq: t.lastSeq, lastAt: t.lastAt})
			all = append(all, unreadFeed{ch: ch, member: memberships[in.ID].Membership, readSeq: t.readSeq,
				lastSeq: t.lastSeq, unread: t.Unread, lastAt: t.lastAt})
		}
	}
	if err := c.countUnreadMentions(ctx, a.ID, all); err != nil {
		return nil, err
	}
	return sortUnread(all), nil
}

// sortUnread returns those of the feeds in which anything is unread, in their order.
func sortUnread(all []unreadFeed) []unreadFeed {
	type place struct {
		unreadKey
		of *unreadFeed
	}
	order := make([]place, 0, len(all))
	for i := range all {
		if f := &all[i]; f.unread > 0 {
			order = append(order, place{f.key(), f})
		}
	}
	slices.SortFunc(order, func(x, y place) int { return x.compare(y.unreadKey) })
	sorted := make([]unreadFeed, len(order))
	for i, p := range order {
		sorted[i] = *p.of
	}
	return sorted
}

// alive returns the number of messages after from, up to and including to, that are not deleted.
func (f *unreadFeed) alive(from, to int64) int64 {
	return max(0, to-from-f.ch.deleted.within(from, to))
}

// eachUnreadMention runs a query of mention (feed, seq), the unread messages that mention a user, in batches of feeds.
// Its rows are a feed and a number.
func eachUnreadMention(ctx context.Context, q sqlite.Querier, user ID, feeds []unreadFeed, query string,
	fn func(feed ID, n int64)) error {
	return sqlite.InBatches(feeds, func(feeds []unreadFeed) error {
		args, after := []any{user}, make([]string, len(feeds))
		for i := range feeds {
			args = append(args, feeds[i].ch.ID, feeds[i].readSeq)
			after[i] = fmt.Sprintf(`(CAST($%d AS BIGINT), CAST($%d AS BIGINT))`, 2*i+2, 2*i+3)
		}
		return sqlite.Each(ctx, q, `WITH unread (feed, after) AS (VALUES `+strings.Join(after, ", ")+`),
			mention (feed, seq) AS (
				SELECT DISTINCT u.feed, m.seq FROM unread u CROSS JOIN mentions m
				WHERE m.channel_id = u.feed AND m.user_id IN (0, $1) AND m.seq > u.after) `+query, args,
			func(row sqlite.Scanner) error {
				feed, n, err := sqlite.Pair[ID, int64](row)
				fn(feed, n)
				return err
			})
	})
}

// unreadMentions returns the numbers of unread messages that mention a user.
func unreadMentions(ctx context.Context, q sqlite.Querier, user ID, feeds []unreadFeed) (map[ID]int64, error) {
	counts := make(map[ID]int64)
	return counts, eachUnreadMention(ctx, q, user, feeds, `SELECT feed, count(*) FROM mention GROUP BY feed`,
		func(feed ID, n int64) { counts[feed] = n })
}

// mentionsKey names what the numbers of a user's unread mentions depend on: a digest of how far they have read, and of
// each channel's change counter.
type mentionsKey struct {
	user  ID
	state uint64
}

var mentionsSeed = maphash.MakeSeed()

// countUnreadMentions fills in the numbers of mentions. Those of channels that have not changed since are cached.
func (c *core) countUnreadMentions(ctx context.Context, user ID, feeds []unreadFeed) error {
	var threads []unreadFeed
	state := make([]byte, 0, 12*len(feeds))
	for i := range feeds {
		f := &feeds[i]
		if f.ch.parent != nil {
			threads = append(threads, *f)
			continue
		}
		state = binary.AppendVarint(binary.AppendVarint(state, int64(f.ch.ID)), f.readSeq)
		state = binary.AppendVarint(state, f.ch.lastRev.Load())
	}
	inChannels, err := c.caches.mentions.get(mentionsKey{user, maphash.Bytes(mentionsSeed, state)},
		func() (map[ID]int64, error) {
			channels := slices.DeleteFunc(slices.Clone(feeds), func(f unreadFeed) bool { return f.ch.parent != nil })
			return unreadMentions(ctx, c.db, user, channels)
		})
	if err != nil {
		return err
	}
	inThreads, err := unreadMentions(ctx, c.db, user, threads)
	for i := range feeds {
		f := &feeds[i]
		if f.mentions = inChannels[f.ch.ID] + inThreads[f.ch.ID]; f.only {
			f.unread = f.mentions
		}
	}
	return err
}
