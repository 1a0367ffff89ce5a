package chat

import (
	"context"
	"sync"

	"chitchat/chat/sqlite"
)

// guestSet knows the channels that guests are in, where a row tells of no public channel: see showChannels. It is never
// without a guest who reads: it learns of them before they are told that they are in (refreshMembers), and, whatever
// was lost, before they are shown anything (admit). It may keep one for too long, on a node that does not hear of the
// end of their account: then links stay plain text. It is safe for concurrent use; changes are made with
// hub.refreshing held.
type guestSet struct {
	mu sync.RWMutex
	// by channel and user; true once no room holds a row that was rendered without them
	in map[ID]map[ID]bool
}

// any reports whether a guest is in the channel.
func (g *guestSet) any(channel ID) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.in[channel]) > 0
}

// knows reports whether the guest is in the channel and its room shows nothing from before.
func (g *guestSet) knows(channel, user ID) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.in[channel][user]
}

// set records whether the user is a guest in the channel, and calls changed, before knows says so, when that makes a
// difference to its rows.
func (g *guestSet) set(channel, user ID, is bool, changed func()) {
	if g.knows(channel, user) == is {
		return
	}
	g.mu.Lock()
	before := len(g.in[channel])
	if is {
		if g.in == nil {
			g.in = make(map[ID]map[ID]bool)
		}
		if g.in[channel] == nil {
			g.in[channel] = make(map[ID]bool)
		}
		g.in[channel][user] = false
	} else if delete(g.in[channel], user); len(g.in[channel]) == 0 {
		delete(g.in, channel)
	}
	now := len(g.in[channel])
	g.mu.Unlock()
	if (before == 0) != (now == 0) {
		changed()
	}
	if is {
		g.mu.Lock()
		g.in[channel][user] = true
		g.mu.Unlock()
	}
}

// channelsOf returns the channels that the user is a guest in.
func (g *guestSet) channelsOf(user ID) (list []ID) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	for channel, in := range g.in {
		if _, is := in[user]; is {
			list = append(list, channel)
		}
	}
	return list
}

// setGuest takes over whether a user is a guest in a channel. The caller holds refreshing.
func (h *hub) setGuest(channel, user ID, is bool) {
	h.guests.set(channel, user, is, func() {
		h.invalidate(channel, namesChannels)
	})
}

// admit makes sure that a guest who is about to read a channel, as the database says that they may, is known to be in
// it: this node may not have heard of it yet. It reports false when that has changed again.
func (h *hub) admit(ctx context.Context, ch *cachedChannel, user ID) (still bool, err error) {
	if h.guests.knows(ch.ID, user) {
		return true, nil
	}
	h.refreshing.Lock() // so that a change in between is taken over after this
	defer h.refreshing.Unlock()
	if still, err = isGuestIn(ctx, h.chat.db, ch.ID, user); still {
		h.setGuest(ch.ID, user, true)
	}
	return still, err
}

// forgetGuest forgets a guest whose account and memberships were deleted.
func (h *hub) forgetGuest(user ID) {
	h.refreshing.Lock()
	defer h.refreshing.Unlock()
	for _, channel := range h.guests.channelsOf(user) {
		h.setGuest(channel, user, false)
	}
}

// forgetGuestsIn forgets the guests of a channel that was deleted with its memberships: no change of those tells of it.
func (h *hub) forgetGuestsIn(channel ID) {
	h.refreshing.Lock()
	defer h.refreshing.Unlock()
	h.guests.mu.Lock()
	defer h.guests.mu.Unlock()
	delete(h.guests.in, channel)
}

// loadGuests reads who is a guest where.
func (h *hub) loadGuests(ctx context.Context) error {
	h.refreshing.Lock()
	defer h.refreshing.Unlock()
	return sqlite.Each(ctx, h.chat.db, `SELECT m.channel_id, m.user_id FROM users u JOIN memberships m ON m.user_id = u.id
		WHERE u.role = $1 AND m.state = $2`, []any{RoleGuest, Joined}, func(row sqlite.Scanner) error {
		channel, user, err := sqlite.Pair[ID, ID](row)
		if err == nil {
			h.setGuest(channel, user, true)
		}
		return err
	})
}

// isGuestIn reports whether the user is a guest, and in the channel.
func isGuestIn(ctx context.Context, q sqlite.Querier, channel, user ID) (is bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.channel_id = $1 AND m.user_id = $2 AND m.state = $3 AND u.role = $4)`, channel, user, Joined, RoleGuest).
		Scan(&is)
	return is, err
}
