package views

import (
	"slices"
	"strings"
	"sync"

	"chitchat/assets"
	"chitchat/chat"
)

// maxFoundEmoji is the number of emoji that a search shows.
const maxFoundEmoji = 80

// EmojiPicker is the choice of an emoji to react with.
type EmojiPicker struct {
	For    string // the path of the message
	Query  string
	Group  int      // the one shown, unless there is a query
	Tone   int      // of the skin; 0: none
	Recent []string // the emoji that the reader used last, newest first

	Custom []chat.CustomEmoji // all of them
	Found  []chat.CustomEmoji // those that the query finds
}

// EmojiTone returns the skin tone of the newest of the emoji that can have one: 0 to assets.SkinTones.
func EmojiTone(recent []string) int {
	for _, text := range recent {
		if e, ok := emojiByText()[text]; ok && e.HasTones() {
			for tone := range assets.SkinTones + 1 {
				if canonical(e.Toned(tone)) == text {
					return tone
				}
			}
		}
	}
	return 0
}

// emojiURL returns the address of the choice for the message at a URL.
func emojiURL(message string) string { return "/emoji?for=" + message }

// emojiSection is a part of the grid.
type emojiSection struct {
	name  string
	emoji []emojiChoice
}

// emojiChoice is a button of the grid.
type emojiChoice struct {
	text, name, code string
	picture          chat.ID // of a custom emoji; else 0
}

// sections returns what the grid shows: what was found, or the recent ones and a group.
func (p EmojiPicker) sections() (list []emojiSection) {
	if p.Query != "" {
		found := customSection("Found", p.Found)
		unicode := p.section("", assets.FindEmoji(p.Query, maxFoundEmoji))
		found.emoji = append(found.emoji, unicode.emoji...)
		return append(list, found)
	}
	if len(p.Recent) > 0 {
		recent := emojiSection{name: "Recent"}
		for _, text := range p.Recent {
			recent.emoji = append(recent.emoji, p.recentButton(text))
		}
		list = append(list, recent)
	}
	groups := assets.EmojiGroups()
	if p.Group == len(groups) && len(p.Custom) > 0 {
		return append(list, customSection("Custom", p.Custom))
	}
	g := groups[min(max(0, p.Group), len(groups)-1)]
	return append(list, p.section(g.Name, g.Emoji))
}

func (p EmojiPicker) section(name string, emoji []assets.Emoji) emojiSection {
	s := emojiSection{name: name}
	for i := range emoji {
		s.emoji = append(s.emoji, emojiButton(&emoji[i], emoji[i].Toned(p.Tone)))
	}
	return s
}

// customSection returns a section of custom emoji.
func customSection(name string, list []chat.CustomEmoji) emojiSection {
	s := emojiSection{name: name}
	for _, e := range list {
		s.emoji = append(s.emoji, customButton(e))
	}
	return s
}

// customButton returns the button of a custom emoji.
func customButton(e chat.CustomEmoji) emojiChoice {
	return emojiChoice{text: e.Text(), name: e.Name, code: e.Text(), picture: e.ID}
}

// recentButton returns the button of an emoji that the reader has used.
func (p EmojiPicker) recentButton(text string) emojiChoice {
	if name, custom := strings.CutPrefix(text, ":"); custom {
		name = strings.TrimSuffix(name, ":")
		if i := slices.IndexFunc(p.Custom, func(e chat.CustomEmoji) bool { return e.Name == name }); i >= 0 {
			return customButton(p.Custom[i])
		}
	}
	return emojiButton(emojiByText()[text], text)
}

// emojiButton returns the button of an emoji; e is nil for one without a name.
func emojiButton(e *assets.Emoji, text string) emojiChoice {
	if e == nil {
		return emojiChoice{text: text, name: text}
	}
	c := emojiChoice{text: text, name: e.Name}
	if len(e.Codes) > 0 {
		c.code = ":" + e.Codes[0] + ":"
	}
	return c
}

// tones are the emoji that stand for the skin tones.
func tones() []string {
	hand := emojiByText()["✋"]
	list := make([]string, 0, assets.SkinTones+1)
	for tone := range assets.SkinTones + 1 {
		list = append(list, hand.Toned(tone))
	}
	return list
}

var toneNames = []string{"No skin tone", "Light skin tone", "Medium-light skin tone", "Medium skin tone",
	"Medium-dark skin tone", "Dark skin tone"}

// canonical returns the form of an emoji in which reactions have it.
func canonical(text string) string {
	emoji, _ := chat.CanonicalEmoji(text)
	return emoji
}

// emojiByText returns all emoji by the canonical form of each of their texts.
var emojiByText = sync.OnceValue(func() map[string]*assets.Emoji {
	all := make(map[string]*assets.Emoji)
	for _, g := range assets.EmojiGroups() {
		for i := range g.Emoji {
			for tone := range assets.SkinTones + 1 {
				all[canonical(g.Emoji[i].Toned(tone))] = &g.Emoji[i]
			}
		}
	}
	return all
})
