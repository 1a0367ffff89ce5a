package chat

import (
	"context"
	"slices"
)

// Everyone sees all users, except guests, who see those they share a channel with.

// filterVisibleOf returns the IDs of those of the users whom the actor sees.
func (c *core) filterVisibleOf(ctx context.Context, a Actor, users []User) ([]ID, error) {
	ids := make([]ID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	return c.filterVisible(ctx, a, ids)
}

// filterVisible returns those of the people whom the actor sees, the actor included.
func (c *core) filterVisible(ctx context.Context, a Actor, people []ID) ([]ID, error) {
	if a.Role.Valid() && a.Role != RoleGuest {
		return people, nil
	}
	shared, err := sharesChannelWith(ctx, c.db, a.ID, people)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(people), func(id ID) bool { return id != a.ID && !shared[id] }), nil
}

// membershipsAndBans returns the actor's memberships, and the channels that they are banned from, for lists of
// channels.
func (c *core) membershipsAndBans(ctx context.Context,
	a Actor) (memberships map[ID]membershipRow, banned map[ID]bool, err error) {
	if memberships, err = c.memberships(ctx, a.ID); err != nil {
		return nil, nil, err
	}
	banned, err = c.bannedFrom(ctx, a)
	return memberships, banned, err
}

// visibleAmong returns those of the channels that the actor sees, by ID. It reads the database, as authorize does, so
// that changes by another node count at once, but in batches.
func (c *core) visibleAmong(ctx context.Context, a Actor, channels []ID) (map[ID]*cachedChannel, error) {
	if len(channels) == 0 {
		return nil, nil
	}
	slices.Sort(channels)
	channels = slices.Compact(channels)
	states, err := selectStates(ctx, c.db, a.ID, channels)
	if err != nil {
		return nil, err
	}
	banned, err := activeBans(ctx, c.db, a.ID, c.now())
	if err != nil {
		return nil, err
	}
	seen := make(map[ID]*cachedChannel, len(channels))
	for _, id := range channels {
		ch := c.hub.channels.byID(id)
		if ch != nil && !banned[id] && !banned[0] && canView(ch.info.Load(), a.Role, states[id]) {
			seen[id] = ch
		}
	}
	return seen, nil
}

// bannedFrom returns the channels from which the actor is banned.
func (c *core) bannedFrom(ctx context.Context, a Actor) (map[ID]bool, error) {
	if !c.hub.mayBeBanned(a.ID) {
		return nil, nil
	}
	return activeBans(ctx, c.db, a.ID, c.now())
}

// inSidebar reports whether a channel is in the user's sidebar: they see it, and have not removed it.
func (l *SidebarItem) inSidebar(role Role) bool {
	return canView(&l.Channel, role, l.State) && l.State != Left && !l.Archived() && (l.Kind != Direct ||
		l.LastSeq > l.hiddenSeq && !l.shut)
}
