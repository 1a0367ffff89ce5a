package chat

import (
	"cmp"
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// Kind is who can see a channel.
type Kind string

// The kinds of channel.
const (
	Public  Kind = "public"  // everyone except guests, who must be added
	Private Kind = "private" // members only
	Direct  Kind = "direct"  // a conversation between a fixed set of users
)

// Channel is a place to talk.
//
//   - Name is 1 to MaxChannelNameLen characters. Its name key is unique among the public channels. A direct
//     conversation has no name and is shown under its members' names.
//   - Slug is the channel's name in URLs, made from Name and unique. Its earlier slugs lead to it too. The slug of a
//     channel that only its members see cannot be guessed.
//   - LastSeq is the seq of the newest message. LastRev is the counter that each change of a message increments.
type Channel struct {
	ID          ID
	Slug        string
	Name        string
	Kind        Kind
	Topic       string
	Description string
	CreatedAt   time.Time
	ArchivedAt  time.Time // zero unless archived: an archived channel can only be read
	Announce    bool      // only those who manage the channel may post
	SlowSeconds int       // minimum time between two messages of a user; 0: none
	LastSeq     int64
	LastRev     int64
	Pins        int    // number of messages that are pinned to it
	With        []User // of a direct conversation: its members without the actor

	key     string // NameKey of Name, cached: lists are sorted by it
	about   string // topic and description, folded, for searches
	lastAt  int64  // time of the newest message in milliseconds; 0: there is none
	version int64  // incremented by each change of the fields above the counters
	general bool   // everyone is in it
	deleted bool
}

// Archived reports whether the channel can only be read.
func (ch *Channel) Archived() bool { return !ch.ArchivedAt.IsZero() }

// SidebarItem is a channel in a user's sidebar.
type SidebarItem struct {
	Channel
	Membership
	ReadSeq int64 // the newest message that the user has read
	Present bool  // of a direct conversation: another member is online, and not away
	Draft   bool  // the user has a draft in it

	index    int   // the channel's
	deleted  int64 // number of deleted messages after ReadSeq
	mentions int64 // unread messages that mention the user: see countMentions
}

// Unread returns the number of unread messages that the user wants to be notified of: all, those that mention them, or
// none. Deleted messages do not count. It is 0 for a muted channel.
func (l *SidebarItem) Unread() int64 { return l.unread(l.LastSeq-l.ReadSeq-l.deleted, l.mentions) }

// unread returns the count to show, given all unread messages and those that mention the user.
func (m *Membership) unread(all, mentions int64) int64 {
	switch {
	case m.Muted || m.Notify == NotifyNothing:
		return 0
	case m.Notify == NotifyMentions:
		return mentions
	}
	return max(0, all)
}

// Addressed returns how many of the unread messages are written to the user, and not to all: in a direct conversation
// all of them, elsewhere those that mention the user.
func (l *SidebarItem) Addressed() int64 { return addressed(l.Kind, l.Unread(), l.mentions) }

func addressed(kind Kind, unread, mentions int64) int64 {
	if kind == Direct {
		return unread
	}
	return min(unread, mentions)
}

// Get returns the channel of the slug.
func (c Channels) Get(ctx context.Context, a Actor, slug string) (Channel, error) {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return Channel{}, err
	}
	return c.channelFor(ctx, a, ch)
}

// channelFor returns the channel as the actor, who sees it, may see its fields.
func (c *core) channelFor(ctx context.Context, a Actor, ch *cachedChannel) (Channel, error) {
	snapshot := ch.snapshot()
	if snapshot.Kind != Direct {
		return snapshot, nil
	}
	with, err := others(ctx, c.db, a.ID, []ID{ch.ID})
	snapshot.With = with[ch.ID]
	return snapshot, err
}

// channelsFor is channelFor for several, by ID: with one query for all direct conversations.
func (c *core) channelsFor(ctx context.Context, a Actor, list []*cachedChannel) (map[ID]Channel, error) {
	shown := make(map[ID]Channel, len(list))
	var direct []ID
	for _, ch := range list {
		if _, has := shown[ch.ID]; has {
			continue
		}
		if shown[ch.ID] = ch.snapshot(); shown[ch.ID].Kind == Direct {
			direct = append(direct, ch.ID)
		}
	}
	if len(direct) == 0 {
		return shown, nil
	}
	with, err := others(ctx, c.db, a.ID, direct)
	for _, id := range direct {
		of := shown[id]
		of.With = with[id]
		shown[id] = of
	}
	return shown, err
}

// Sidebar returns the actor's sidebar: the channels, and at most ListedDirect direct conversations.
func (c Channels) Sidebar(ctx context.Context, a Actor) (Sidebar, error) {
	if a.ID == 0 {
		return Sidebar{}, errSignedOut
	}
	memberships, banned, err := c.membershipsAndBans(ctx, a)
	if err != nil {
		return Sidebar{}, err
	}
	s, err := c.sectionsOf(ctx, a.ID)
	if err != nil {
		return Sidebar{}, err
	}
	list := []SidebarItem{}
	for _, ch := range c.hub.channels.all() {
		if l := sidebarItem(ch, memberships[ch.ID]); l.inSidebar(a.Role) && !banned[ch.ID] {
			list = append(list, l)
		}
	}
	direct, err := c.listDirect(ctx, a, memberships, banned)
	if err != nil {
		return Sidebar{}, err
	}
	s.Channels = append(list, direct...)
	if err := c.markDrafts(ctx, a.ID, s.Channels); err != nil {
		return Sidebar{}, err
	}
	if err := c.countMentions(ctx, a.ID, s.Channels); err != nil {
		return Sidebar{}, err
	}
	addressed, err := c.addressed(ctx, a.ID, &s)
	s.sort(addressed)
	return s, err
}

func trueFirst(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

func sidebarItem(ch *cachedChannel, m membershipRow) SidebarItem {
	l := SidebarItem{Channel: ch.snapshot(), Membership: m.Membership, ReadSeq: m.readSeq, index: ch.index}
	l.deleted = ch.deleted.within(l.ReadSeq, l.LastSeq)
	return l
}

// IsGeneral reports whether the channel is the one that everyone is in. It cannot be left, made private, archived or
// deleted.
func (c Channels) IsGeneral(ch Channel) bool { return c.hub.channels.general().ID == ch.ID }

// maxOwnChannels is the maximum number of active channels of one creator: every page, every new user and every socket
// pays for each.
const (
	maxOwnChannels    = 100
	maxAllOwnChannels = 300 // archived ones included
)

// mayMakeAnother refuses another active channel of a user who has made too many. There is no limit for those who manage
// users.
func mayMakeAnother(ctx context.Context, tx *sqlite.Tx, a Actor) error {
	if a.Role.May(MayManagePeople) {
		return nil
	}
	var made, all int
	err := tx.QueryRowContext(ctx,
		`SELECT count(*) FILTER (WHERE archived_at = 0), count(*) FROM channels WHERE created_by = $1 AND kind <> $2
		AND deleted_at = 0`,
		a.ID, Direct).Scan(&made, &all)
	if err == nil && all >= maxAllOwnChannels {
		return Invalid("name", "You have made %d channels, with those that are archived, and that is the most. Delete one "+
			"that nobody needs, or ask an admin.", all)
	}
	if err == nil && made >= maxOwnChannels {
		err = Invalid("name", "You have made %d channels that are in use, and that is the most. Archive one that nobody "+
			"needs, or ask an admin.", made)
	}
	return err
}

var errMayNotCreate = Errorf(CodeForbidden, "Guests cannot create channels.")

// Create makes a Public or Private channel owned by the actor. A public one appears for everyone at once.
func (c Channels) Create(ctx context.Context, a Actor, name string, kind Kind) (Channel, error) {
	if a.ID == 0 {
		return Channel{}, errSignedOut
	}
	if !a.Role.May(MayCreateChannels) {
		return Channel{}, errMayNotCreate
	}
	name, err := cleanChannelName(name)
	if err != nil {
		return Channel{}, err
	}
	asked := Channel{Name: name, Kind: Public, CreatedAt: c.now()}
	if kind == Private {
		asked.Kind = Private
	}
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (Channel, error) {
		if !a.Role.May(MayCreateChannels) {
			return Channel{}, errMayNotCreate
		}
		if err := claimChannelName(ctx, tx, asked, Channel{}); err != nil {
			return Channel{}, err
		}
		if err := mayMakeAnother(ctx, tx, a); err != nil {
			return Channel{}, err
		}
		ch, err := insertChannel(ctx, tx, asked, a.ID, "")
		if err != nil {
			return Channel{}, err
		}
		return ch, joinAsOwner(ctx, tx, ch.ID, a.ID)
	}, func(ch Channel) { c.hub.channelChanged(ch) })
}

// Last returns the channel that the actor visited last, and otherwise the first one. It fails with CodeNotFound when
// the actor sees none.
func (c Channels) Last(ctx context.Context, a Actor) (Channel, error) {
	if a.ID == 0 {
		return Channel{}, errSignedOut
	}
	visits, err := c.lastChannels(ctx, a.ID)
	if err != nil {
		return Channel{}, err
	}
	var last ID
	if len(visits) > 0 {
		last = visits[0]
	}
	if ch, err := c.authorizeByID(ctx, a, last); err == nil {
		return ch.snapshot(), nil
	} else if ErrorCode(err) != CodeNotFound {
		return Channel{}, err
	}
	s, err := c.Sidebar(ctx, a)
	if err != nil {
		return Channel{}, err
	}
	if len(s.Channels) == 0 {
		return Channel{}, errNotFound
	}
	return s.Channels[0].Channel, nil
}

// inListOrder compares channels in the order of lists: General Talk first, then by name.
func inListOrder(x, y *cachedChannel) int {
	a, b := x.info.Load(), y.info.Load()
	return cmp.Or(trueFirst(a.general, b.general), cmp.Compare(a.key, b.key), cmp.Compare(x.ID, y.ID))
}
