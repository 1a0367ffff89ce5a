package chat

import (
	"context"
	"maps"
	"slices"
)

// Batch is what a listener's page has yet to hear beside the rows of its room. Empty fields mean: no news.
type Batch struct {
	Renew    *Page     // the page is too far behind to catch up: show this instead of all its rows
	Rows     []Row     // missed before it listened, in the order of Rev; to be placed by id, sorted by Seq
	Names    []User    // people whose name, handle, picture or status has changed
	NamesRev int64     // the counter of names, when Names is set
	Channels []Listing // the whole list, when it has changed
	Facts    *Page     // the page's channel without rows, when something about it has changed
	Unread   []Count   // channels whose unread count has changed
	Online   int       // people online, when it has changed; else 0
}

// Take returns what waits. It reads lists and counts anew, so that what is told is never older than what
// happened. After the listener has ended it returns nothing.
func (l *Listener) Take(ctx context.Context) (Batch, error) {
	l.mu.Lock()
	l.told = false
	if l.Reason() != 0 {
		l.mu.Unlock()
		return Batch{}, nil
	}
	l.taking = true
	b := Batch{Rows: l.rows}
	renew, names, list, facts, online, namesRev := l.renew, l.names, l.list, l.facts, l.online, l.namesRev
	grown, read, counted := l.grown, l.read, l.counted
	l.rows, l.renew, l.names, l.list, l.facts, l.online, l.grown, l.read = nil, false, false, false, false, false, false, nil
	l.mu.Unlock()

	c := l.chat
	if names {
		b.NamesRev = c.hub.namesRev.Load()
		var ok bool
		var err error
		if b.Names, ok, err = c.facesSince(ctx, l.actor, namesRev); err != nil {
			return Batch{}, err
		}
		if !ok && l.room != nil { // a page outside every channel shows few people, and is made anew when it is asked for again
			renew, b.Rows = true, nil
		}
		l.tellRev(b.NamesRev)
	}
	if renew {
		page, err := c.renewal(ctx, l)
		if err != nil {
			return Batch{}, err
		}
		b.Renew = &page
	}
	if facts && l.room != nil {
		page, err := c.page(ctx, l.actor, l.room.ch)
		if err != nil {
			return Batch{}, err
		}
		b.Facts = &page
	}
	if online {
		if n := c.OnlineCount(l.actor); n != l.shown {
			l.shown, b.Online = n, n
		}
		list = list || c.presenceChanged(l.direct)
	}
	if list || grown {
		news, moved, clock := c.hub.grownSince(l.actor, counted)
		b.Unread, list, counted = news, list || moved, clock
	}
	for id := range read {
		if ch := c.hub.channels.byID(id); !list && ch != nil && ch.index < 0 {
			list = c.hub.crowded(l.actor)
		}
	}
	if list || len(b.Unread) > 0 || len(read) > 0 {
		if err := l.takeChannels(ctx, &b, list, read); err != nil {
			return Batch{}, err
		}
	}
	l.shows(&b, counted)
	return b, nil
}

func (l *Listener) tellRev(rev int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.namesRev = max(l.namesRev, rev)
}

// takeChannels looks up the whole list, or else what is unread of the channels in the batch, and of those of which more
// was read.
func (l *Listener) takeChannels(ctx context.Context, b *Batch, list bool, read map[ID]struct{}) error {
	if list {
		var err error
		b.Unread = nil
		b.Channels, err = l.chat.Channels(ctx, l.actor)
		l.direct = nil // and not a part of the whole list, which would stay in memory for it
		for i := range b.Channels {
			if b.Channels[i].Kind == Direct {
				l.direct = append(l.direct, b.Channels[i])
			}
		}
		return err
	}
	for _, known := range b.Unread {
		delete(read, known.Channel)
	}
	b.Unread = append(b.Unread, l.chat.hub.countsOf(l.actor, slices.Sorted(maps.Keys(read)))...)
	return l.chat.lookUpMentions(ctx, l.actor.ID, b.Unread)
}

// shows notes what the page will show as unread, and up to which point of the growth's clock.
func (l *Listener) shows(b *Batch, counted uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taking = false
	l.counted = max(l.counted, counted)
	if b.Channels != nil {
		l.unread = nil
	}
	for i := range b.Channels {
		l.unread.set(b.Channels[i].index, b.Channels[i].Unread() > 0)
	}
	for _, n := range b.Unread {
		l.unread.set(n.index, n.Unread > 0)
	}
}
