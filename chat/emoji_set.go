package chat

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
)

// emojiSet is the custom emoji as of a rev, in memory: every text with a colon is compared with it. It is replaced, and
// never changed.
type emojiSet struct {
	rev    int64
	list   []CustomEmoji // by name; without who added them
	byName map[string]ID
}

// knownEmoji is the newest set that this node has read.
type knownEmoji struct {
	set     atomic.Pointer[emojiSet]
	reading refresher
}

func (k *knownEmoji) get() *emojiSet {
	if s := k.set.Load(); s != nil {
		return s
	}
	return new(emojiSet)
}

// CustomEmoji returns all custom emoji, by name, without who added them. The result must not be changed.
func (c Messages) CustomEmoji() []CustomEmoji { return c.hub.emoji.get().list }

// FindEmoji returns up to most custom emoji whose name contains the query, those first whose name begins with it. The
// query may have colons around it.
func (c Messages) FindEmoji(query string, most int) (found []CustomEmoji) {
	query = strings.ToLower(strings.Trim(strings.TrimSpace(query), ":"))
	if query == "" {
		return nil
	}
	var others []CustomEmoji
	for _, e := range c.CustomEmoji() {
		if strings.HasPrefix(e.Name, query) {
			found = append(found, e)
		} else if strings.Contains(e.Name, query) {
			others = append(others, e)
		}
	}
	found = append(found, others...)
	return found[:min(len(found), most)]
}

// CustomEmojiNamed returns the custom emoji that a text such as :party: stands for; ok is false if there is none.
func (c Messages) CustomEmojiNamed(text string) (e CustomEmoji, ok bool) {
	s := c.hub.emoji.get()
	name, ok := emojiName(text)
	if !ok {
		return e, false
	}
	i, ok := slices.BinarySearchFunc(s.list, name, func(e CustomEmoji, name string) int {
		return strings.Compare(e.Name, name)
	})
	if !ok {
		return e, false
	}
	return s.list[i], true
}

// EmojiPicture fails unless there is a custom emoji of that ID. Everyone who is signed in may see it, since any message
// may show it.
func (c Messages) EmojiPicture(ctx context.Context, id ID) error {
	if slices.ContainsFunc(c.CustomEmoji(), func(e CustomEmoji) bool { return e.ID == id }) {
		return nil
	}
	_, err := emojiByID(ctx, c.db, id) // another node may have added it a moment ago
	return err
}

// loadEmoji reads the set if it has changed. The rev is read first, so that the set is at least as new.
func (h *hub) loadEmoji(ctx context.Context) error {
	rev, err := emojiCounter(ctx, h.chat.db)
	if err != nil {
		return err
	}
	before := h.emoji.set.Load()
	if before != nil && before.rev >= rev {
		return nil
	}
	list, err := selectEmoji(ctx, h.chat.db)
	if err != nil {
		return err
	}
	s := &emojiSet{rev: rev, list: list, byName: make(map[string]ID, len(list))}
	for i := range list {
		s.byName[list[i].Name] = list[i].ID
		list[i].By = User{} // names change
	}
	for !h.emoji.set.CompareAndSwap(before, s) {
		if before = h.emoji.set.Load(); before != nil && before.rev >= rev {
			return nil
		}
	}
	if before != nil {
		h.invalidateRooms(map[ID]bool{customReaction: true})
	}
	return nil
}

// emojiChanged takes over a change of the custom emoji.
func (h *hub) emojiChanged() {
	h.refresh(&h.emoji.reading, h.loadEmoji)
	h.publish(Event{List: true})
}

// customReaction stands in Row.Named for custom emoji among a row's reactions, which show a picture or a name, as the
// set is. No user has this ID.
const customReaction = -1
