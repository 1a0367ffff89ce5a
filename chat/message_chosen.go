package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

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

// get returns one that was read, as it stands alone on a page; false if it is not there.
func (l *chosenMessages) get(feed ID, seq int64) (Message, bool) {
	m, found := l.read[feed][seq]
	m.Continued = false
	return m, found
}
