package chat

import (
	"context"
	"slices"
)

// HiddenTotals counts what admins do not see: private channels that they are not members of.
type HiddenTotals struct{ Channels, Messages int64 }

// ListChannels finds channels by name, topic, description, kind or "archived", for admins: all public channels, and the
// private ones that the actor is a member of. No role opens a private channel: hidden has the totals of the others.
// Direct conversations are in neither.
func (c Admin) ListChannels(ctx context.Context, a Actor,
	f ListQuery) (t List[ChannelUsage], hidden HiddenTotals, err error) {
	if !a.Role.May(MayModerate) {
		return t, hidden, errNotFound
	}
	f = f.clean()
	list, err := c.visible(ctx, a)
	if err != nil {
		return t, hidden, err
	}
	for _, ch := range c.hub.channels.all() {
		if ch.info.Load().Kind == Private && !slices.Contains(list, ch) {
			hidden.Channels, hidden.Messages = hidden.Channels+1, hidden.Messages+ch.lastSeq.Load()
		}
	}
	find := newFinder(f.Text)
	found := paginate(f, slices.DeleteFunc(list, func(ch *cachedChannel) bool {
		facts := ch.info.Load()
		return !find.inKey(facts.key) && !find.inText(facts.about) &&
			find.key != string(facts.Kind) && (find.key != "archived" || !facts.Archived())
	}))
	ids := make([]ID, len(found.Rows))
	for i, ch := range found.Rows {
		ids[i] = ch.ID
	}
	amounts, err := map[ID]FileUsage(nil), error(nil)
	if len(ids) > 0 {
		amounts, err = selectAmounts(ctx, c.db, ids)
	}
	t.ListQuery, t.Total = found.ListQuery, found.Total
	for _, ch := range found.Rows {
		if err != nil {
			break
		}
		u := ChannelUsage{Channel: ch.snapshot(), FileUsage: amounts[ch.ID], General: ch == c.hub.channels.general()}
		u.Members, err = c.memberCount(ctx, ch)
		t.Rows = append(t.Rows, u)
	}
	return t, hidden, err
}
