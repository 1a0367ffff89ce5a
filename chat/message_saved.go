package chat

import (
	"context"
	"maps"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// MaxSaved is the number of messages that a user may keep on their list, done ones included. It bounds what the page of
// the list reads.
const MaxSaved = 1000

const savedOnPage = 50

var errManySaved = Errorf(CodeForbidden,
	"You have saved %d messages, and no more fit. Nothing was saved: remove some from your list first.", MaxSaved)

// SavedMessage is a message on a user's list.
type SavedMessage struct {
	Channel Channel
	Row     Row       // as it is now
	Thread  ThreadRef // of a reply
	At      time.Time

	place int64
}

// SavedPage is a page of a user's list, newest first.
type SavedPage struct {
	Messages []SavedMessage
	Done     bool  // those that are done, instead of those that are to do
	Older    int64 // the place before which the next page begins; 0: there is none
}

// Save puts a message on the actor's list, to do or done. Everyone who sees a message may save it, in an archived
// channel too; nobody else learns of it. Idempotent: the same again leaves it in its place. If the list is full,
// messages that the actor no longer sees make room.
func (c Messages) Save(ctx context.Context, a Actor, slug string, seq int64, done bool) error {
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return err
	}
	save := func() error {
		return c.keep(ctx, a, at.ch, func(ctx context.Context, tx *sqlite.Tx) error {
			return saveIn(ctx, tx, at.ch, at.seq, a.ID, done)
		})
	}
	if err = save(); err != errManySaved { //nolint:errorlint // refusals are never wrapped
		return err
	}
	if err := c.dropUnseenSaved(ctx, a); err != nil {
		return err
	}
	return save()
}

// Unsave takes a message from the actor's list. Idempotent.
func (c Messages) Unsave(ctx context.Context, a Actor, slug string, seq int64) error {
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return err
	}
	return c.keep(ctx, a, at.ch, func(ctx context.Context, tx *sqlite.Tx) error {
		if _, _, err := bareMessageAt(ctx, tx, at.ch, at.seq); err != nil {
			return err
		}
		return deleteSaved(ctx, tx, at.ch.ID, at.seq, a.ID)
	})
}

// keep makes a change of the actor's list, on which no cache depends, if they still see the channel.
func (c *core) keep(ctx context.Context, a Actor, ch *cachedChannel,
	change func(context.Context, *sqlite.Tx) error) error {
	return c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		if _, err := c.stillAccess(ctx, tx, a, ch); err != nil {
			return err
		}
		return change(ctx, tx)
	}, nil)
}

func saveIn(ctx context.Context, tx *sqlite.Tx, ch *cachedChannel, seq int64, user ID, done bool) error {
	m, _, err := bareMessageAt(ctx, tx, ch, seq)
	if err != nil {
		return err
	}
	if m.Deleted() {
		return errNotFound
	}
	if m.Pins != 0 {
		return errLine
	}
	is, was, err := isSaved(ctx, tx, ch.ID, seq, user)
	if err != nil || is && was == done {
		return err
	}
	n, place, err := countSaved(ctx, tx, user)
	switch {
	case err != nil:
		return err
	case !is && n >= MaxSaved:
		return errManySaved
	}
	return upsertSaved(ctx, tx, ch.ID, user, savedKey{seq: seq, place: place + 1}, done)
}

// dropUnseenSaved takes from the actor's list the messages of channels that they no longer see: they are not on its
// pages, so the actor cannot do it.
func (c *core) dropUnseenSaved(ctx context.Context, a Actor) error {
	channels, err := savedChannels(ctx, c.db, a.ID)
	if err != nil {
		return err
	}
	seen, err := c.visibleFeeds(ctx, a, channels)
	if err != nil {
		return err
	}
	unseen := slices.DeleteFunc(channels, func(id ID) bool { return seen[id] != nil })
	return c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		for _, id := range unseen {
			if err := deleteSavedIn(ctx, tx, id, a.ID); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

// Saved returns a page of the actor's list. before is 0, or the Older of the page before. Messages that the actor no
// longer sees are not on it.
func (c Messages) Saved(ctx context.Context, a Actor, done bool, before int64) (SavedPage, error) {
	p := SavedPage{Done: done}
	keys, err := selectSaved(ctx, c.db, a.ID, done, before)
	if err != nil {
		return SavedPage{}, err
	}
	of := make(map[ID]struct{})
	for _, k := range keys {
		of[k.channel] = struct{}{}
	}
	seen, err := c.visibleFeeds(ctx, a, slices.Collect(maps.Keys(of)))
	if err != nil {
		return SavedPage{}, err
	}
	keys = slices.DeleteFunc(keys, func(k savedKey) bool { return seen[k.channel] == nil })
	all := len(keys)
	keys = keys[:min(savedOnPage, all)]
	if err := c.readSaved(ctx, a, seen, keys, &p); err != nil {
		return SavedPage{}, err
	}
	if n := len(p.Messages); n > 0 && n < all {
		p.Older = p.Messages[n-1].place
	}
	return p, nil
}

// readSaved adds the messages to the page, as many as fit on one.
func (c *core) readSaved(ctx context.Context, a Actor, seen map[ID]*cachedChannel, keys []savedKey,
	p *SavedPage) error {
	places, at := make([]place, len(keys)), make(map[place]savedKey, len(keys))
	for i, k := range keys {
		places[i] = place{k.channel, k.seq}
		at[places[i]] = k
	}
	list, err := c.messagesAt(ctx, a, seen, places)
	for _, m := range list {
		k := at[m.place]
		p.Messages = append(p.Messages,
			SavedMessage{Channel: m.channel, Row: m.row, Thread: m.message.Thread, At: k.at, place: k.place})
	}
	return err
}
