package chat

import (
	"context"
	"slices"
)

// After a change of who may see what, open pages are updated, and those that may no longer be open are closed. Methods
// call membersChanged, channelChanged, bansChanged and userChanged after their commits. Other nodes are notified over
// the bus, and find lost events within positionCheck.

// CloseNotFound ends a subscription whose channel no longer exists for its user: the page reconnects without it.
const CloseNotFound CloseReason = 4404

// sessionEnded ends every subscription of the session.
func (h *hub) sessionEnded(session ID) {
	h.disconnectSession(session)
	h.publish(Event{Session: session})
}

func (h *hub) disconnectSession(session ID) {
	h.chat.caches.sessions.forgetAll()
	h.disconnectWhere(CloseSignedOut, func(l *Subscription) bool { return l.actor.Session == session })
}

// disconnectUser ends all subscriptions of a user, on every node. Their sessions must have ended, or they must be
// deactivated or banned: other nodes ask the database.
func (h *hub) disconnectUser(user ID) {
	h.disconnectWhere(CloseSignedOut, func(l *Subscription) bool { return l.actor.ID == user })
	h.publish(Event{User: user})
}

// roleChanged makes a user's pages reconnect at once with the new role.
func (h *hub) roleChanged(user ID) {
	h.disconnectWhere(CloseRestart, func(l *Subscription) bool { return l.actor.ID == user })
	h.publish(Event{User: user})
}

// disconnectWhere ends the subscriptions for which is returns true. is is called under mu.
func (h *hub) disconnectWhere(why CloseReason, is func(*Subscription) bool) {
	var ended []*Subscription
	h.eachSubscription(func(l *Subscription) {
		if is(l) {
			ended = append(ended, l)
		}
	})
	for _, l := range ended {
		l.end(why)
		if why == CloseSignedOut {
			h.leave(l, 0)
		}
	}
}

// showList shows a user's sidebar anew on their open pages.
func (h *hub) showList(user ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.people[user]; p != nil {
		for l := range p.subscriptions {
			l.notify(func() { l.list = true })
		}
	}
}

// membersChanged takes over the latest membership changes.
func (h *hub) membersChanged() {
	h.refresh(&h.memberships, h.refreshMembers)
	h.publish(Event{Members: true})
}

// refreshMembers takes over the memberships that have changed since its last call.
func (h *hub) refreshMembers(ctx context.Context) error {
	h.refreshing.Lock()
	defer h.refreshing.Unlock()
	from := h.membersRev
	err := eachChangedMembership(ctx, h.chat.db, from, func(channel, user ID, m membershipRow, guest bool) {
		h.membersRev = m.rev
		if guest && m.State == Joined {
			h.setGuest(channel, user, true) // before they can be told
		} else {
			defer h.setGuest(channel, user, false) // after their pages were ended
		}
		ch := h.channels.byIDWithDeleted(channel)
		if ch != nil {
			ch.counted.Store(nil)
		}
		h.chat.caches.memberships.forget(user)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.notifyInfo(channel)
		p := h.people[user]
		if p == nil {
			return
		}
		before := p.memberships[channel]
		back, moved := m.unreadRev > before.unreadRev, m.State != before.State // moved: other threads are seen
		p.learn(channel, m)
		for l := range p.subscriptions {
			if l.channel == channel && ch != nil && !canView(ch.info.Load(), l.actor.Role, m.State) {
				l.end(CloseNotFound)
			}
			l.notify(func() {
				l.list, l.info, l.marked = true, l.info || l.channel == channel, l.marked || back && l.channel == channel
				l.threads = l.threads || moved
			})
		}
	})
	if err != nil && h.membersRev > from {
		h.membersRev-- // more may have changed at that rev
	}
	return err
}

// channelChanged takes over channels that were created or changed by this node.
func (h *hub) channelChanged(list ...Channel) {
	h.channelsChanged(h.channels.update(list))
	h.membersChanged()
	h.publish(Event{List: true})
}

// channelsChanged notifies pages of new and changed channels; before is nil for a new one.
func (h *hub) channelsChanged(changed map[*cachedChannel]*Channel) {
	h.invalidateChannels(changed)
	for ch, before := range changed {
		now := ch.info.Load()
		public := now.Kind == Public && !now.deleted || before != nil && before.Kind == Public
		h.eachSubscription(func(l *Subscription) {
			p := h.people[l.actor.ID]
			if p == nil {
				return
			}
			state := p.memberships[ch.ID].State
			if l.channel == ch.ID && p.loaded && !canView(now, l.actor.Role, state) {
				l.end(CloseNotFound)
			}
			if public || state == Joined {
				l.notify(func() { l.list = true })
			}
			if l.channel == ch.ID && before != nil {
				l.notify(func() { l.info = true })
			}
			if before != nil && (now.deleted || now.Kind != before.Kind) {
				l.notify(func() { l.threads = true }) // others are seen
			}
		})
		if now.deleted {
			h.forgetMemberships(ch.ID)
			h.forgetGuestsIn(ch.ID)
		}
		if before == nil || before.Slug == now.Slug {
			continue
		}
		h.invalidate(ch.ID, allRows) // rows contain links
	}
}

// forgetMemberships forgets online users' memberships of a deleted channel: deleted rows are not in later refreshes.
func (h *hub) forgetMemberships(channel ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.people {
		if _, is := p.memberships[channel]; is {
			delete(p.memberships, channel)
			p.shown = nil
		}
	}
}

// mayBeBanned reports whether the user's bans must be read from the database.
func (h *hub) mayBeBanned(user ID) bool {
	bans := h.bans.Load()
	return bans == nil || (*bans)[user]
}

// bansChanged takes over the current bans. For bans from the whole workspace, the caller must also call disconnectUser.
func (h *hub) bansChanged() {
	h.refresh(&h.banishments, h.learnBans)
	h.publish(Event{List: true})
}

// learnBans authorizes the subscriptions of everyone who may be banned anew. While it fails, every user's bans are read
// from the database each time.
func (h *hub) learnBans(ctx context.Context) error {
	banned, err := bannedPeople(ctx, h.chat.db)
	if err != nil {
		h.bans.Store(nil)
		return err
	}
	before := h.bans.Swap(&banned)
	var affected []*Subscription
	h.eachSubscription(func(l *Subscription) {
		if banned[l.actor.ID] || before != nil && (*before)[l.actor.ID] {
			affected = append(affected, l)
		}
	})
	for _, l := range affected {
		if l.channel != 0 {
			if _, err := h.chat.authorizeByID(ctx, l.actor, l.channel); ErrorCode(err) == CodeNotFound && err != nil {
				l.end(CloseNotFound)
			}
		}
		l.notify(func() { l.list, l.threads = true, true })
	}
	return nil
}

// revalidate checks in the database whether all subscriptions are still allowed, and takes over the memberships.
func (h *hub) revalidate() {
	ctx := h.chat.background
	err := h.refreshMembers(ctx)
	var subscriptions []*Subscription
	var sessions []ID
	h.eachSubscription(func(l *Subscription) {
		subscriptions = append(subscriptions, l)
		sessions = append(sessions, l.actor.Session)
	})
	slices.Sort(sessions)
	var roles map[ID]Role
	if err == nil {
		roles, err = rolesOf(ctx, h.chat.db, slices.Compact(sessions), h.chat.now())
	}
	if err != nil {
		if ctx.Err() == nil {
			h.chat.options.Log.Error("revalidating subscriptions", "error", err)
		}
		return
	}
	for _, l := range subscriptions {
		switch role, here := roles[l.actor.Session]; {
		case !here:
			l.end(CloseSignedOut)
			h.leave(l, 0)
		case role != l.actor.Role:
			l.end(CloseRestart)
		}
	}
}
