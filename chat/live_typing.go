package chat

import (
	"context"
	"maps"
	"slices"
	"time"
)

// That somebody types is soft: it is told at most once, stored nowhere, and gone after a moment. So that it costs
// little in a large channel, its pages are told of all who type together, and rarely: a page that is slow is told what
// is current when it is free.
const (
	typingLifetime = 5 * time.Second // without news
	typingPause    = 3 * time.Second // from one update of a channel's pages to the next
	typingEvery    = 2 * time.Second // a page's news within this is ignored: pages send theirs every 3 seconds
)

// typing is who types in a channel. It is guarded by hub.mu.
type typing struct {
	people map[ID]typist
	told   time.Time // when its pages were last told
	due    bool      // a timer will tell them
}

type typist struct {
	user User
	ends time.Time
}

// Typing records that the page's user is typing in its channel. It does nothing, and returns no error, for users who
// may not post there, and more often than a page needs it. It fails with CodeNotFound when the user no longer sees the
// channel.
func (l *Subscription) Typing(ctx context.Context) error {
	if l.room == nil {
		return nil
	}
	now := mono()
	l.mu.Lock()
	soon := !l.typed.IsZero() && now.Sub(l.typed) < typingEvery
	if !soon {
		l.typed = now
	}
	l.mu.Unlock()
	if soon {
		return nil
	}
	acc, err := l.chat.accessIn(ctx, l.actor, l.room.ch)
	if err != nil || !acc.CanPost() {
		return err
	}
	l.chat.hub.typed(l.channel, l.actor.User)
	l.chat.hub.publish(Event{Channel: l.channel, Typing: l.actor.ID})
	return nil
}

// typed records that a user is typing in a channel, here or on another node.
func (h *hub) typed(channel ID, u User) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.typing[channel]
	if t == nil {
		t = &typing{people: make(map[ID]typist)}
		h.typing[channel] = t
	}
	_, known := t.people[u.ID]
	t.people[u.ID] = typist{user: u, ends: mono().Add(typingLifetime)}
	if !known {
		h.tellTyping(channel, t)
	}
	h.after(typingLifetime, func() {
		now := mono()
		h.endTyping(channel, func(_ ID, p typist) bool { return !now.Before(p.ends) })
	})
}

// typedElsewhere is typed for a user of another node.
func (h *hub) typedElsewhere(channel, user ID) {
	h.chat.goroutines.Go("naming who types", func() {
		list, err := usersByID(h.chat.background, h.chat.db, []ID{user})
		if err == nil && len(list) == 1 {
			h.typed(channel, list[0])
		}
	})
}

// endTyping forgets those who type in a channel and match.
func (h *hub) endTyping(channel ID, ended func(ID, typist) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.typing[channel]
	if t == nil {
		return
	}
	before := len(t.people)
	if maps.DeleteFunc(t.people, ended); len(t.people) < before {
		h.tellTyping(channel, t)
	}
}

// typedAndPosted ends the typing of a message's author. On other nodes it ends by itself.
func (h *hub) typedAndPosted(channel, author ID) {
	h.endTyping(channel, func(id ID, _ typist) bool { return id == author })
}

// tellTyping schedules an update of the pages that show the channel. The caller holds mu.
func (h *hub) tellTyping(channel ID, t *typing) {
	if t.due {
		return
	}
	t.due = true
	wait := time.Duration(0)
	if !t.told.IsZero() {
		wait = max(0, typingPause-mono().Sub(t.told))
	}
	h.after(wait, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		t.due, t.told = false, mono()
		for _, l := range h.growth.pages {
			if l.channel == channel {
				l.notify(func() { l.typing = true })
			}
		}
		h.after(typingPause, func() { // until then it says when the pages were told
			h.mu.Lock()
			defer h.mu.Unlock()
			if len(t.people) == 0 && !t.due && h.typing[channel] == t {
				delete(h.typing, channel)
			}
		})
	})
}

// typists returns those who type in a channel, by ID.
func (h *hub) typists(channel ID) []User {
	h.mu.Lock()
	var list []User
	if t := h.typing[channel]; t != nil {
		for _, id := range slices.Sorted(maps.Keys(t.people)) {
			list = append(list, t.people[id].user)
		}
	}
	h.mu.Unlock()
	for i := range list {
		list[i] = h.profiles.latest(list[i])
	}
	return list
}

// pollTyping looks up who types in the page's channel: others than its user, whom they see. It is called by Poll only.
func (l *Subscription) pollTyping(ctx context.Context, b *Update) error {
	others := slices.DeleteFunc(l.chat.hub.typists(l.channel), func(u User) bool { return u.ID == l.actor.ID })
	seen, err := l.chat.filterVisibleOf(ctx, l.actor, others)
	if err != nil {
		return err
	}
	if slices.Equal(seen, l.typists) {
		return nil
	}
	l.typists = seen
	b.Typing = slices.DeleteFunc(others, func(u User) bool { return !slices.Contains(seen, u.ID) })
	if b.Typing == nil {
		b.Typing = []User{}
	}
	return nil
}
