package chat

import "context"

// load reads the channels, the bans, the custom emoji and the profile rev.
func (h *hub) load(ctx context.Context) error {
	if err := h.loadChannels(ctx); err != nil {
		return err
	}
	if err := h.learnBans(ctx); err != nil {
		return err
	}
	if err := h.loadEmoji(ctx); err != nil {
		return err
	}
	names, err := profileCounter(ctx, h.chat.db)
	if err != nil {
		return err
	}
	if names > h.profileRev.Load() {
		return h.refreshProfiles(ctx)
	}
	return nil
}

// loadChannels reads the counters of all channels, and everything else only of those that are new or have changed: with
// other nodes it runs every second.
func (h *hub) loadChannels(ctx context.Context) error {
	counters, err := selectChannelVersions(ctx, h.chat.db)
	if err != nil {
		return err
	}
	there := make(map[ID]bool, len(counters))
	var changed []ID
	for _, n := range counters {
		there[n.id] = true
		if ch := h.channels.byIDWithDeleted(n.id); ch != nil && ch.info.Load().version >= n.version {
			ch.advance(n.seq, n.rev, n.at)
		} else {
			changed = append(changed, n.id)
		}
	}
	h.channels.drop(func(ch *cachedChannel) bool { return !there[ch.ID] }) // another node has removed its tombstone
	if len(changed) == 0 {
		return nil
	}
	list, err := selectChannels(ctx, h.chat.db, changed)
	if err != nil {
		return err
	}
	h.channelsChanged(h.channels.update(list))
	old, err := oldSlugs(ctx, h.chat.db) // a new slug is a change of its channel
	if err != nil {
		return err
	}
	h.channels.redirect(old)
	return nil
}
