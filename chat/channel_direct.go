package chat

import (
	"context"
	"slices"
	"strings"

	"chitchat/chat/sqlite"
)

// MaxDirect is the maximum number of other members of a direct conversation.
const MaxDirect = 8

var errMayNotWrite = Errorf(CodeForbidden, "You may not write to people directly.")

// CreateDirect returns the conversation between the actor and the given users, whoever started it. If there is none it
// starts one, which the others see from its first message on. It starts none with a user who has blocked the actor or
// whom the actor has blocked. Of the conversations that an actor has started, at most maxUnsaid may be without a
// message, each for a day.
func (c Channels) CreateDirect(ctx context.Context, a Actor, people []ID) (Channel, error) {
	if a.ID == 0 || a.Session == 0 {
		return Channel{}, errSignedOut
	}
	people = slices.Clone(people)
	slices.Sort(people)
	people = slices.DeleteFunc(slices.Compact(people), func(id ID) bool { return id == a.ID })
	switch {
	case !a.Role.May(MayWriteDirectly):
		return Channel{}, errMayNotWrite
	case len(people) == 0:
		return Channel{}, Invalid("people", "Choose whom to write to.")
	case len(people) > MaxDirect:
		return Channel{}, Invalid("people", "At most %d others fit in one conversation. A private channel has room for more.",
			MaxDirect)
	}
	key := membersKey(append(slices.Clone(people), a.ID))
	if err := c.maySpeakTo(ctx, a, people, key); err != nil {
		return Channel{}, err
	}
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (Channel, error) {
		if !a.Role.May(MayWriteDirectly) {
			return Channel{}, errMayNotWrite
		}
		ch, err := directBetween(ctx, tx, key)
		if err != nil {
			return Channel{}, err
		}
		if ch.ID != 0 {
			return ch, hide(ctx, tx, ch.ID, a.ID, -1)
		}
		if err := unblocked(ctx, tx, a.ID, people); err != nil {
			return Channel{}, err // there may be a new block since maySpeakTo
		}
		if err := mayBeginAnother(ctx, tx, a); err != nil {
			return Channel{}, err
		}
		if ch, err = insertChannel(ctx, tx, Channel{Kind: Direct, CreatedAt: tx.Now}, a.ID, key); err != nil {
			return Channel{}, err
		}
		for _, id := range people {
			if err := joinUnlisted(ctx, tx, ch.ID, id); err != nil {
				return Channel{}, err
			}
		}
		return ch, join(ctx, tx, ch.ID, a.ID)
	}, func(ch Channel) { c.hub.channelChanged(ch) })
}

// maySpeakTo refuses people who do not exist, and, for a new conversation, people with blocks between them and the
// actor.
func (c *core) maySpeakTo(ctx context.Context, a Actor, people []ID, key string) error {
	here, err := activePeople(ctx, c.db, people)
	if err != nil {
		return err
	}
	seen, err := c.filterVisible(ctx, a, people)
	if err != nil {
		return err
	}
	if len(here) < len(people) || len(seen) < len(people) {
		return Invalid("people", "Someone of them is not here, or not any more.")
	}
	if ch, err := directBetween(ctx, c.db, key); err != nil || ch.ID != 0 {
		return err // reading an existing conversation is always allowed
	}
	return unblocked(ctx, c.db, a.ID, people)
}

// Hide removes a direct conversation from the actor's sidebar until a new message arrives.
func (c Channels) Hide(ctx context.Context, a Actor, slug string) error {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return err
	}
	if ch.info.Load().Kind != Direct {
		return Errorf(CodeForbidden, "Only direct conversations are hidden. A channel is left, or muted.")
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		return hide(ctx, tx, ch.ID, a.ID, ch.lastSeq.Load())
	}, c.hub.membersChanged)
}

// mayWriteTo refuses to post in a conversation of two when either has blocked the other, and in a group conversation
// that the user has started when a member has blocked them. In group conversations started by others there is no
// restriction, as in channels.
func mayWriteTo(ctx context.Context, q sqlite.Querier, user, channel ID) error {
	with, err := others(ctx, q, user, []ID{channel})
	if err != nil {
		return err
	}
	if len(with[channel]) > 1 {
		return unblockedIn(ctx, q, user, channel)
	}
	people := make([]ID, len(with[channel]))
	for i, u := range with[channel] {
		people[i] = u.ID
	}
	return unblocked(ctx, q, user, people)
}

// addPeople adds their members to direct conversations.
func (c *core) addPeople(ctx context.Context, a Actor, list []SidebarItem) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]ID, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	with, err := others(ctx, c.db, a.ID, ids)
	if err != nil {
		return err
	}
	for i := range list {
		l := &list[i]
		l.With = with[l.ID]
		l.key = namesKey(l.With) // once: comparing does not fold
		l.Present = c.someoneHere(*l)
	}
	return nil
}

func namesKey(users []User) string {
	keys := make([]string, len(users))
	for i, u := range users {
		keys[i] = NameKey(u.Name)
	}
	return strings.Join(keys, "\x00")
}

// someoneHere reports whether another member of the conversation is online, and does not say that they are away.
func (c *core) someoneHere(l SidebarItem) bool {
	ids := make([]ID, len(l.With))
	for i, u := range l.With {
		ids[i] = u.ID
	}
	here := c.hub.isHere(ids)
	return slices.ContainsFunc(l.With, func(u User) bool { return here[u.ID] && !c.hub.profiles.latest(u).Away })
}

// awayChanged reports whether one of the users is in a direct conversation where they were listed as away and are not
// now, or the other way round.
func awayChanged(list []SidebarItem, now []User) bool {
	return len(now) > 0 && slices.ContainsFunc(list, func(l SidebarItem) bool {
		return slices.ContainsFunc(l.With, func(then User) bool {
			return slices.ContainsFunc(now, func(u User) bool { return u.ID == then.ID && u.Away != then.Away })
		})
	})
}

// presenceChanged reports whether a member of the direct conversations has gone online or offline since they were
// listed.
func (c *core) presenceChanged(list []SidebarItem) bool {
	return slices.ContainsFunc(list, func(l SidebarItem) bool { return c.someoneHere(l) != l.Present })
}
