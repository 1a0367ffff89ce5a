package chat

import (
	"context"
	"slices"
)

// listed is SidebarItem.inSidebar without making a SidebarItem.
func listed(ch *cachedChannel, m *membershipRow, role Role) bool {
	f := ch.info.Load()
	return canView(f, role, m.State) && m.State != Left && !f.Archived() && (f.Kind != Direct ||
		ch.lastSeq.Load() > m.hiddenSeq && !m.shut)
}

// Count is the unread count of a channel in the sidebar.
type Count struct {
	Channel   ID
	Unread    int64
	Addressed int64 // see SidebarItem.Addressed

	index    int         // the channel's
	mentions *unreadFeed // the counts are still to be computed from its mentions; nil: they are not
	only     bool        // Unread too
}

func count(ch *cachedChannel, m *membershipRow) Count {
	n, kind := ch.unread(m.readSeq), ch.info.Load().Kind
	c := Count{Channel: ch.ID, Unread: m.unread(n, 0), index: ch.index, only: m.byMentions(n)}
	c.Addressed = addressed(kind, c.Unread, 0)
	if m.needsMentions(kind, n) {
		c.mentions = &unreadFeed{ch: ch, readSeq: m.readSeq}
	}
	return c
}

// grownSince returns the unread counts of the channels of the actor's sidebar that have grown since a value of the
// clock, and the clock. moved reports that the position of one of them in the sidebar may have changed too: that of a
// direct conversation, or of a channel that moves; see Sidebar.moves.
func (h *hub) grownSince(a Actor, from uint64,
	moves func(*Membership) bool) (grown []Count, moved bool, clock uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	clock = h.growth.clock
	p := h.people[a.ID]
	if p == nil || !p.loaded {
		return nil, false, clock
	}
	for e := h.growth.recent.Front(); e != nil; e = e.Next() {
		ch := e.Value.(*cachedChannel)
		if ch.grown <= from {
			break
		}
		if m := p.memberships[ch.ID]; listed(ch, &m, a.Role) {
			grown = append(grown, count(ch, &m))
			moved = moved || ch.index < 0 || moves != nil && moves(&m.Membership)
		}
	}
	return grown, moved, clock
}

// countsOf returns the unread counts of the given channels of the actor's sidebar.
func (h *hub) countsOf(a Actor, channels []ID) (counts []Count) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.people[a.ID]
	if p == nil || !p.loaded {
		return nil // disconnected in the meantime
	}
	for _, id := range channels {
		if ch := h.channels.byID(id); ch != nil {
			if m := p.memberships[id]; listed(ch, &m, a.Role) {
				counts = append(counts, count(ch, &m))
			}
		}
	}
	return counts
}

// lookUpMentions fills in the counts that depend on mentions.
func (c *core) lookUpMentions(ctx context.Context, user ID, counts []Count) error {
	var feeds []unreadFeed
	for _, n := range counts {
		if n.mentions != nil {
			feeds = append(feeds, *n.mentions)
		}
	}
	if len(feeds) == 0 {
		return nil
	}
	mentions, err := unreadMentions(ctx, c.db, user, feeds) // not cached: what has grown is not looked up again
	for i := range counts {
		n := &counts[i]
		if n.mentions == nil {
			continue
		}
		if n.only {
			n.Unread = mentions[n.Channel]
		}
		n.Addressed = addressed(n.mentions.ch.info.Load().Kind, n.Unread, mentions[n.Channel])
	}
	return err
}

// channelSet is a set of channels, by index, without direct conversations.
type channelSet []uint64

func (s channelSet) has(index int) bool {
	word := index / 64
	return index >= 0 && word < len(s) && s[word]&(1<<(index%64)) != 0
}

// set adds a channel or removes it.
func (s *channelSet) set(index int, in bool) {
	word := index / 64
	switch {
	case index < 0:
	case in:
		if n := word + 1 - len(*s); n > 0 {
			*s = append(slices.Clip(*s), make([]uint64, n)...)
		}
		(*s)[word] |= 1 << (index % 64)
	case word < len(*s):
		(*s)[word] &^= 1 << (index % 64)
	}
}
