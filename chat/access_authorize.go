package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// Whatever someone reads or does in a channel passes through authorize or access, and for what is told without being
// asked for, through canView. What one may not see looks exactly like what is not there.

// authorize finds the channel through which an actor reaches everything in it that everyone who sees it may read:
// messages, files, the socket. An old slug leads to its channel too.
func (c *core) authorize(ctx context.Context, a Actor, slug string) (*cachedChannel, error) {
	return c.authorizeIn(ctx, a, c.hub.channels.bySlug(slug))
}

// authorizeByID is authorize for what names its channel by ID.
func (c *core) authorizeByID(ctx context.Context, a Actor, id ID) (*cachedChannel, error) {
	return c.authorizeIn(ctx, a, c.hub.channels.byID(id))
}

// authorizeIn lets the actor to the channel, or says that there is none. What everyone sees costs no query; for all
// else the database is asked each time, so that what was changed on another node counts at once.
func (c *core) authorizeIn(ctx context.Context, a Actor, ch *cachedChannel) (*cachedChannel, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	if c.openTo(a, ch) {
		return ch, nil
	}
	acc, err := c.readAccess(ctx, a, ch)
	return acc.cached, err
}

// openTo reports whether the actor sees the channel, whatever their membership is.
func (c *core) openTo(a Actor, ch *cachedChannel) bool {
	return ch != nil && canView(ch.info.Load(), a.Role, "") && !c.hub.mayBeBanned(a.ID)
}

// readAccess asks the database what the actor may do in the channel. nil stands for one that is not there: it is asked
// for all the same, since it has to take as long as one that the actor may not see.
func (c *core) readAccess(ctx context.Context, a Actor, ch *cachedChannel) (Access, error) {
	info, id := &Channel{Kind: Private}, ID(0)
	if ch != nil {
		info, id = ch.info.Load(), ch.ID
	}
	found, _, err := selectMembershipsOfSessions(ctx, c.db, id, []ID{a.Session}, c.now())
	if err != nil {
		return Access{}, err
	}
	acc := found[a.Session]
	if acc == nil || acc.User != a.ID {
		return Access{}, errSignedOut
	}
	acc.Channel, acc.General, acc.cached, acc.ordinary = info, info.general, ch, false
	if !acc.CanView() {
		return Access{}, errNotFound
	}
	return *acc, nil
}

// access is authorize for those who need to know what the actor may do in the channel.
func (c *core) access(ctx context.Context, a Actor, slug string) (Access, error) {
	return c.accessIn(ctx, a, c.hub.channels.bySlug(slug))
}

func (c *core) accessIn(ctx context.Context, a Actor, ch *cachedChannel) (Access, error) {
	if a.ID == 0 || a.Session == 0 {
		return Access{}, errSignedOut
	}
	if c.openTo(a, ch) {
		memberships, err := c.memberships(ctx, a.ID)
		info, mine := ch.info.Load(), memberships[ch.ID]
		return Access{
			Channel: info, Membership: mine.Membership, Role: a.Role, User: a.ID, General: info.general, cached: ch,
			readSeq: mine.readSeq, readKnown: true,
		}, err
	}
	acc, err := c.readAccess(ctx, a, ch)
	if err != nil {
		return Access{}, err
	}
	acc.blocked, err = blockedIn(ctx, c.db, &acc)
	return acc, err
}

// accessToPost is access for those who are about to write. Where all who see the channel may write alike, their
// membership is not read: they may do less, by what it returns, than they may.
func (c *core) accessToPost(ctx context.Context, a Actor, slug string) (Access, error) {
	ch := c.hub.channels.bySlug(slug)
	if a.ID == 0 || a.Session == 0 || !c.openTo(a, ch) {
		return c.accessIn(ctx, a, ch)
	}
	info := ch.info.Load()
	if !info.ordinary() {
		return c.accessIn(ctx, a, ch)
	}
	return Access{Channel: info, Role: a.Role, User: a.ID, General: info.general, cached: ch}, nil
}

// AccessToPost is Channels.Access for an actor who is about to post; PostIn takes its result. Where all who see the
// channel may post alike, it does not read the actor's membership.
func (c Messages) AccessToPost(ctx context.Context, a Actor, slug string) (Access, error) {
	acc, err := c.accessToPost(ctx, a, slug)
	if err != nil {
		return Access{}, err
	}
	return c.named(ctx, a, acc)
}

// named gives an access the channel as the actor knows it.
func (c *core) named(ctx context.Context, a Actor, acc Access) (Access, error) {
	ch, err := c.channelFor(ctx, a, acc.cached)
	acc.Channel = &ch
	return acc, err
}

// Access returns what the actor may do in a channel. It fails with CodeNotFound unless they see a channel by that slug.
func (c Channels) Access(ctx context.Context, a Actor, slug string) (Access, error) {
	acc, err := c.access(ctx, a, slug)
	if err != nil {
		return Access{}, err
	}
	return c.named(ctx, a, acc)
}

// stillAccess is access by what the transaction finds.
func (c *core) stillAccess(ctx context.Context, tx *sqlite.Tx, a Actor, ch *cachedChannel) (Access, error) {
	found, err := selectAccess(ctx, tx, ch.ID, []ID{a.Session}, tx.Now)
	if err != nil {
		return Access{}, err
	}
	acc := found[a.Session]
	if refusal := acc.refusal(a.ID); refusal != nil {
		return Access{}, refusal
	}
	acc.cached = ch
	return *acc, nil
}

// stillManages refuses an actor who does not manage the channel by what the transaction finds.
func (c *core) stillManages(ctx context.Context, tx *sqlite.Tx, a Actor, ch *cachedChannel) error {
	acc, err := c.stillAccess(ctx, tx, a, ch)
	if err == nil && !acc.CanManage() {
		err = errNotManager
	}
	return err
}

// refusal is why a session may do nothing in the channel by now, in the name of the person whose it was. nil: they see
// it.
func (acc *Access) refusal(person ID) *Error {
	switch {
	case acc == nil || acc.User != person:
		return errSignedOut
	case !acc.CanView():
		return errNotFound
	}
	return nil
}

// manage is access for those who want to change the channel itself.
func (c *core) manage(ctx context.Context, a Actor, slug string) (Access, error) {
	acc, err := c.access(ctx, a, slug)
	if err == nil && !acc.CanManage() {
		err = errNotManager
	}
	return acc, err
}
