package chat

import (
	"context"
	"database/sql"
	"slices"
)

// The gate: whatever someone reads or does in a channel passes through gate, or for what is told without being asked
// for, through sees. What one may not see looks exactly like what is not there.

// gate finds the channel through which an actor reaches everything in it: messages, files, the socket. An old slug
// leads to its channel too.
func (c *Chat) gate(ctx context.Context, a Actor, slug string) (*cachedChannel, error) {
	return c.pass(ctx, a, c.hub.channels.bySlug(slug))
}

// gateID is gate for what names its channel by ID.
func (c *Chat) gateID(ctx context.Context, a Actor, id ID) (*cachedChannel, error) {
	return c.pass(ctx, a, c.hub.channels.byID(id))
}

// pass lets the actor to the channel, or says that there is none. What everyone sees costs no query; for all else
// the database is asked each time, so that what was changed on another node counts at once.
func (c *Chat) pass(ctx context.Context, a Actor, ch *cachedChannel) (*cachedChannel, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	if ch != nil && sees(ch.info.Load(), a.Role, "") && !c.hub.mayBeBanned(a.ID) {
		return ch, nil
	}
	if ch == nil {
		ch = &cachedChannel{} // asked for all the same: what is not there takes as long as what one may not see
		ch.info.Store(&Channel{Kind: Private})
	}
	m, banned, err := selectMembership(ctx, c.db.read, ch.ID, a.ID, c.now())
	if err != nil {
		return nil, err
	}
	if banned || !sees(ch.info.Load(), a.Role, m.State) {
		return nil, errNotFound
	}
	return ch, nil
}

// act makes a change in the actor's name. Verbs ask who may do what before it, and it may have to wait: whoever was signed
// out, banned, deactivated or got another role in the meantime is seen to be that in the transaction. apply is given the
// actor as they are by then, and asks what their role decides once more. CodeSignedOut: their session has ended.
func (c *Chat) act(ctx context.Context, a Actor, apply func(context.Context, *sql.Tx, Actor) error, committed func()) error {
	return c.writer.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		role, err := roleOf(ctx, tx, a.ID, a.Session)
		if err != nil {
			return err
		}
		now := a
		now.Role = role
		return apply(ctx, tx, now)
	}, committed)
}

// stillSees is the gate once more, for the actor that act gives.
func (c *Chat) stillSees(ctx context.Context, tx *sql.Tx, a Actor, ch *cachedChannel) error {
	see, err := whoSee(ctx, tx, ch.ID, []ID{a.ID}, c.now())
	if err == nil && !see[a.ID] {
		err = errNotFound
	}
	return err
}

// stillRuns is run once more, for the actor that act gives.
func (c *Chat) stillRuns(ctx context.Context, tx *sql.Tx, a Actor, ch *cachedChannel) error {
	if err := c.stillSees(ctx, tx, a, ch); err != nil {
		return err
	}
	m, _, err := selectMembership(ctx, tx, ch.ID, a.ID, c.now())
	if err == nil && !runs(a, ch.info.Load(), m) {
		err = errNotRunning
	}
	return err
}

// stand is gate for those who need to know how the actor stands to the channel.
func (c *Chat) stand(ctx context.Context, a Actor, slug string) (*cachedChannel, Membership, error) {
	ch, err := c.gate(ctx, a, slug)
	if err != nil {
		return nil, Membership{}, err
	}
	m, _, err := selectMembership(ctx, c.db.read, ch.ID, a.ID, c.now())
	return ch, m, err
}

// sees says who sees a channel: the rule that every path asks.
func sees(ch *Channel, role Role, state State) bool {
	if ch.deleted || !role.Valid() {
		return false
	}
	return state == Joined || ch.Kind == Public && role != RoleGuest
}

// lists says whether a channel stands in someone's list: they see it, and want to.
func (l *SidebarItem) lists(role Role) bool {
	return sees(&l.Channel, role, l.State) && l.State != Left && !l.Archived() && (l.Kind != Direct || l.LastSeq > l.hiddenSeq && !l.shut)
}

// runs reports whether the actor, who sees the channel, may change it: its owner, and who moderates the workspace.
func runs(a Actor, ch *Channel, m Membership) bool {
	return ch.Kind != Direct && (m.Owner && m.State == Joined || a.Role.May(MayModerate))
}

// writes says who may write in a channel that they see, but for blocks: the rule that mayPost asks, and the transaction
// again.
func writes(a Actor, ch *Channel, m Membership) *Error {
	switch {
	case !a.Role.May(MayPost):
		return Errorf(CodeForbidden, "You may read here, and not write.")
	case ch.Archived():
		return errArchived
	case ch.Announce && !runs(a, ch, m):
		return Errorf(CodeForbidden, "This channel is for announcements: only those who manage it write here.")
	}
	return nil
}

// mayPost reports whether the actor, who sees the channel, may write in it, and if not, why.
func (c *Chat) mayPost(ctx context.Context, a Actor, ch *cachedChannel) error {
	f := ch.info.Load()
	var m Membership
	if f.Announce && !a.Role.May(MayModerate) { // else it is not asked for
		var err error
		if m, _, err = selectMembership(ctx, c.db.read, ch.ID, a.ID, c.now()); err != nil {
			return err
		}
	}
	if refusal := writes(a, f, m); refusal != nil {
		return refusal
	}
	if f.Kind == Direct {
		return mayWriteTo(ctx, c.db.read, a.ID, ch.ID)
	}
	return nil
}

var errArchived = Errorf(CodeForbidden, "This channel is archived: it can be read, and not changed.")

// People are seen by everyone but guests, who see those with whom they share a channel.

// filterVisibleOf returns the ids of those of the users whom the actor sees.
func (c *Chat) filterVisibleOf(ctx context.Context, a Actor, users []User) ([]ID, error) {
	ids := make([]ID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	return c.filterVisible(ctx, a, ids)
}

// filterVisible returns those of the people that the actor sees, themself included.
func (c *Chat) filterVisible(ctx context.Context, a Actor, people []ID) ([]ID, error) {
	if a.Role.Valid() && a.Role != RoleGuest {
		return people, nil
	}
	shared, err := sharesChannelWith(ctx, c.db.read, a.ID, people)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(people), func(id ID) bool { return id != a.ID && !shared[id] }), nil
}

// standings returns how the actor stands to channels, and from which they are kept out: what lists of channels go by.
func (c *Chat) standings(ctx context.Context, a Actor) (marks map[ID]membershipRow, banned map[ID]bool, err error) {
	if marks, err = c.memberships(ctx, a.ID); err != nil {
		return nil, nil, err
	}
	banned, err = c.bannedFrom(ctx, a)
	return marks, banned, err
}

// bannedFrom returns the channels that the actor may not enter for a while.
func (c *Chat) bannedFrom(ctx context.Context, a Actor) (map[ID]bool, error) {
	if !c.hub.mayBeBanned(a.ID) {
		return nil, nil
	}
	return activeBans(ctx, c.db.read, a.ID, c.now())
}
