package chat

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"chitchat/chat/feed"
	"chitchat/chat/sqlite"
)

// place is where a message is stored.
type place struct {
	feed ID
	seq  int64
}

// chosenMessage is a message on a page of messages from many channels.
type chosenMessage struct {
	place
	message Message
	row     Row
	channel Channel // as the actor sees it
}

// messagesAt reads the messages at places in feeds that the actor sees, in the order of the places and as many as fit
// on a page, without those that were deleted a moment ago.
func (c *core) messagesAt(ctx context.Context, a Actor, seen map[ID]*cachedChannel,
	places []place) ([]chosenMessage, error) {
	c.hub.messageQueries.Add(1)
	var chosen chosenMessages
	for _, at := range places {
		chosen.add(seen[at.feed], at.seq)
	}
	if err := c.db.Snapshot(ctx, func(q sqlite.Querier) error { return chosen.load(ctx, q) }); err != nil {
		return nil, err
	}
	var list []Message
	for _, at := range places {
		if m, found := chosen.get(at.feed, at.seq); found && !m.Deleted() {
			list = append(list, m)
		}
	}
	list, _ = c.hub.fitMessages(list, 0)
	rows := feed.FitRows(c.hub.renderAll(list), 0)
	page := make([]chosenMessage, len(rows))
	channels := make([]*cachedChannel, len(rows))
	for i, row := range rows {
		page[i] = chosenMessage{place: place{list[i].ChannelID, list[i].Seq}, message: list[i], row: row}
		channels[i] = seen[list[i].ChannelID].gate()
	}
	shown, err := c.channelsFor(ctx, a, channels)
	for i := range page {
		page[i].channel = shown[channels[i].ID]
	}
	return page, err
}

// chosenMessages are messages of many channels and threads, as a list of what a user keeps has them. The zero value has
// none.
type chosenMessages struct {
	seqs map[ID][]any // by channel or thread
	in   map[ID]*cachedChannel
	read map[ID]map[int64]Message
}

// add chooses a message.
func (l *chosenMessages) add(ch *cachedChannel, seq int64) {
	if l.in == nil {
		l.seqs, l.in, l.read = make(map[ID][]any), make(map[ID]*cachedChannel), make(map[ID]map[int64]Message)
	}
	l.in[ch.ID], l.seqs[ch.ID] = ch, append(l.seqs[ch.ID], seq)
}

// load reads them all: with one query, or a few, for each of the channels and threads, and not for each message.
func (l *chosenMessages) load(ctx context.Context, q sqlite.Querier) error {
	for id, seqs := range l.seqs {
		l.read[id] = make(map[int64]Message, len(seqs))
		err := sqlite.InBatches(seqs, func(seqs []any) error {
			list, err := messages(ctx, q, l.in[id],
				`m.channel_id = $1 AND m.seq IN `+sqlite.InList(2, len(seqs))+` ORDER BY m.seq`, seqs...)
			for _, m := range list {
				l.read[id][m.Seq] = m
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// loadRaw is load as selectHistory reads: with a query for many messages of any feeds, and load for those that have
// files, reactions, link previews, or show a reply.
func (l *chosenMessages) loadRaw(ctx context.Context, c *core) error {
	var keys [][2]int64
	for id, seqs := range l.seqs {
		l.read[id] = make(map[int64]Message, len(seqs))
		for _, seq := range seqs {
			keys = append(keys, [2]int64{int64(id), seq.(int64)})
		}
	}
	list := make([]Message, 0, len(keys))
	var rest chosenMessages
	err := sqlite.InBatches(keys, func(keys [][2]int64) error {
		args, each := make([]any, 0, 2*len(keys)), make([]string, len(keys))
		for i, k := range keys {
			args, each[i] = append(args, k[0], k[1]), fmt.Sprintf("m.channel_id = $%d AND m.seq = $%d", 2*i+1, 2*i+2)
		}
		return c.db.Raw(ctx, `SELECT m.channel_id, m.pins, `+rawColumns+` FROM messages m WHERE `+
			strings.Join(each, " OR "), args, func(v *sqlite.Values) {
			ch := l.in[ID(v.Number())]
			m, more := rawMessage(v, Message{ChannelID: ch.ID, ChannelSlug: ch.slug(), Thread: ch.ref(), Pins: v.Number()})
			if more {
				rest.add(ch, m.Seq)
			} else {
				list = append(list, m)
			}
		})
	})
	if err != nil {
		return err
	}
	if err := c.hub.profiles.show(ctx, c.db, list); err != nil {
		return err
	}
	for _, m := range list {
		l.read[m.ChannelID][m.Seq] = m
	}
	if rest.seqs == nil {
		return nil
	}
	err = c.db.Snapshot(ctx, func(q sqlite.Querier) error { return rest.load(ctx, q) })
	for id, found := range rest.read {
		maps.Copy(l.read[id], found)
	}
	return err
}

// get returns one that was read, as it stands alone on a page; false if it is not there.
func (l *chosenMessages) get(feed ID, seq int64) (Message, bool) {
	m, found := l.read[feed][seq]
	m.Continued = false
	return m, found
}
