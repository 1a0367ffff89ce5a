package chat

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the switcher.
const (
	maxDestinations  = 20  // that it shows
	maxSwitchDirects = 200 // direct conversations among which it looks: those with the latest messages
	maxSwitchThreads = 100 // followed threads among which it looks: those with the latest replies
	maxSwitchPeople  = 300 // people whom it reads: see selectMatching
	maxThreadName    = 80  // characters of a thread's name
)

// Destination is where the switcher leads: to a channel or a direct conversation; to a thread; to a user with whom the
// actor has no conversation yet; or to one of the caller's offers.
type Destination struct {
	Name    string // of a thread: how the message begins that it is about
	Channel Channel
	Thread  int64         // the seq of its root; 0: of none
	User    *UserPresence // nil: none
	Offer   int           // its number among the offers, from 1; 0: none
	Unread  int64
	Present bool // of a direct conversation: see SidebarItem

	match  match
	recent int // its place among the channels that the actor visited last
	key    string
}

// Switch returns where the actor may want to go, at most maxDestinations: what has the letters of the query in its
// name, in order, the better matches first, and among equal ones what is unread, then what was visited last. Without a
// query it returns what is unread, and then the channels that the actor visited last. A query with a # before it is for
// channels, and with an @ for people. It finds what the actor sees, and nothing else. offers are the names of what the
// caller can offer besides.
func (c Channels) Switch(ctx context.Context, a Actor, query string, offers []string) ([]Destination, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	s := switcher{core: c.core, actor: a, visits: make(map[ID]int)}
	query = strings.TrimSpace(query)
	if query != "" && strings.Contains("#@", query[:1]) {
		s.sign, query = query[0], query[1:]
	}
	s.empty, s.matcher = strings.TrimSpace(query) == "", newMatcher(query)
	var err error
	if s.memberships, s.banned, err = c.membershipsAndBans(ctx, a); err != nil || s.banned[0] {
		return nil, err
	}
	visits, err := c.lastChannels(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for i, id := range visits {
		s.visits[id] = i
	}
	for _, add := range []func(context.Context) error{s.addChannels, s.addDirect, s.addThreads, s.addPeople} {
		if err := add(ctx); err != nil {
			return nil, err
		}
	}
	for i, name := range offers {
		if s.sign == 0 {
			s.add(Destination{Name: name, Offer: i + 1, key: NameKey(name)})
		}
	}
	slices.SortStableFunc(s.list, func(x, y Destination) int {
		return cmp.Or(cmp.Compare(x.match, y.match), trueFirst(!x.Channel.Archived(), !y.Channel.Archived()),
			trueFirst(x.Unread > 0, y.Unread > 0), cmp.Compare(x.recent, y.recent), cmp.Compare(x.key, y.key))
	})
	return s.list[:min(len(s.list), maxDestinations)], nil
}

// switcher collects destinations for one query.
type switcher struct {
	*core
	matcher
	empty       bool
	sign        byte // '#': channels; '@': people; 0: everything
	actor       Actor
	memberships map[ID]membershipRow
	banned      map[ID]bool
	visits      map[ID]int
	list        []Destination
	partners    []ID // with whom the actor has a conversation of two
}

// add adds a destination if its key, or another one, matches.
func (s *switcher) add(d Destination, keys ...string) {
	d.recent = maxVisits
	if at, visited := s.visits[d.Channel.ID]; visited && d.Thread == 0 {
		d.recent = at
	}
	if s.empty {
		if d.Unread > 0 || d.recent < maxVisits {
			s.list = append(s.list, d)
		}
		return
	}
	for _, key := range append(keys, d.key) {
		if m := s.of(key); m != noMatch && (d.match == noMatch || m < d.match) {
			d.match = m
		}
	}
	if d.match != noMatch {
		s.list = append(s.list, d)
	}
}

// addItem adds a channel or a direct conversation.
func (s *switcher) addItem(l SidebarItem, name string, keys ...string) {
	d := Destination{Name: name, Channel: l.Channel, Present: l.Present, key: l.key}
	if l.inSidebar(s.actor.Role) {
		d.Unread = l.Unread()
	}
	s.add(d, keys...)
}

func (s *switcher) addChannels(ctx context.Context) error {
	if s.sign == '@' {
		return nil
	}
	var list []SidebarItem
	for _, ch := range s.hub.channels.all() {
		info, m := ch.info.Load(), s.memberships[ch.ID]
		if s.banned[ch.ID] || !canView(info, s.actor.Role, m.State) || !s.empty && s.of(info.key) == noMatch {
			continue
		}
		list = append(list, sidebarItem(ch, m))
	}
	err := s.countMentions(ctx, s.actor.ID, list)
	for _, l := range list {
		s.addItem(l, l.Name)
	}
	return err
}

func (s *switcher) addDirect(ctx context.Context) error {
	if s.sign == '#' {
		return nil
	}
	list := s.direct(s.memberships, s.banned, func(l *SidebarItem) bool {
		return canView(&l.Channel, s.actor.Role, l.State) && !l.shut && (l.LastSeq > 0 || l.inSidebar(s.actor.Role))
	})
	slices.SortFunc(list, newestFirst)
	list = list[:min(len(list), maxSwitchDirects)]
	if err := s.core.addPeople(ctx, s.actor, list); err != nil {
		return err
	}
	err := s.countMentions(ctx, s.actor.ID, list)
	for _, l := range list {
		names, handles := make([]string, len(l.With)), make([]string, len(l.With))
		for i, u := range l.With {
			names[i], handles[i] = u.Name, u.Handle
		}
		if len(l.With) == 1 {
			s.partners = append(s.partners, l.With[0].ID)
		}
		s.addItem(l, strings.Join(names, ", "), handles...)
	}
	return err
}

func (s *switcher) addThreads(ctx context.Context) error {
	if s.sign != 0 {
		return nil
	}
	threads, err := selectNamedThreads(ctx, s.db, s.actor.ID, s.empty)
	if err != nil || len(threads) == 0 {
		return err
	}
	var channels []ID
	for _, t := range threads {
		channels = append(channels, t.Channel)
	}
	seen, err := s.visibleAmong(ctx, s.actor, channels)
	if err != nil {
		return err
	}
	var in []*cachedChannel
	for _, ch := range seen {
		in = append(in, ch)
	}
	shown, err := s.channelsFor(ctx, s.actor, in)
	for _, t := range threads {
		if ch, visible := shown[t.Channel]; visible {
			name := threadName(t.body)
			s.add(Destination{Name: name, Channel: ch, Thread: t.Root, Unread: t.Unread, key: NameKey(name)})
		}
	}
	return err
}

// threadName returns how a message begins, without the signs that only format it.
func threadName(body string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
	line = strings.Trim(line, "#>*_~`|- \t\r")
	for i := range line {
		if utf8.RuneCountInString(line[:i]) == maxThreadName {
			return line[:i] + "…"
		}
	}
	return line
}

// addPeople adds those to whom the actor has not written yet.
func (s *switcher) addPeople(ctx context.Context) error {
	if s.sign == '#' || len(s.letters) == 0 || !s.actor.Role.May(MayWriteDirectly) {
		return nil
	}
	users, err := selectMatching(ctx, s.db, s.actor, s.matcher)
	if err != nil || len(users) == 0 {
		return err
	}
	online := s.hub.online(0)
	for _, u := range users {
		if !slices.Contains(s.partners, u.ID) {
			person := UserPresence{User: u, Present: !u.Away && slices.Contains(online, u.ID)}
			s.add(Destination{Name: u.Name, User: &person, key: NameKey(u.Name)}, u.Handle)
		}
	}
	return nil
}
