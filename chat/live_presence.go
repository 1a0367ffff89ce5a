package chat

import (
	"context"
	"maps"
	"time"
)

// leaveAfter is how long a user without a socket still counts as online: navigation between pages closes one socket and
// opens another.
const leaveAfter = 2 * time.Second

// onlineUser is a user who is online: with one subscription or more, or without one for less than leaveAfter. It is
// guarded by hub.mu.
type onlineUser struct {
	subscriptions map[*Subscription]struct{}
	memberships   map[ID]membershipRow // by channel
	shown         map[ID]membershipRow // a copy to return, which never changes; nil after a change
	loaded        bool                 // memberships is complete
}

// enter adds the subscription to its user's, who is online from then on.
func (h *hub) enter(ctx context.Context, l *Subscription) error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		l.end(CloseRestart)
		return nil
	}
	p := h.people[l.actor.ID]
	if p == nil {
		p = &onlineUser{subscriptions: make(map[*Subscription]struct{}), memberships: make(map[ID]membershipRow)}
		h.people[l.actor.ID] = p
		h.scheduleOnlineCount()
	}
	p.subscriptions[l] = struct{}{}
	h.growth.enter(l)
	if h.sessions[l.actor.Session] == nil {
		h.sessions[l.actor.Session] = make(map[*Subscription]struct{})
	}
	h.sessions[l.actor.Session][l] = struct{}{}
	loaded := p.loaded
	h.mu.Unlock()
	if loaded {
		return nil
	}
	ask := func() (map[ID]membershipRow, error) { return membershipsOf(ctx, h.chat.db, l.actor.ID) }
	memberships, err := map[ID]membershipRow(nil), error(nil)
	if h.chat.options.Bus == nil {
		memberships, err = h.chat.caches.memberships.get(l.actor.ID, ask) // the page was requested just now
	} else { // changes by another node are sent to online users only
		memberships, err = ask()
	}
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for channel, m := range memberships {
		p.learn(channel, m) // changes since then are in memberships already
	}
	p.loaded = true
	return nil
}

// learn takes over a membership and its read mark, each unless a newer one is known. The caller holds hub.mu.
func (p *onlineUser) learn(channel ID, m membershipRow) {
	known := p.memberships[channel]
	mark := known.readMark
	if m.newer(mark) {
		mark = m.readMark
	}
	if m.rev < known.rev {
		m = known
	}
	m.readMark = mark
	p.memberships[channel], p.shown = m, nil
}

// leave removes the subscription. The user counts as online for a while longer.
func (h *hub) leave(l *Subscription, after time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if set := h.sessions[l.actor.Session]; set != nil {
		delete(set, l)
		if len(set) == 0 {
			delete(h.sessions, l.actor.Session)
		}
	}
	p := h.people[l.actor.ID]
	if p == nil {
		return
	}
	if _, here := p.subscriptions[l]; !here {
		return
	}
	delete(p.subscriptions, l)
	h.growth.leave(l)
	if len(p.subscriptions) > 0 {
		return
	}
	h.after(after, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.people[l.actor.ID] == p && len(p.subscriptions) == 0 {
			delete(h.people, l.actor.ID)
			h.scheduleOnlineCount()
		}
	})
}

// scheduleOnlineCount schedules an update of the online count, once for all changes of a moment. The caller holds mu.
func (h *hub) scheduleOnlineCount() {
	if h.counting {
		return
	}
	h.counting = true
	h.after(h.sparing(onlineDelay), func() {
		h.mu.Lock()
		h.counting = false
		h.mu.Unlock()
		h.eachSubscription(func(l *Subscription) { l.notify(func() { l.online = true }) })
	})
}

// onlinePause is what each open page adds to the delay of updates to all pages.
const onlinePause = 200 * time.Microsecond

// sparing returns the delay of updates to all pages. The caller holds mu.
func (h *hub) sparing(delay time.Duration) time.Duration {
	return max(delay, onlinePause*time.Duration(len(h.growth.pages)))
}

// online returns the online users, and also in any case.
func (h *hub) online(also ID) []ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	ids := make([]ID, 0, len(h.people)+1)
	for id := range h.people {
		ids = append(ids, id)
	}
	if _, here := h.people[also]; !here && also != 0 {
		ids = append(ids, also)
	}
	return ids
}

// onlineCount returns the number of online users, counting also in any case.
func (h *hub) onlineCount(also ID) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.people[also] == nil && also != 0 {
		return len(h.people) + 1
	}
	return len(h.people)
}

// membershipsOf returns the memberships of an online user, or nil when they are offline. The map must not be changed.
func (h *hub) membershipsOf(user ID) map[ID]membershipRow {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.people[user]
	if p == nil || !p.loaded {
		return nil
	}
	if p.shown == nil {
		p.shown = maps.Clone(p.memberships)
	}
	return p.shown
}

// read notifies the user's own pages that they have read a channel up to a mark, as the database has it.
func (h *hub) read(user, channel ID, mark readMark) {
	h.chat.caches.memberships.forget(user)
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.people[user]
	if p == nil || !mark.newer(p.memberships[channel].readMark) {
		return
	}
	m := p.memberships[channel]
	m.readMark = mark
	p.memberships[channel], p.shown = m, nil
	if ch := h.channels.byID(channel); ch != nil {
		for l := range p.subscriptions {
			l.reads(ch)
		}
	}
}

// isHere returns those of the people who are online.
func (h *hub) isHere(people []ID) map[ID]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	here := make(map[ID]bool)
	for _, id := range people {
		if h.people[id] != nil {
			here[id] = true
		}
	}
	return here
}

// notifyInfo schedules an update of the member count for the open pages of a channel. The caller holds mu.
func (h *hub) notifyInfo(channel ID) {
	h.joined[channel] = struct{}{}
	if len(h.joined) > 1 {
		return
	}
	h.after(h.sparing(onlineDelay), func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, p := range h.people {
			for l := range p.subscriptions {
				if _, is := h.joined[l.channel]; is {
					l.notify(func() { l.info = true })
				}
			}
		}
		clear(h.joined)
	})
}

// Online returns the online users whom the actor sees, the actor included, sorted by name.
func (c Live) Online(ctx context.Context, a Actor) ([]User, error) {
	here, err := c.filterVisible(ctx, a, c.hub.online(a.ID))
	if err != nil {
		return nil, err
	}
	return usersByID(ctx, c.db, here)
}

// OnlineCount returns the number of online users whom the actor sees: users, not tabs. The actor counts even before
// their socket opens.
func (c Live) OnlineCount(a Actor) int {
	if a.Role != RoleGuest {
		return c.hub.onlineCount(a.ID)
	}
	here, err := c.filterVisible(c.background, a, c.hub.online(a.ID))
	if err != nil {
		if c.background.Err() == nil {
			c.options.Log.Error("counting who is here", "error", err)
		}
		return 1
	}
	return len(here)
}
