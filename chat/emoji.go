package chat

import (
	"context"
	"slices"
	"strings"
	"time"

	"chitchat/chat/sqlite"
)

// CustomEmoji is an emoji of the workspace's own: a picture, which everyone uses by its name, as :name: in texts and as
// a reaction. A name that is free again can be given to another picture: reactions are by name, and have that one;
// texts of before keep the address of the earlier one, which is gone, and so show the name.
type CustomEmoji struct {
	ID   ID     // of its picture in the file store too
	Name string // without colons, in lower case
	Size int64  // of the picture, in bytes
	By   User   // ID and Name
	At   time.Time
}

// Text returns the emoji as it is written.
func (e CustomEmoji) Text() string { return emojiCode(e.Name) }

// Limits of custom emoji.
const (
	MaxCustomEmoji     = 1000 // each node has all in memory, and the choice shows all
	MaxEmojiNameLen    = 32
	minEmojiNameLen    = 2 // :a: and :p are smileys
	maxEmojiInText     = 100
	MaxEmojiPictureLen = 256 << 10 // bytes, as it is sent
)

var (
	errEmojiName = Invalid("name", "Please choose a name of %d to %d letters from a to z, digits, - and _.",
		minEmojiNameLen, MaxEmojiNameLen)
	errEmojiTaken = Invalid("name", "There is a custom emoji of this name already. Choose another name, or remove that "+
		"emoji first.")
	errManyEmoji = Invalid("name", "The workspace has %d custom emoji, and no more fit. Remove one first.", MaxCustomEmoji)
)

// CleanEmojiName returns a name as it is stored: without colons around it, in lower case. The error is for the field
// "name".
func CleanEmojiName(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if inner, ok := strings.CutPrefix(name, ":"); ok {
		name = strings.TrimSuffix(inner, ":")
	}
	if len(name) < minEmojiNameLen || len(name) > MaxEmojiNameLen || leadingEmojiName(name) != name {
		return "", errEmojiName
	}
	return name, nil
}

// AddEmoji adds an emoji whose picture is in the file store under its ID. The actor must manage emoji. Whether Unicode
// has an emoji of that name is for the caller to know.
func (c Admin) AddEmoji(ctx context.Context, a Actor, e CustomEmoji) error {
	if !a.Role.May(MayManageEmoji) {
		return errNotFound
	}
	name, err := CleanEmojiName(e.Name)
	if err != nil {
		return err
	}
	e.Name = strings.Clone(name)
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if !a.Role.May(MayManageEmoji) {
			return errNotFound
		}
		if err := insertEmoji(ctx, tx, a.ID, e); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "emoji.added", 0, 0, e.Text())
	}, c.hub.emojiChanged)
}

// RemoveEmoji removes an emoji. Texts and reactions that have it show its name from now on. The caller removes its
// picture from the file store.
func (c Admin) RemoveEmoji(ctx context.Context, a Actor, id ID) error {
	if !a.Role.May(MayManageEmoji) {
		return errNotFound
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if !a.Role.May(MayManageEmoji) {
			return errNotFound
		}
		name, err := deleteEmoji(ctx, tx, id)
		if err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "emoji.removed", 0, 0, emojiCode(name))
	}, c.hub.emojiChanged)
}

// Emoji finds custom emoji by their names and by who added them, for an actor who manages them, in the order of their
// names.
func (c Admin) Emoji(ctx context.Context, a Actor, f ListQuery) (List[CustomEmoji], error) {
	if !a.Role.May(MayManageEmoji) {
		return List[CustomEmoji]{}, errNotFound
	}
	all, err := selectEmoji(ctx, c.db)
	if err != nil {
		return List[CustomEmoji]{}, err
	}
	f = f.clean()
	find := newFinder(f.Text)
	text := strings.ToLower(f.Text)
	return paginate(f, slices.DeleteFunc(all, func(e CustomEmoji) bool {
		return !strings.Contains(e.Text(), text) && !find.inKey(NameKey(e.By.Name))
	})), nil
}

// EmojiByID returns a custom emoji to the actor who manages them.
func (c Admin) EmojiByID(ctx context.Context, a Actor, id ID) (CustomEmoji, error) {
	if !a.Role.May(MayManageEmoji) {
		return CustomEmoji{}, errNotFound
	}
	return emojiByID(ctx, c.db, id)
}
