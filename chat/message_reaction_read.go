package chat

import (
	"context"
	"slices"
)

// nameReactions gives those who reacted to a message their current names, and custom emoji their pictures, and returns
// what the row depends on: their IDs.
func (h *hub) nameReactions(m *Message) (named []int64) {
	m.Reactions = slices.Clone(m.Reactions) // the caller's stay as they are
	for i := range m.Reactions {
		r := &m.Reactions[i]
		if name, custom := emojiName(r.Emoji); custom {
			r.Picture = h.emoji.get().byName[name]
			named = append(named, customReaction)
		}
		r.People = slices.Clone(r.People)
		for k := range r.People {
			r.People[k] = h.profiles.latest(r.People[k])
			named = append(named, int64(r.People[k].ID))
		}
	}
	slices.Sort(named)
	return slices.Compact(named)
}

// RecentEmoji returns the emoji with which the actor reacted last, newest first, without removed ones.
func (c Messages) RecentEmoji(ctx context.Context, a Actor) ([]string, error) {
	list, err := recentEmoji(ctx, c.db, a.ID)
	return slices.DeleteFunc(list, func(text string) bool {
		_, custom := emojiName(text)
		_, there := c.CustomEmojiNamed(text)
		return custom && !there
	}), err
}

// OwnReactions returns the emoji with which a user who sees the message has reacted to it.
func (c Messages) OwnReactions(ctx context.Context, acc Access, seq int64) ([]string, error) {
	if !acc.CanView() {
		return nil, errNotFound
	}
	at, err := c.original(ctx, acc.cached, seq)
	if err != nil {
		return nil, err
	}
	return ownReactions(ctx, c.db, &Message{ChannelID: at.ch.ID, Seq: at.seq}, acc.User)
}
