package chat

import (
	"cmp"
	"context"
	"slices"
)

// Sort is the order of the conversations of a section. Muted ones are last in each.
type Sort string

// The orders.
const (
	SortName     Sort = "name"     // by name, General Talk first
	SortActivity Sort = "activity" // by the newest message
	SortUnread   Sort = "unread"   // those that mention the user, then those with unread messages, then the others by name
)

// Sorts are all orders.
var Sorts = []Sort{SortName, SortActivity, SortUnread}

// Section is a part of a user's sidebar with conversations: one of their own, or a built-in one, which has no name.
type Section struct {
	ID     ID
	Name   string
	Folded bool // shows only what is unread, and the open conversation
	Sort   Sort
}

// The built-in sections. Each user has all of them.
const (
	SectionFavourites ID = iota + 1
	SectionChannels      // channels in no other section
	SectionDirect        // direct conversations in no other section
)

// Own reports whether the user has made the section.
func (s Section) Own() bool { return s.ID > SectionDirect }

// builtInSections are the sections of users who have changed nothing.
var builtInSections = []Section{
	{ID: SectionFavourites, Sort: SortName}, {ID: SectionChannels, Sort: SortName},
	{ID: SectionDirect, Sort: SortActivity},
}

// Sidebar is a user's list of conversations, with its sections. The zero value has the built-in sections.
type Sidebar struct {
	Channels []SidebarItem // in the order of the sections
	Sections []Section     // in their order; must not be changed
	HideRead bool          // shows only what is unread, and the open conversation
}

// sections returns the sections in their order, the built-in ones in any case.
func (s *Sidebar) sections() []Section {
	if len(s.Sections) == 0 {
		return builtInSections
	}
	return s.Sections
}

// SectionOf returns the section of a conversation: Favourites if it is one, else the one that the user has put it into,
// else the one of its kind.
func (s *Sidebar) SectionOf(l *SidebarItem) ID {
	return sectionOf(s.sections(), &l.Membership, l.Kind == Direct)
}

func sectionOf(sections []Section, m *Membership, direct bool) ID {
	switch {
	case m.Favourite:
		return SectionFavourites
	case m.Section != 0 && slices.ContainsFunc(sections, func(s Section) bool { return s.ID == m.Section }):
		return m.Section
	case direct:
		return SectionDirect
	}
	return SectionChannels
}

// SectionItems is a section with its conversations.
type SectionItems struct {
	Section
	Items []*SidebarItem
}

// Grouped returns the sections, each with its conversations in their order.
func (s *Sidebar) Grouped() []SectionItems {
	sections := s.sections()
	at, groups := make(map[ID]int, len(sections)), make([]SectionItems, len(sections))
	for i, section := range sections {
		at[section.ID], groups[i].Section = i, section
	}
	for i := range s.Channels {
		g := &groups[at[s.SectionOf(&s.Channels[i])]]
		g.Items = append(g.Items, &s.Channels[i])
	}
	return groups
}

// sort puts the conversations in their order. addressed are those in which the user is mentioned: see addressed.
func (s *Sidebar) sort(addressed map[ID]bool) {
	type place struct {
		*SidebarItem
		section int
		sort    Sort
		unread  bool
		active  int64
	}
	sections := s.sections()
	at := make(map[ID]int, len(sections))
	for i, section := range sections {
		at[section.ID] = i
	}
	places := make([]place, len(s.Channels))
	for i := range s.Channels {
		l := &s.Channels[i]
		n := at[s.SectionOf(l)]
		places[i] = place{l, n, sections[n].Sort, l.Unread() > 0, max(l.lastAt, l.CreatedAt.UnixMilli())}
	}
	slices.SortFunc(places, func(x, y place) int {
		order := cmp.Or(cmp.Compare(x.section, y.section), trueFirst(!x.Muted, !y.Muted))
		switch {
		case order != 0:
			return order
		case x.sort == SortActivity:
			order = cmp.Compare(y.active, x.active)
		case x.sort == SortUnread:
			order = cmp.Or(trueFirst(addressed[x.ID], addressed[y.ID]), trueFirst(x.unread, y.unread))
		}
		return cmp.Or(order, trueFirst(x.general, y.general), cmp.Compare(x.key, y.key), cmp.Compare(x.ID, y.ID))
	})
	sorted := make([]SidebarItem, len(places))
	for i, p := range places {
		sorted[i] = *p.SidebarItem
	}
	s.Channels = sorted
}

// addressed returns the conversations in which somebody has written to the user, and they have not read it, of the
// sections in the order SortUnread.
func (c *core) addressed(ctx context.Context, user ID, s *Sidebar) (map[ID]bool, error) {
	if !s.byUnread() {
		return nil, nil
	}
	sorted := make(map[ID]bool)
	for _, section := range s.Sections {
		sorted[section.ID] = section.Sort == SortUnread
	}
	addressed := make(map[ID]bool)
	var feeds []unreadFeed
	for i := range s.Channels {
		l := &s.Channels[i]
		if l.Unread() == 0 || !sorted[s.SectionOf(l)] {
			continue
		}
		if l.Kind == Direct {
			addressed[l.ID] = true
		} else if ch := c.hub.channels.byID(l.ID); ch != nil {
			feeds = append(feeds, unreadFeed{ch: ch, readSeq: l.ReadSeq})
		}
	}
	if len(feeds) == 0 {
		return addressed, nil
	}
	err := c.countUnreadMentions(ctx, user, feeds)
	for i := range feeds {
		if feeds[i].mentions > 0 {
			addressed[feeds[i].ch.ID] = true
		}
	}
	return addressed, err
}

// sectionsOf returns a user's sections and HideRead, without conversations.
func (c *core) sectionsOf(ctx context.Context, user ID) (Sidebar, error) {
	return c.caches.sections.get(user, func() (Sidebar, error) { return selectSidebar(ctx, c.db, user) })
}

// byUnread reports whether reading a conversation may change its place in the sidebar.
func (s *Sidebar) byUnread() bool {
	return slices.ContainsFunc(s.Sections, func(of Section) bool { return of.Sort == SortUnread })
}

// moves returns a function that reports whether new messages in a channel may change its place in the sidebar; nil if
// only direct conversations move.
func (s *Sidebar) moves() func(m *Membership) bool {
	sections := s.sections()
	if !slices.ContainsFunc(sections, func(of Section) bool { return of.ID != SectionDirect && of.Sort != SortName }) {
		return nil
	}
	return func(m *Membership) bool {
		in := sectionOf(sections, m, false)
		return slices.ContainsFunc(sections, func(of Section) bool { return of.ID == in && of.Sort != SortName })
	}
}
