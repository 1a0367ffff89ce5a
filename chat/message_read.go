package chat

import "context"

// Preview returns the message that a text would be, without sending it.
func (c Messages) Preview(ctx context.Context, a Actor, acc Access, body string) (Message, error) {
	if !acc.CanView() {
		return Message{}, errNotFound
	}
	body, err := cleanBody(body, false)
	if err != nil {
		return Message{}, err
	}
	mentions, err := c.mentionedIn(ctx, a, acc.cached, body)
	if err != nil {
		return Message{}, err
	}
	formatted := c.formatIn(a, acc.cached, body, mentions)
	return c.withoutHidden(Message{ChannelID: acc.cached.ID, ChannelSlug: acc.cached.slug(), Author: a.User, Body: body,
		Formatted: formatted}), nil
}

// Get returns the message at seq.
func (c Messages) Get(ctx context.Context, a Actor, slug string, seq int64) (Message, error) {
	ch, err := c.authorizeFeed(ctx, a, slug)
	if err != nil {
		return Message{}, err
	}
	return c.message(ctx, ch, seq)
}

// GetIn is Get for an actor whose access has been read.
func (c Messages) GetIn(ctx context.Context, acc Access, seq int64) (Message, error) {
	if !acc.CanView() {
		return Message{}, errNotFound
	}
	return c.message(ctx, acc.cached, seq)
}

func (c *core) message(ctx context.Context, ch *cachedChannel, seq int64) (Message, error) {
	c.hub.messageQueries.Add(1)
	m, err := messageAt(ctx, c.db, ch, seq)
	c.hub.readRepliers([]Message{m})
	c.hub.nameRepliers(&m) // pages render it without the hub
	return c.withoutHidden(m), err
}

// Row returns the message at seq, rendered.
func (c Messages) Row(ctx context.Context, a Actor, slug string, seq int64) (Row, error) {
	m, err := c.Get(ctx, a, slug, seq)
	if err != nil {
		return Row{}, err
	}
	return c.hub.render(m), nil
}
