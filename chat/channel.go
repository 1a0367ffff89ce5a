package chat

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"
)

// Channel is a named place to talk.
//
//   - Name is 1 to MaxChannelNameLen characters, unique by its key like a user's.
//   - Slug is its place in URLs: made from the name, unique, never changed.
//   - LastSeq is the newest message's place; LastRev is the counter that every change of a message raises by one.
type Channel struct {
	ID        ID
	Slug      string
	Name      string
	CreatedAt time.Time
	LastSeq   int64
	LastRev   int64
}

// Listing is a channel as one person's list shows it.
type Listing struct {
	Channel
	ReadSeq int64 // the newest message that the person has read
}

// Unread is the number of messages that the person has not read.
func (l Listing) Unread() int64 { return max(0, l.LastSeq-l.ReadSeq) }

// gate finds the channel through which an actor reaches everything in it: messages, files, the socket.
// What the actor may not see is not found. Today everyone who is signed in may see every channel.
func (c *Chat) gate(a Actor, slug string) (*channelState, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	if ch := c.hub.channels.bySlug(slug); ch != nil {
		return ch, nil
	}
	return nil, errNotFound
}

// gateID is gate for what names its channel by ID.
func (c *Chat) gateID(a Actor, id ID) (*channelState, error) {
	if ch := c.hub.channels.byID(id); ch != nil {
		return c.gate(a, ch.Slug)
	}
	return nil, errNotFound
}

// Channel returns one channel.
func (c *Chat) Channel(_ context.Context, a Actor, slug string) (Channel, error) {
	ch, err := c.gate(a, slug)
	if err != nil {
		return Channel{}, err
	}
	return ch.snapshot(), nil
}

// Channels returns the actor's channels, the oldest (General Talk) first and the others by name.
func (c *Chat) Channels(ctx context.Context, a Actor) ([]Listing, error) {
	if a.ID == 0 {
		return nil, errSignedOut
	}
	reads, err := c.reads(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	all := c.hub.channels.all()
	list := make([]Listing, len(all))
	for i, ch := range all {
		list[i] = Listing{Channel: ch.snapshot(), ReadSeq: reads[ch.ID]}
	}
	return list, nil
}

// CreateChannel makes a channel; it appears for everyone at once.
func (c *Chat) CreateChannel(ctx context.Context, a Actor, name string) (Channel, error) {
	if a.ID == 0 {
		return Channel{}, errSignedOut
	}
	name, err := cleanChannelName(name)
	if err != nil {
		return Channel{}, err
	}
	var ch Channel
	err = c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		taken, err := channelNamed(ctx, tx, name)
		if err != nil {
			return err
		}
		if taken != "" {
			return Invalid("name", "There is a channel called “%s” already.", taken)
		}
		ch, err = insertChannel(ctx, tx, name, a.ID, c.now())
		return err
	}, func() { c.hub.channelCreated(ch) })
	return ch, err
}

// LastChannel returns the channel that the actor was in last, and the first one before that.
func (c *Chat) LastChannel(_ context.Context, a Actor) (Channel, error) {
	if a.ID == 0 {
		return Channel{}, errSignedOut
	}
	ch := c.hub.channels.byID(a.lastChannel)
	if ch == nil {
		ch = c.hub.channels.all()[0]
	}
	return ch.snapshot(), nil
}

// MarkRead says that the actor has read the channel up to seq. It never goes back.
func (c *Chat) MarkRead(ctx context.Context, a Actor, slug string, seq int64) error {
	ch, err := c.gate(a, slug)
	if err != nil {
		return err
	}
	seq = min(seq, ch.lastSeq.Load())
	reads, err := c.reads(ctx, a.ID)
	if err != nil || seq <= reads[ch.ID] {
		return err
	}
	return c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return upsertReads(ctx, tx, ch.ID, map[ID]int64{a.ID: seq}, c.now())
	}, func() { c.hub.read(a.ID, ch.ID, seq) })
}

// visit remembers that the actor is in the channel, and that they read it up to seq (0: not at all).
func (c *Chat) visit(ctx context.Context, a Actor, ch *channelState, seq, readSeq int64) error {
	if seq <= readSeq && a.lastChannel == ch.ID {
		return nil
	}
	return c.writer.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if a.lastChannel != ch.ID {
			if _, err := tx.ExecContext(ctx, `UPDATE users SET last_channel_id = $1 WHERE id = $2`, ch.ID, a.ID); err != nil {
				return err
			}
		}
		if seq <= readSeq {
			return nil
		}
		return upsertReads(ctx, tx, ch.ID, map[ID]int64{a.ID: seq}, c.now())
	}, func() {
		if seq > readSeq {
			c.hub.read(a.ID, ch.ID, seq)
		}
	})
}

// reads returns how far a person has read, by channel. The map is the caller's.
func (c *Chat) reads(ctx context.Context, user ID) (map[ID]int64, error) {
	if reads := c.hub.readsOf(user); reads != nil {
		return reads, nil
	}
	return selectReads(ctx, c.db.read, user)
}

// sortChannels puts the oldest first, the rest by name.
func sortChannels(list []*channelState) {
	slices.SortFunc(list, func(x, y *channelState) int { return cmp.Compare(x.ID, y.ID) })
	if len(list) > 1 {
		slices.SortStableFunc(list[1:], func(x, y *channelState) int { return cmp.Compare(NameKey(x.Name), NameKey(y.Name)) })
	}
}
