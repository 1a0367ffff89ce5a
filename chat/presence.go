package chat

import (
	"context"
	"maps"
	"time"
)

// leaveAfter is how long a person without a socket still counts as here: going from one page to the next
// closes one socket and opens another.
const leaveAfter = 2 * time.Second

// person is someone who is here: with one listener or more, or gone for less than leaveAfter. Guarded by hub.mu.
type person struct {
	listeners map[*Listener]struct{}
	reads     map[ID]int64 // how far they have read, by channel
	loaded    bool         // reads is complete
}

// enter adds the listener to the people who are here.
func (h *hub) enter(ctx context.Context, l *Listener) error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		l.end(CloseRestart)
		return nil
	}
	p := h.people[l.actor.ID]
	if p == nil {
		p = &person{listeners: make(map[*Listener]struct{}), reads: make(map[ID]int64)}
		h.people[l.actor.ID] = p
		h.recount()
	}
	p.listeners[l] = struct{}{}
	if h.sessions[l.actor.Session] == nil {
		h.sessions[l.actor.Session] = make(map[*Listener]struct{})
	}
	h.sessions[l.actor.Session][l] = struct{}{}
	loaded := p.loaded
	h.mu.Unlock()
	if loaded {
		return nil
	}
	reads, err := selectReads(ctx, h.chat.db.read, l.actor.ID)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for channel, seq := range reads {
		p.reads[channel] = max(p.reads[channel], seq) // what was read meanwhile is in there already
	}
	p.loaded = true
	return nil
}

// leave takes the listener away. The person counts as here for a while longer.
func (h *hub) leave(l *Listener, after time.Duration) {
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
	if _, here := p.listeners[l]; !here {
		return
	}
	delete(p.listeners, l)
	if len(p.listeners) > 0 {
		return
	}
	h.after(after, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.people[l.actor.ID] == p && len(p.listeners) == 0 {
			delete(h.people, l.actor.ID)
			h.recount()
		}
	})
}

// recount will tell everyone how many people are here: once, after the changes of a moment. The caller holds mu.
func (h *hub) recount() {
	if h.counting {
		return
	}
	h.counting = true
	h.after(onlineDelay, func() {
		h.mu.Lock()
		h.counting = false
		h.mu.Unlock()
		h.everyone(func(l *Listener) { l.tell(func() { l.online = true }) })
	})
}

// online returns who is here, and also in any case.
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

func (h *hub) onlineCount() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.people)
}

// readsOf returns a copy of how far someone who is here has read, or nil when they are not here.
func (h *hub) readsOf(user ID) map[ID]int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.people[user]; p != nil && p.loaded {
		return maps.Clone(p.reads)
	}
	return nil
}

// readSeqs returns how far someone has read some channels, and false when they are not here.
func (h *hub) readSeqs(user ID, channels []ID) ([]int64, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.people[user]
	if p == nil || !p.loaded {
		return nil, false
	}
	seqs := make([]int64, len(channels))
	for i, id := range channels {
		seqs[i] = p.reads[id]
	}
	return seqs, true
}

// read tells a person's own pages that they have read a channel up to seq.
func (h *hub) read(user, channel ID, seq int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.people[user]
	if p == nil || p.reads[channel] >= seq {
		return
	}
	p.reads[channel] = seq
	for l := range p.listeners {
		l.tell(func() { l.unread[channel] = struct{}{} })
	}
}

// tellUnread will tell everyone who is here that a channel has grown.
func (h *hub) tellUnread(channel ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unreadAfter(h.unread, channel, unreadDelay, false)
	h.unreadAfter(h.unreadHere, channel, unreadHereDelay, true)
}

// unreadAfter tells those who have the channel open, or those who have not. The caller holds mu.
func (h *hub) unreadAfter(waiting map[ID]struct{}, channel ID, delay time.Duration, here bool) {
	_, known := waiting[channel]
	waiting[channel] = struct{}{}
	if len(waiting) > 1 || len(waiting) == 1 && known {
		return
	}
	h.after(delay, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, p := range h.people {
			for l := range p.listeners {
				l.tell(func() {
					for id := range waiting {
						if (l.channel == id) == here {
							l.unread[id] = struct{}{}
						}
					}
				})
			}
		}
		clear(waiting)
	})
}
