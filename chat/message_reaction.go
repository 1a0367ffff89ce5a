package chat

import (
	"context"

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
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return Row{}, err
	}
	emoji, ok := canonicalReaction(emoji)
	if !ok {
		return Row{}, errNoEmoji
	}
	result, err := actInValue(ctx, c.core, a, at.ch,
		func(ctx context.Context, tx *sqlite.Tx, _ Actor, acc Access) (*changedMessage, error) {
			return reactIn(ctx, tx, acc, at.seq, emoji, wanted)
		}, func(result *changedMessage) { result.publish(c.hub, at) })
	if err != nil {
		return Row{}, err
	}
	row, _, err := result.answer()
	return row, err
}

// reactIn is react in its transaction. It reads who reacted with what once, after the change: a message may have
// thousands of reactions.
func reactIn(ctx context.Context, tx *sqlite.Tx, acc Access, seq int64, emoji string,
	wanted func(reacted bool) bool) (*changedMessage, error) {
	if refusal := acc.ChangeRefusal(); refusal != nil {
		return nil, refusal
	}
	m, has, err := bareMessageAt(ctx, tx, acc.cached, seq)
	if err != nil {
		return nil, err
	}
	if m.Deleted() {
		return nil, errNotFound
	}
	if m.Pins != 0 {
		return nil, errLine
	}
	kinds, err := reactionKinds(ctx, tx, &m, acc.User)
	if err != nil {
		return nil, err
	}
	reacted := kinds[emoji]
	changed := wanted(reacted) != reacted
	if changed {
		if reacted {
			err = deleteReaction(ctx, tx, &m, acc.User, emoji)
		} else {
			err = addReaction(ctx, tx, acc, &m, emoji, kinds)
		}
		if err != nil {
			return nil, err
		}
		has.reactions = []any{seq}
	}
	if err := has.attachTo(ctx, tx, &m); err != nil {
		return nil, err
	}
	result := &changedMessage{message: m, changed: changed}
	if changed {
		err = result.update(ctx, tx)
	}
	return result, err
}

// addReaction adds a reaction to a message that has these kinds, or returns why the user cannot.
func addReaction(ctx context.Context, tx *sqlite.Tx, acc Access, m *Message, emoji string,
	kinds map[string]bool) error {
	if refusal := acc.reactionRefusal(emoji, kinds); refusal != nil {
		return refusal
	}
	if err := stillEmoji(ctx, tx, emoji); err != nil {
		return err
	}
	if err := followReacted(ctx, tx, m, acc.User); err != nil {
		return err
	}
	return insertReaction(ctx, tx, m, acc.User, emoji)
}

// reactionRefusal returns why a user cannot add a reaction to a message that has these kinds, or nil. true: the user
// reacted with it.
func (acc Access) reactionRefusal(emoji string, kinds map[string]bool) *Error {
	if refusal := acc.ReactRefusal(); refusal != nil {
		return refusal
	}
	own := 0
	for _, reacted := range kinds {
		if reacted {
			own++
		}
	}
	_, known := kinds[emoji]
	switch {
	case own >= MaxReactionsByUser:
		return errManyOwnReactions
	case !known && len(kinds) >= MaxReactions:
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
