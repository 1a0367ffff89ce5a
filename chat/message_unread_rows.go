package chat

import (
	"context"
	"slices"
	"sync"

	"chitchat/chat/feed"
)

// readUnread returns the groups of the feeds, with the rows of the given seqs, as many as fit on a page. Rows that a
// warm room has are not read.
func (c *core) readUnread(ctx context.Context, a Actor, feeds []unreadFeed, seqs [][]int64) ([]UnreadGroup, error) {
	rings, rows, all := make([]unreadRing, len(feeds)), make([][]Row, len(feeds)), 0
	var chosen chosenMessages
	lacks := false
	for i := range feeds {
		rings[i], rows[i] = c.unreadRing(feeds[i].ch.ID), make([]Row, len(seqs[i]))
		all += len(seqs[i])
		for j, seq := range seqs[i] {
			if row, found := rings[i].row(seq, j > 0 && seqs[i][j-1] == seq-1); found {
				rows[i][j] = row
				continue
			}
			chosen.add(feeds[i].ch, seq)
			lacks = true
		}
	}
	if lacks {
		if err := c.readUnreadRows(ctx, feeds, seqs, &chosen, rings, rows); err != nil {
			return nil, err
		}
	}
	channels := make([]*cachedChannel, len(feeds))
	for i := range feeds {
		channels[i] = feeds[i].ch.gate()
	}
	shown, err := c.channelsFor(ctx, a, channels)
	if err != nil {
		return nil, err
	}
	list := make([]Row, 0, all)
	ends := make([]int, len(feeds))
	for i := range feeds {
		for j := range rows[i] {
			if row := &rows[i][j]; row.Seq != 0 && !row.Deleted {
				list = append(list, *row)
			}
		}
		ends[i] = len(list)
	}
	list = feed.FitRows(list, 0)
	groups, from := make([]UnreadGroup, len(feeds)), 0
	for i := range feeds {
		to := min(ends[i], len(list))
		groups[i] = feeds[i].group(a, list[from:to])
		groups[i].Channel = shown[channels[i].ID]
		from = to
	}
	return groups, nil
}

// readUnreadRows sets the rows of the chosen messages, as many as fit on a page. Those of a warm room are kept with it.
func (c *core) readUnreadRows(ctx context.Context, feeds []unreadFeed, seqs [][]int64, chosen *chosenMessages,
	rings []unreadRing, rows [][]Row) error {
	c.hub.messageQueries.Add(1)
	if err := chosen.loadRaw(ctx, c); err != nil {
		return err
	}
	var list []Message
	var to []*Row
	var of []unreadRing
	for i := range feeds {
		for j, seq := range seqs[i] {
			if m, found := chosen.get(feeds[i].ch.ID, seq); found && !m.Deleted() {
				m.Continued = j > 0 && seqs[i][j-1] == seq-1 && chosen.read[m.ChannelID][seq].Continued
				list, to, of = append(list, m), append(to, &rows[i][j]), append(of, rings[i])
			}
		}
	}
	list, _ = c.hub.fitMessages(list, 0)
	for n, row := range c.hub.renderAll(list) {
		*to[n] = row
		of[n].keep(row)
	}
	return nil
}

// unreadRing has the rows of a warm room; without a ring, none.
type unreadRing struct {
	ring *Ring
	// Row by seq: those of the ring which join the row before it, as they are without that. They are the ring's: what
	// makes its rows outdated drops them with it.
	alone *sync.Map
}

// aloneRows is the key of those rows: they are the same for every reader.
type aloneRows struct{}

func (c *core) unreadRing(of ID) unreadRing {
	ring := c.hub.warm(of)
	if ring == nil {
		return unreadRing{}
	}
	return unreadRing{ring, ring.Make(aloneRows{}, func([]Row) any { return new(sync.Map) }).(*sync.Map)}
}

// row returns a row as it stands below the one before it (follows), or alone.
func (r unreadRing) row(seq int64, follows bool) (Row, bool) {
	i, found := r.find(seq)
	if !found {
		return Row{}, false
	}
	if follows || !r.ring.Rows[i].Continued {
		return r.ring.Rows[i], true
	}
	row, _ := r.alone.Load(seq)
	alone, found := row.(Row)
	return alone, found
}

// keep keeps a row that stands alone, if the ring has one of the same rev that does not.
func (r unreadRing) keep(row Row) {
	if i, found := r.find(row.Seq); found && r.ring.Rows[i].Rev == row.Rev && !row.Continued {
		r.alone.Store(row.Seq, row)
	}
}

func (r unreadRing) find(seq int64) (at int, found bool) {
	if r.ring == nil {
		return 0, false
	}
	return slices.BinarySearchFunc(r.ring.Rows, seq, func(row Row, seq int64) int { return int(row.Seq - seq) })
}
