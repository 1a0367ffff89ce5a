package assets

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// What Unicode says of emoji, and their shortcodes as Slack has them, from emojibase-data.
//
//go:embed node_modules/emojibase-data/en/compact.json
var emojiJSON []byte

//go:embed node_modules/emojibase-data/en/shortcodes/iamcal.json
var shortcodesJSON []byte

//go:embed node_modules/emojibase-data/en/messages.json
var emojiGroupsJSON []byte

// SkinTones is the number of skin tones. Tone 0 is none: yellow.
const SkinTones = 5

// Emoji is an emoji as people choose it. Its skin tones count as variants of it.
type Emoji struct {
	Text  string
	Name  string
	Codes []string // the shortcodes, without colons
	tones []string // by tone, from 1 on; nil if it has none
	words string   // the lower-case words by which it is found, each after a space
}

// Toned returns the emoji's text in a skin tone; without one if it has none.
func (e *Emoji) Toned(tone int) string {
	if tone < 1 || tone > len(e.tones) {
		return e.Text
	}
	return e.tones[tone-1]
}

// HasTones reports whether the emoji has skin tones.
func (e *Emoji) HasTones() bool { return len(e.tones) > 0 }

// EmojiGroup is a group of emoji, in the order of emoji keyboards.
type EmojiGroup struct {
	Name  string
	Emoji []Emoji
}

// EmojiGroups returns all emoji, parsed on the first call. The result must not be changed.
var EmojiGroups = sync.OnceValue(func() []EmojiGroup {
	var list []struct {
		Hexcode, Label, Unicode string
		Group                   *int
		Order                   int
		Tags                    []string
		Skins                   []struct{ Unicode string }
	}
	var names struct {
		Groups []struct {
			Message string
			Order   int
		}
	}
	codes := make(map[string]any)
	mustParse(emojiJSON, &list)
	mustParse(shortcodesJSON, &codes)
	mustParse(emojiGroupsJSON, &names)
	slices.SortStableFunc(list, func(a, b struct {
		Hexcode, Label, Unicode string
		Group                   *int
		Order                   int
		Tags                    []string
		Skins                   []struct{ Unicode string }
	}) int {
		return a.Order - b.Order
	})
	groups := make([]EmojiGroup, len(names.Groups))
	for _, g := range names.Groups {
		groups[g.Order].Name = strings.ToUpper(g.Message[:1]) + g.Message[1:]
	}
	for _, in := range list {
		if in.Group == nil { // a part of a flag
			continue
		}
		e := Emoji{Text: in.Unicode, Name: in.Label, Codes: texts(codes[in.Hexcode])}
		if len(in.Skins) >= SkinTones { // those of two people follow
			for _, skin := range in.Skins[:SkinTones] {
				e.tones = append(e.tones, skin.Unicode)
			}
		}
		for _, word := range slices.Concat(strings.Fields(e.Name), e.Codes, in.Tags) {
			e.words += " " + strings.ToLower(word)
		}
		groups[*in.Group].Emoji = append(groups[*in.Group].Emoji, e)
	}
	return slices.DeleteFunc(groups, func(g EmojiGroup) bool { return g.Name == "Components" }) // hair and skin alone
})

// mustParse parses embedded JSON.
func mustParse(data []byte, into any) {
	if err := json.Unmarshal(data, into); err != nil {
		panic(fmt.Sprintf("assets: the emoji: %v", err))
	}
}

// texts returns a string, or a list of them, as a list.
func texts(v any) (list []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			if text, ok := one.(string); ok {
				list = append(list, text)
			}
		}
	}
	return list
}

// FindEmoji returns up to most emoji that have a word beginning with each word of the query, those first that have a
// shortcode beginning with it, by the length of that: so an emoji is the first for its whole code. A query is a part of
// a name or of a shortcode, with or without colons.
func FindEmoji(query string, most int) (found []Emoji) {
	query = strings.ToLower(strings.Trim(strings.TrimSpace(query), ":"))
	words := strings.Fields(query)
	if len(words) == 0 || len(query) > 100 {
		return nil
	}
	type match struct {
		Emoji
		left int // letters of the code after the query
	}
	var matches []match
	var others []Emoji
	for _, g := range EmojiGroups() {
		for _, e := range g.Emoji {
			left := -1
			for _, code := range e.Codes {
				if rest, ok := strings.CutPrefix(code, query); ok && (left < 0 || len(rest) < left) {
					left = len(rest)
				}
			}
			switch {
			case left >= 0:
				matches = append(matches, match{e, left})
			case !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(e.words, " "+word) }):
				others = append(others, e)
			}
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int { return a.left - b.left })
	for _, m := range matches {
		found = append(found, m.Emoji)
	}
	found = append(found, others...)
	return found[:min(len(found), most)]
}

// EmojiOfCode returns the emoji of which this is a shortcode, without colons; "" if there is none.
func EmojiOfCode(code string) string { return emojiByCode()[code] }

var emojiByCode = sync.OnceValue(func() map[string]string {
	all := make(map[string]string)
	for _, g := range EmojiGroups() {
		for _, e := range g.Emoji {
			for _, code := range e.Codes {
				all[code] = e.Text
			}
		}
	}
	return all
})
