package chat

import (
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// Limits of a message's reactions.
const (
	MaxReactions       = 50  // kinds
	MaxReactionsByUser = 20  // kinds of one user
	maxReactionPeople  = 100 // of each kind, who are listed
	maxRecentEmoji     = 16
)

// Reaction is one kind of reaction to a message: an emoji, and who reacted with it. The kinds of a message are in the
// order in which they came.
type Reaction struct {
	Emoji   string
	Picture ID // of a custom emoji, as long as there is one; set when the row is rendered
	Count   int
	People  []User // the first ones, at most maxReactionPeople: ID and Name
}

var (
	errNoEmoji       = Invalid("emoji", "Choose one emoji to react with.")
	errEmojiGone     = Invalid("emoji", "There is no custom emoji of that name. Choose another one.")
	errManyReactions = Errorf(CodeForbidden,
		"This message has %d kinds of reactions, and no more fit. Join one of them.", MaxReactions)
	errManyOwnReactions = Errorf(CodeForbidden,
		"You have reacted to this message with %d emoji, and no more fit. Take one of them back first.", MaxReactionsByUser)
)

// React adds the actor's reaction with an emoji to a message. Idempotent. A reaction does not join the actor to the
// channel.
func (c Messages) React(ctx context.Context, a Actor, slug string, seq int64, emoji string) (Row, error) {
	return c.react(ctx, a, slug, seq, emoji, func(bool) bool { return true })
}

// Unreact removes the actor's reaction. Idempotent.
func (c Messages) Unreact(ctx context.Context, a Actor, slug string, seq int64, emoji string) (Row, error) {
	return c.react(ctx, a, slug, seq, emoji, func(bool) bool { return false })
}

// ToggleReaction adds the actor's reaction, or removes it if it is there.
func (c Messages) ToggleReaction(ctx context.Context, a Actor, slug string, seq int64, emoji string) (Row, error) {
	return c.react(ctx, a, slug, seq, emoji, func(reacted bool) bool { return !reacted })
}

// react sets whether the actor reacts with the emoji: wanted gets whether they do now. The message gets the channel's
// next rev if that changes anything.
func (c Messages) react(ctx context.Context, a Actor, slug string, seq int64, emoji string,
	wanted func(reacted bool) bool) (Row, error) {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return Row{}, err
	}
	emoji, ok := canonicalReaction(emoji)
	if !ok {
		return Row{}, errNoEmoji
	}
	result, err := actInValue(ctx, c.core, a, ch,
		func(ctx context.Context, tx *sqlite.Tx, _ Actor, acc Access) (*changedMessage, error) {
			return reactIn(ctx, tx, acc, seq, emoji, wanted)
		}, func(result *changedMessage) { result.publish(c.hub, ch) })
	if err != nil {
		return Row{}, err
	}
	row, _, err := result.answer()
	return row, err
}

// reactIn is react in its transaction.
func reactIn(ctx context.Context, tx *sqlite.Tx, acc Access, seq int64, emoji string,
	wanted func(reacted bool) bool) (*changedMessage, error) {
	if refusal := acc.ChangeRefusal(); refusal != nil {
		return nil, refusal
	}
	m, err := messageAt(ctx, tx, acc.cached, seq)
	if err != nil {
		return nil, err
	}
	if m.Deleted() {
		return nil, errNotFound
	}
	mine, err := ownReactions(ctx, tx, &m, acc.User)
	if err != nil {
		return nil, err
	}
	reacted := slices.Contains(mine, emoji)
	add := wanted(reacted)
	if add == reacted {
		return &changedMessage{message: m}, nil
	}
	if add {
		if refusal := acc.reactionRefusal(&m, emoji, len(mine)); refusal != nil {
			return nil, refusal
		}
		if err := stillEmoji(ctx, tx, emoji); err != nil {
			return nil, err
		}
		err = insertReaction(ctx, tx, &m, acc.User, emoji)
	} else {
		err = deleteReaction(ctx, tx, &m, acc.User, emoji)
	}
	if err == nil {
		err = reactionsChanged(ctx, tx, &m)
	}
	return &changedMessage{message: m, changed: true}, err
}

// reactionRefusal returns why a user with that many reactions to a message cannot add another one, or nil.
func (acc Access) reactionRefusal(m *Message, emoji string, own int) *Error {
	refusal := acc.ReactRefusal()
	known := slices.ContainsFunc(m.Reactions, func(r Reaction) bool { return r.Emoji == emoji })
	switch {
	case refusal != nil:
		return refusal
	case own >= MaxReactionsByUser:
		return errManyOwnReactions
	case !known && len(m.Reactions) >= MaxReactions:
		return errManyReactions
	}
	return nil
}

// canonicalReaction is CanonicalEmoji for what a reaction may be: also a custom emoji's text, whether there is one of
// that name or not.
func canonicalReaction(text string) (emoji string, ok bool) {
	if name, ok := emojiName(text); ok {
		return emojiCode(name), true
	}
	return CanonicalEmoji(text)
}

// stillEmoji refuses the text of a custom emoji that is not there any more. Reactions with it stay, and can be taken
// back.
func stillEmoji(ctx context.Context, tx *sqlite.Tx, emoji string) error {
	name, custom := emojiName(emoji)
	if !custom {
		return nil
	}
	has, err := hasEmoji(ctx, tx, name)
	if err == nil && !has {
		return errEmojiGone
	}
	return err
}

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
	return ownReactions(ctx, c.db, &Message{ChannelID: acc.cached.ID, Seq: seq}, acc.User)
}
