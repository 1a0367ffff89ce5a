package chat

import (
	"context"
	"slices"
	"strings"
)

// Hidden is how much there is that those who run the place do not see: private channels in which they are not.
type Hidden struct{ Channels, Messages int64 }

// ChannelTable finds channels by name, topic, kind or "archived", for those who run the place: every public one, and
// the private ones in which the actor is. A role opens nobody's private channel: of the others, hidden is the sum.
// Direct conversations are in neither.
func (c *Chat) ChannelTable(ctx context.Context, a Actor, f Find) (t Table[ChannelUse], hidden Hidden, err error) {
	if !a.Role.May(MayModerate) {
		return t, hidden, errNotFound
	}
	f = f.clean()
	list, err := c.visible(ctx, a)
	if err != nil {
		return t, hidden, err
	}
	for _, ch := range c.hub.channels.all() {
		if ch.facts.Load().Kind == Private && !slices.Contains(list, ch) {
			hidden.Channels, hidden.Messages = hidden.Channels+1, hidden.Messages+ch.lastSeq.Load()
		}
	}
	key := NameKey(f.Text)
	found := pageOf(f, slices.DeleteFunc(list, func(ch *channelState) bool {
		facts := ch.facts.Load()
		return !strings.Contains(NameKey(facts.Name), key) && !strings.Contains(fold(facts.Topic), key) &&
			key != string(facts.Kind) && (key != "archived" || !facts.Archived())
	}))
	ids := make([]ID, len(found.Rows))
	for i, ch := range found.Rows {
		ids[i] = ch.ID
	}
	amounts, err := map[ID]Amount(nil), error(nil)
	if len(ids) > 0 {
		amounts, err = selectAmounts(ctx, c.db.read, ids)
	}
	t.Find, t.Total = found.Find, found.Total
	for _, ch := range found.Rows {
		if err != nil {
			break
		}
		u := ChannelUse{Channel: ch.snapshot(), Amount: amounts[ch.ID], General: ch == c.hub.channels.general()}
		u.Members, err = c.headcount(ctx, ch)
		t.Rows = append(t.Rows, u)
	}
	return t, hidden, err
}
