package chat

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// ForwardTargets returns the channels of the actor's sidebar in which they may post, in its order. Whether someone in a
// direct conversation has blocked them is found out by posting.
func (c Messages) ForwardTargets(ctx context.Context, a Actor) ([]SidebarItem, error) {
	s, err := c.channels.Sidebar(ctx, a)
	return slices.DeleteFunc(s.Channels, func(l SidebarItem) bool {
		acc := Access{Channel: &l.Channel, Membership: l.Membership, Role: a.Role, User: a.ID}
		return !acc.CanPost()
	}), err
}

// Forward posts a message of the actor in the channel of a slug: d.Body, and below it the link to what they forward,
// which they must see. All rules of posting hold: see PostIn. That the channel cannot be posted in is an error of the
// field "to"; a channel that the actor does not see is refused as one that does not exist.
func (c Messages) Forward(ctx context.Context, a Actor, link, to string, d Draft) (Channel, error) {
	if to == "" {
		return Channel{}, Invalid("to", "Choose where it should go.")
	}
	acc, err := c.accessIn(ctx, a, c.hub.channels.bySlug(to))
	if err == nil {
		if d.Body = strings.TrimRight(d.Body, " \r\n\t"); d.Body != "" {
			d.Body += "\n\n"
		}
		d.Body += link
		_, _, err = c.PostIn(ctx, a, acc, d)
	}
	refusal, _ := errors.AsType[*Error](err)
	switch {
	case err == nil:
		return *acc.Channel, nil
	case refusal != nil && refusal.Code == CodeNotFound:
		err = Invalid("to",
			"That conversation is not there any more, or not yours to see. Nothing was sent: choose another one.")
	case refusal != nil && refusal.Code == CodeForbidden:
		err = Invalid("to", "Nothing was sent. %s", refusal.Message)
	}
	return Channel{}, err
}
