package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// All reading and acting in a channel is authorized by authorize or access, and all pushed updates by canView. A
// channel that the actor does not see must look exactly like one that does not exist.

// authorize finds a channel by its slug, or an old slug, for an actor who sees it. It is enough for everything in the
// channel that all who see it may read: messages, files, the socket.
func (c *core) authorize(ctx context.Context, a Actor, slug string) (*cachedChannel, error) {
	return c.authorizeIn(ctx, a, c.hub.channels.bySlug(slug))
}

// authorizeByID is authorize for a channel ID.
func (c *core) authorizeByID(ctx context.Context, a Actor, id ID) (*cachedChannel, error) {
	return c.authorizeIn(ctx, a, c.hub.channels.byID(id))
}

// authorizeIn returns the channel if the actor sees it, and otherwise errNotFound. For a channel that everyone sees it
// makes no query; for others it reads the database each time, so that changes by another node count at once.
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

// openTo reports whether the actor sees the channel regardless of their membership.
func (c *core) openTo(a Actor, ch *cachedChannel) bool {
	return ch != nil && canView(ch.info.Load(), a.Role, "") && !c.hub.mayBeBanned(a.ID)
}

// readAccess reads from the database what the actor may do in the channel. ch is nil for a channel that does not exist:
// the query is made all the same, so that it takes as long as for one that the actor does not see.
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
	if acc.Role == RoleGuest {
		if still, err := c.hub.admit(ctx, ch, acc.User); err != nil {
			return Access{}, err
		} else if !still {
			return c.readAccess(ctx, a, ch) // another change since then
		}
	}
	return *acc, nil
}

// access is authorize for callers that need what the actor may do in the channel.
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
			readSeq: mine.readSeq, unreadRev: mine.unreadRev, readKnown: true,
		}, err
	}
	acc, err := c.readAccess(ctx, a, ch)
	if err != nil {
		return Access{}, err
	}
	acc.blocked, err = blockedIn(ctx, c.db, &acc)
	return acc, err
}

// accessToPost is access for an actor who is about to post. Where all who see the channel may post alike, it does not
// read the membership, so the result may allow less than the actor may do.
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

// InThread returns the access to a channel as the access to the thread of a message in it. It fails with CodeNotFound
// unless there is such a message; a reply that is shown in the channel leads to its thread.
func (c Messages) InThread(ctx context.Context, acc Access, root int64) (Access, error) {
	if !acc.CanView() {
		return Access{}, errNotFound
	}
	return c.inThread(ctx, acc, root)
}

// Address returns the address of the channel, or of the thread: see ThreadAddress.
func (acc Access) Address() string { return acc.cached.address() }

// Root returns the seq of the thread's root; 0 for a channel.
func (acc Access) Root() int64 { return acc.cached.root }

// named returns the access with the channel as the actor sees it.
func (c *core) named(ctx context.Context, a Actor, acc Access) (Access, error) {
	ch, err := c.channelFor(ctx, a, acc.cached.gate())
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

// stillAccess is access as read in the transaction.
func (c *core) stillAccess(ctx context.Context, tx *sqlite.Tx, a Actor, ch *cachedChannel) (Access, error) {
	found, err := selectAccess(ctx, tx, ch.gate().ID, []ID{a.Session}, tx.Now)
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

// stillManages refuses an actor who, as read in the transaction, does not manage the channel.
func (c *core) stillManages(ctx context.Context, tx *sqlite.Tx, a Actor, ch *cachedChannel) error {
	acc, err := c.stillAccess(ctx, tx, a, ch)
	if err == nil && !acc.CanManage() {
		err = errNotManager
	}
	return err
}

// refusal returns why a session of that user can no longer do anything in the channel; nil when they see it.
func (acc *Access) refusal(person ID) *Error {
	switch {
	case acc == nil || acc.User != person:
		return errSignedOut
	case !acc.CanView():
		return errNotFound
	}
	return nil
}

// manage is access for an actor who is about to change the channel.
func (c *core) manage(ctx context.Context, a Actor, slug string) (Access, error) {
	acc, err := c.access(ctx, a, slug)
	if err == nil && !acc.CanManage() {
		err = errNotManager
	}
	return acc, err
}
