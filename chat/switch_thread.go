package chat

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// addThreads adds threads that the actor follows.
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
