package chat

import "context"

// Quote returns a message that another one points to, and its channel, as the actor sees them. It fails with
// CodeNotFound when the actor does not see it, when it is not there any more, and for a line, which has no text.
func (c Messages) Quote(ctx context.Context, a Actor, slug string, seq int64) (Message, Channel, error) {
	ch, err := c.authorizeFeed(ctx, a, slug)
	if err != nil {
		return Message{}, Channel{}, err
	}
	m, err := c.message(ctx, ch, seq)
	if err == nil && (m.Deleted() || m.Pins != 0) {
		err = errNotFound
	}
	if err != nil {
		return Message{}, Channel{}, err
	}
	m.Author = c.hub.profiles.latest(m.Author)
	shown, err := c.channelFor(ctx, a, ch.gate())
	return m, shown, err
}
