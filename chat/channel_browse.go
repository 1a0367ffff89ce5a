package chat

import "context"

// ChannelSummary is a channel in the list of all channels that the actor sees.
type ChannelSummary struct {
	SidebarItem
	Members int
}

// maxBrowsed is the maximum number of channels that Search returns: beyond it the user types a longer query.
const maxBrowsed = 100

// Search returns the channels that the actor sees and whose name, topic or description contains the query: active ones,
// or the archived ones. more reports that others match.
func (c Channels) Search(ctx context.Context, a Actor, query string,
	archived bool) (list []ChannelSummary, more bool, err error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, false, errSignedOut
	}
	memberships, banned, err := c.membershipsAndBans(ctx, a)
	if err != nil {
		return nil, false, err
	}
	find := newFinder(query)
	for _, ch := range c.hub.channels.all() {
		l := sidebarItem(ch, memberships[ch.ID])
		if !canView(&l.Channel, a.Role, l.State) || banned[ch.ID] || l.Archived() != archived ||
			!find.inKey(l.key) && !find.inText(l.about) {
			continue
		}
		if len(list) == maxBrowsed {
			return list, true, nil
		}
		n, err := c.memberCount(ctx, ch)
		if err != nil {
			return nil, false, err
		}
		list = append(list, ChannelSummary{SidebarItem: l, Members: n})
	}
	return list, false, nil
}
