package chat

import (
	"context"
	"maps"
	"slices"

	"chitchat/chat/feed"
	"chitchat/chat/sqlite"
)

// Row is a rendered message: the same bytes for every reader.
type Row = feed.Row

// Ring is a channel's newest rows as of one rev, the same for every reader.
type Ring = feed.Ring

// room is a warm channel: its feed, and its pins.
type room struct {
	*feed.Feed
	ch   *cachedChannel
	root rootRow // of a thread

	pins int    // guarded by hub.mu: a pinned room is not evicted
	used uint64 // guarded by hub.mu: the clock at the last pin
}

func (h *hub) newRoom(ch *cachedChannel) *room {
	return &room{ch: ch, Feed: feed.New(feed.Options{
		Source: channelSource{h, ch},
		Frame:  h.frame,
		Go: func(name string, fn func(context.Context)) {
			h.chat.goroutines.Go(name, func() { fn(h.chat.background) })
		},
		Log: h.chat.options.Log.With("channel", ch.ID),
	})}
}

// warm returns the ring of a channel or thread whose room is in memory, and nil otherwise.
func (h *hub) warm(feed ID) *Ring {
	h.mu.Lock()
	r := h.rooms[feed]
	h.mu.Unlock()
	if r == nil {
		return nil
	}
	return r.Warm()
}

// Invalidate marks the matching rows as outdated: see feed.Feed.
func (r *room) Invalidate(match func(Row) bool) {
	r.root.forget()
	r.Feed.Invalidate(match)
}

// invalidate marks the matching rows of a channel and of its threads as outdated.
func (h *hub) invalidate(channel ID, match func(Row) bool) {
	h.mu.Lock()
	var rooms []*room
	for _, r := range h.rooms {
		if r.ch.gate().ID == channel {
			rooms = append(rooms, r)
		}
	}
	h.mu.Unlock()
	for _, r := range rooms {
		r.Invalidate(match)
	}
}

// ofPeople matches the rows that show the names of these users.
func ofPeople(people map[ID]bool) func(Row) bool {
	return func(row Row) bool {
		return people[ID(row.Author)] || slices.ContainsFunc(row.Named, func(id int64) bool { return people[ID(id)] })
	}
}

func allRows(Row) bool { return true }

// renderAnew renders the rows of all channels anew, on all pages: for a setting that changes what rows show.
func (h *hub) renderAnew() {
	h.mu.Lock()
	rooms := slices.Collect(maps.Values(h.rooms))
	h.mu.Unlock()
	for _, r := range rooms {
		r.Invalidate(allRows)
	}
	h.eachSubscription(func(l *Subscription) {
		if l.room != nil {
			l.notify(func() { l.renew = true })
		}
	})
}

// channelSource reads and renders a channel's messages for its feed. It advances the channel's counters by what it
// reads.
type channelSource struct {
	hub *hub
	ch  *cachedChannel
}

// Newest implements feed.Source.
func (s channelSource) Newest(ctx context.Context, rows, changes int) (feed.Newest, error) {
	var seq, rev int64
	var newest, changed []Message
	err := s.hub.chat.db.Snapshot(ctx, func(q sqlite.Querier) (err error) {
		if seq, rev, err = feedCounters(ctx, q, s.ch); err != nil {
			return err
		}
		if rows > 0 {
			s.hub.messageQueries.Add(1)
			if newest, err = messages(ctx, q, s.ch, newestMessages, 0, rows); err != nil {
				return err
			}
		}
		s.hub.messageQueries.Add(1)
		changed, err = messages(ctx, q, s.ch, newestChanges, 0, changes)
		return err
	})
	if err != nil {
		return feed.Newest{}, err
	}
	slices.Reverse(newest)
	slices.Reverse(changed)
	newest, last := s.hub.fitMessages(newest, max(0, len(newest)-1))
	now := feed.Newest{Rows: feed.FitRows(s.hub.renderAll(newest), last), Changes: make([]Row, len(changed)), Rev: rev}
	bySeq := make(map[int64]Row, len(now.Rows))
	for _, row := range now.Rows {
		bySeq[row.Seq] = row
	}
	for i, m := range changed {
		row, ok := bySeq[m.Seq]
		if !ok {
			row = s.hub.render(m)
		}
		now.Changes[i] = row
	}
	s.ch.advance(seq, rev, 0)
	return now, nil
}

// Since implements feed.Source.
func (s channelSource) Since(ctx context.Context, rev int64, most int) ([]Row, error) {
	s.hub.messageQueries.Add(1)
	list, err := messages(ctx, s.hub.chat.db, s.ch, changesAfter, rev, most)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		s.ch.advance(m.Seq, m.Rev, millis(m.CreatedAt))
	}
	return s.hub.renderAll(list), nil
}

// Rev implements feed.Source.
func (s channelSource) Rev(ctx context.Context) (int64, error) {
	_, rev, err := feedCounters(ctx, s.hub.chat.db, s.ch)
	return rev, err
}
