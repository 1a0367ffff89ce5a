package chat

import (
	"cmp"
	"context"
	"strings"
)

// Named returns the channel of that name, or of that slug, with or without a # before it, if the actor sees it. Of
// several it prefers one in use, and then a public one. Names of channels that the actor does not see fail with
// CodeNotFound as names of none do, and take as long: nothing is read for any of them.
func (c Channels) Named(ctx context.Context, a Actor, name string) (Channel, error) {
	if a.ID == 0 || a.Session == 0 {
		return Channel{}, errSignedOut
	}
	memberships, banned, err := c.membershipsAndBans(ctx, a)
	if err != nil {
		return Channel{}, err
	}
	name = strings.TrimPrefix(strings.TrimSpace(name), "#")
	slug, key := strings.ToLower(name), NameKey(name)
	var best *cachedChannel
	for _, ch := range c.hub.channels.all() {
		info := ch.info.Load()
		if info.Kind == Direct || info.key != key && info.Slug != slug ||
			!canView(info, a.Role, memberships[ch.ID].State) || banned[ch.ID] || banned[0] {
			continue
		}
		if best == nil || better(info, best.info.Load()) {
			best = ch
		}
	}
	if best == nil {
		return Channel{}, errNotFound
	}
	return best.snapshot(), nil
}

// better reports whether, of two channels of one name, x is meant rather than y.
func better(x, y *Channel) bool {
	return cmp.Or(trueFirst(!x.Archived(), !y.Archived()), trueFirst(x.Kind == Public, y.Kind == Public)) < 0
}
