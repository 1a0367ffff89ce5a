package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// State is a user's relation to a channel; empty: none.
type State string

// The states. Only Joined makes a member.
const (
	Seen    State = "seen"    // has read a public channel without joining it
	Joined  State = "joined"  // a member
	Left    State = "left"    // has left a public channel, which is out of their sidebar
	Removed State = "removed" // no longer a member of a channel that only its members see
)

// Notify is which messages of a channel a user is notified of.
type Notify string

// The levels.
const (
	NotifyAll      Notify = "all"
	NotifyMentions Notify = "mentions"
	NotifyNothing  Notify = "nothing"
)

// Membership is what a user is to a channel, with their settings for it.
type Membership struct {
	State     State
	Owner     bool // manages the channel
	Favourite bool // listed in Favourites
	Section   ID   // the user's own section that it is listed in, unless in Favourites; 0, or deleted: that of its kind
	Muted     bool // shows no unread count
	Notify    Notify

	hiddenSeq int64 // a direct conversation is listed only after a message beyond this
	shut      bool  // a group conversation hidden because the user has blocked its starter
}

// Member is a member of a channel.
type Member struct {
	User
	Owner    bool
	JoinedAt time.Time
}

// memberships returns a user's memberships by channel. The map must not be changed.
func (c *core) memberships(ctx context.Context, user ID) (map[ID]membershipRow, error) {
	if memberships := c.hub.membershipsOf(user); memberships != nil {
		return memberships, nil
	}
	return c.caches.memberships.get(user, func() (map[ID]membershipRow, error) { return membershipsOf(ctx, c.db, user) })
}

// Members finds members of a channel by name, sorted by name.
func (c Channels) Members(ctx context.Context, acc Access, f ListQuery) (List[Member], error) {
	if !acc.CanView() {
		return List[Member]{}, errNotFound
	}
	return members(ctx, c.db, acc.cached.ID, f.clean())
}

// Join makes the actor a member of a public channel, and lists it in their sidebar again.
func (c Channels) Join(ctx context.Context, a Actor, slug string) error {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return err
	}
	return c.addMember(ctx, ch, a, a.ID)
}

// addMember makes a user a member on the actor's behalf. In the transaction, the actor must still see the channel and
// may still add others, and no one can be added to an archived channel.
func (c *core) addMember(ctx context.Context, ch *cachedChannel, a Actor, user ID) error {
	// without the check, a user who was removed meanwhile would be a member again
	return c.actIn(ctx, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, acc Access) error {
		if user != a.ID {
			if refusal := acc.addRefusal(); refusal != nil {
				return refusal
			}
			if err := c.audit(ctx, tx, a, "channel.member_added", user, ch.ID, ""); err != nil {
				return err
			}
		}
		return join(ctx, tx, ch.ID, user)
	}, c.hub.membersChanged)
}

// Leave ends the actor's membership. General Talk cannot be left, and direct conversations are hidden instead. An actor
// who leaves a private channel no longer sees it. When the last owner leaves, the longest-standing member becomes the
// owner.
func (c Channels) Leave(ctx context.Context, a Actor, slug string) error {
	acc, err := c.access(ctx, a, slug)
	if err != nil {
		return err
	}
	if refusal := acc.leaveRefusal(); refusal != nil {
		return refusal
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		return leave(ctx, tx, acc.cached, a.ID)
	}, c.hub.membersChanged)
}

// stateAfterLeaving returns the state of a user who is no longer a member.
func stateAfterLeaving(ch *Channel) State {
	if ch.Kind == Public {
		return Left
	}
	return Removed
}

// AddMember makes a user a member of a channel that the actor is a member of. Guests cannot add members.
func (c Channels) AddMember(ctx context.Context, a Actor, slug, name string) (User, error) {
	acc, err := c.access(ctx, a, slug)
	if err != nil {
		return User{}, err
	}
	if refusal := acc.addRefusal(); refusal != nil {
		return User{}, refusal
	}
	user, err := c.personNamed(ctx, a, name)
	if err != nil {
		return User{}, err
	}
	m, banned, err := selectMembership(ctx, c.db, acc.cached.ID, user.ID, c.now())
	switch {
	case err != nil:
		return User{}, err
	case banned:
		return User{}, Invalid("name", "%s is banned from this channel for now.", user.Name)
	case m.State == Joined:
		return User{}, Invalid("name", "%s is in this channel already.", user.Name)
	}
	return user, c.addMember(ctx, acc.cached, a, user.ID)
}

// AddableUsers returns users who can be added to a channel: as Users.Search, without the channel's members.
func (c Channels) AddableUsers(ctx context.Context, a Actor, acc Access, most int) ([]UserPresence, error) {
	if refusal := acc.refusal(a.ID); refusal != nil {
		return nil, refusal
	}
	return c.searchUsers(ctx, a, "", acc.cached.ID, most)
}

// RemoveMember removes a member from a channel that the actor manages. If it is private, the member's sockets in it
// close at once.
func (c Channels) RemoveMember(ctx context.Context, a Actor, slug string, user ID) error {
	acc, err := c.access(ctx, a, slug)
	switch {
	case err != nil:
		return err
	case !acc.CanManage():
		return Errorf(CodeForbidden, "Only the owner of a channel can remove people from it.")
	case acc.General:
		return Errorf(CodeForbidden, "%s is everyone's: nobody can be removed from it.", acc.Channel.Name)
	}
	ch := acc.cached
	m, _, err := selectMembership(ctx, c.db, ch.ID, user, c.now())
	if err != nil {
		return err
	}
	if m.State != Joined {
		return errNotFound
	}
	return c.actAsManager(ctx, a, ch, func(ctx context.Context, tx *sqlite.Tx, a Actor, _ Access) error {
		if err := leave(ctx, tx, ch, user); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "channel.member_removed", user, ch.ID, openName(acc.Channel))
	}, c.hub.membersChanged)
}

// leave ends a membership. If no owner is left, the longest-standing member becomes the owner.
func leave(ctx context.Context, tx *sqlite.Tx, ch *cachedChannel, user ID) error {
	if err := takeOut(ctx, tx, ch, user); err != nil {
		return err
	}
	return promoteSuccessor(ctx, tx, ch.ID)
}

// SetPreferences sets whether a channel is the actor's favourite, whether it is muted, what they are notified of, and
// the section of theirs that it is listed in, as in PutInto.
func (c Channels) SetPreferences(ctx context.Context, a Actor, slug string, favourite, muted bool,
	notify Notify, section ID) error {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return err
	}
	switch notify {
	case NotifyAll, NotifyMentions, NotifyNothing:
	default:
		return Invalid("notify", "Choose what to be told of: all messages, mentions, or nothing.")
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if err := noteUnread(ctx, tx, ch.ID, a.ID); err != nil {
			return err
		}
		s, err := selectSidebar(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		in, err := s.ownSection(section)
		if err != nil {
			return err
		}
		return updatePreferences(ctx, tx, ch.ID, a.ID, favourite, muted, notify, in)
	}, c.hub.membersChanged)
}

// MemberCount returns the number of members of a channel. It may be some seconds old.
func (c Channels) MemberCount(ctx context.Context, a Actor, slug string) (int, error) {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return 0, err
	}
	return c.memberCount(ctx, ch)
}

// headcountLifetime is the maximum age of a member count: new users join General Talk without invalidating it.
const headcountLifetime = 10 * time.Second

func (c *core) memberCount(ctx context.Context, ch *cachedChannel) (int, error) {
	known := func() *memberCount {
		if n := ch.counted.Load(); n != nil && c.now().Sub(n.at) < headcountLifetime {
			return n
		}
		return nil
	}
	if n := known(); n != nil {
		return n.people, nil
	}
	ch.counting.Lock() // every page of the channel asks at the same moment
	defer ch.counting.Unlock()
	if n := known(); n != nil {
		return n.people, nil
	}
	now := c.now()
	n, err := countMembers(ctx, c.db, ch.ID)
	if err == nil {
		ch.counted.Store(&memberCount{n, now})
	}
	return n, err
}
