package chat

import (
	"context"
	"slices"
	"strings"
)

// Browsed is a channel in the list of all that someone sees.
type Browsed struct {
	Listing
	Members int
}

// maxBrowsed is how many channels Browse returns: who has more searches.
const maxBrowsed = 100

// Browse returns the channels that the actor sees and whose name, topic or description contains the query: those in
// use, or the archived ones. more reports that there are more than it returns.
func (c *Chat) Browse(ctx context.Context, a Actor, query string, archived bool) (list []Browsed, more bool, err error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, false, errSignedOut
	}
	marks, banned, err := c.standings(ctx, a)
	if err != nil {
		return nil, false, err
	}
	query = NameKey(query)
	found := func(text string) bool { return strings.Contains(fold(text), query) }
	for _, ch := range c.hub.channels.all() {
		l := listing(ch, marks[ch.ID])
		if !sees(&l.Channel, a.Role, l.State) || banned[ch.ID] || l.Archived() != archived ||
			!slices.ContainsFunc([]string{l.Name, l.Topic, l.Description}, found) {
			continue
		}
		if len(list) == maxBrowsed {
			return list, true, nil
		}
		n, err := c.headcount(ctx, ch)
		if err != nil {
			return nil, false, err
		}
		list = append(list, Browsed{Listing: l, Members: n})
	}
	return list, false, nil
}
