package chat

import (
	"context"
	"maps"
	"slices"
)

// Update is what a subscription's page gets besides the rows of its room. Empty fields mean no change.
type Update struct {
	Resync      *MessagePage  // the page is too far behind to catch up: replaces all its rows
	Thread      *MessagePage  // likewise of the thread that it shows
	Begins      bool          // it must be followed by Begin, once it is handed over
	Rows        []Row         // missed before the subscription, by Rev; to be placed by id, sorted by Seq
	Profiles    []User        // users whose name, handle, picture or status has changed
	ProfileRev  int64         // the profile rev, when Profiles is set
	Sidebar                   // the whole sidebar, when it has changed: Channels is nil if not
	Drafts      int           // the number of the user's drafts, when Channels is set
	ChannelInfo *MessagePage  // the page's channel without rows, when it has changed
	Mark        *Mark         // the read mark of the page's channel, when it has moved back, and at first
	Unread      []Count       // channels whose unread count has changed
	Threads     []ThreadCount // threads with unread replies, when that has changed; not nil, but empty, for none
	Typing      []User        // who types in the page's channel, when that has changed; empty and not nil: nobody
	Online      int           // number of online users, when it has changed; else 0
}

// Poll returns the pending update. It reads lists and counts when it is called, so that what it returns is current.
// After the subscription has ended it returns the zero Update.
func (l *Subscription) Poll(ctx context.Context) (Update, error) {
	l.mu.Lock()
	l.notified = false
	if l.Reason() != 0 {
		l.mu.Unlock()
		return Update{}, nil
	}
	l.taking = true
	b := Update{Rows: l.rows, Begins: l.begins != nil || !l.begun}
	thread, threads, typing := l.renewed, l.threads, l.typing
	l.polled, l.begun = l.begins, true
	l.renewed, l.begins, l.threads, l.typing = nil, nil, false, false
	renew, names, list, facts, online, namesRev := l.renew, l.profiles, l.list, l.info, l.online, l.profileRev
	grown, read, counted, marked := l.grown, l.read, l.counted, l.marked
	l.rows, l.read = nil, nil
	l.renew, l.profiles, l.list, l.info, l.online, l.grown, l.marked = false, false, false, false, false, false, false
	l.mu.Unlock()

	c := l.chat
	if names {
		b.ProfileRev = c.hub.profileRev.Load()
		var ok bool
		var err error
		if b.Profiles, ok, err = c.profilesSince(ctx, l.actor, namesRev); err != nil {
			return Update{}, err
		}
		// a page outside of channels shows few users, and is rendered anew when it is requested again
		if !ok && l.room != nil {
			renew, b.Rows = true, nil
			thread = l.thread.Load()
		}
		l.noteRev(b.ProfileRev)
	}
	if renew {
		page, err := c.renewal(ctx, l)
		if err != nil {
			return Update{}, err
		}
		b.Resync = &page
	}
	if thread != nil {
		page, err := c.messages.Peek(ctx, l.actor, thread.room.ch.address())
		if err != nil {
			return Update{}, err
		}
		b.Thread = &page
	}
	if threads {
		var err error
		if b.Threads, err = c.threads.UnreadThreads(ctx, l.actor); err != nil {
			return Update{}, err
		}
		if b.Threads == nil {
			b.Threads = []ThreadCount{}
		}
	}
	if facts && l.room != nil {
		var err error
		if b.ChannelInfo, err = l.channelInfo(ctx); err != nil {
			return Update{}, err
		}
	}
	if typing {
		if err := l.pollTyping(ctx, &b); err != nil {
			return Update{}, err
		}
	}
	if marked {
		var err error
		if b.Mark, err = l.mark(ctx); err != nil {
			return Update{}, err
		}
	}
	if online {
		if n := c.live.OnlineCount(l.actor); n != l.shown {
			l.shown, b.Online = n, n
		}
		list = list || c.presenceChanged(l.direct)
	}
	list = list || awayChanged(l.direct, b.Profiles)
	if list || grown {
		s, err := c.sectionsOf(ctx, l.actor.ID)
		if err != nil {
			return Update{}, err
		}
		news, moved, clock := c.hub.grownSince(l.actor, counted, s.moves())
		b.Unread, list, counted = news, list || moved, clock
	}
	if len(read) > 0 && !list {
		s, err := c.sectionsOf(ctx, l.actor.ID)
		if err != nil {
			return Update{}, err
		}
		list = s.byUnread()
	}
	for id := range read {
		if ch := c.hub.channels.byID(id); !list && ch != nil && ch.index < 0 {
			list = c.hub.crowded(l.actor)
		}
	}
	if list || len(b.Unread) > 0 || len(read) > 0 {
		if err := l.pollChannels(ctx, &b, list, read); err != nil {
			return Update{}, err
		}
	}
	l.shows(&b, counted)
	return b, nil
}

// channelInfo returns the channel's current information for the page. If the user no longer sees the channel, it ends
// the subscription.
func (l *Subscription) channelInfo(ctx context.Context) (*MessagePage, error) {
	acc, err := l.chat.accessIn(ctx, l.actor, l.room.ch)
	if ErrorCode(err) == CodeNotFound && err != nil {
		l.end(CloseNotFound)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	page, err := l.chat.page(ctx, l.actor, acc)
	return &page, err
}

func (l *Subscription) noteRev(rev int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.profileRev = max(l.profileRev, rev)
}

// pollChannels looks up the whole list, or otherwise the unread counts of the channels that have grown or were read.
func (l *Subscription) pollChannels(ctx context.Context, b *Update, list bool, read map[ID]struct{}) error {
	if list {
		var err error
		b.Unread = nil
		if b.Drafts, err = l.chat.drafts.Count(ctx, l.actor); err != nil {
			return err
		}
		b.Sidebar, err = l.chat.channels.Sidebar(ctx, l.actor)
		l.direct = nil // not a slice of the whole list, which would stay in memory
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

// shows records what the page will show as unread, and the clock of growth at which it was counted.
func (l *Subscription) shows(b *Update, counted uint64) {
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
