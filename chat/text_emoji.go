package chat

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/rangetable"
)

//go:embed emoji.txt
var emojiText string

// emojiTables are two properties of Unicode (UTS #51): characters that can be emoji, and those that are by default.
type emojiTables struct{ emoji, presentation *unicode.RangeTable }

var emojis = sync.OnceValue(func() emojiTables {
	runes := make(map[string][]rune)
	for line := range strings.Lines(emojiText) {
		if fields := strings.Fields(line); fields[0] != "#" {
			for r := mustRune(fields[1]); r <= mustRune(fields[2]); r++ {
				runes[fields[0]] = append(runes[fields[0]], r)
			}
		}
	}
	return emojiTables{emoji: rangetable.New(runes["Emoji"]...),
		presentation: rangetable.New(runes["Emoji_Presentation"]...)}
})

// MaxBigEmoji is the maximum number of emoji in a message that is shown larger.
const MaxBigEmoji = 6

// BigEmoji reports whether a text is one to MaxBigEmoji emoji and nothing else. Signs that are text by default, such as
// ☎ and ©, are emoji only with the selector U+FE0F, as emoji keyboards send them.
func BigEmoji(text string) bool {
	if len(text) > MaxBigEmoji*maxEmojiBytes {
		return false
	}
	n := 0
	for rest, state := text, -1; rest != ""; {
		var cluster string
		if cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state); strings.TrimSpace(cluster) == "" {
			continue
		}
		if n++; n > MaxBigEmoji || !isEmoji(cluster, false) {
			return false
		}
	}
	return n > 0
}

// maxEmojiBytes is larger than the longest emoji: two people of all skin tones who kiss have 35.
const maxEmojiBytes = 64

// oneEmoji reports whether a text is a single emoji, or a sign that can be one.
func oneEmoji(text string) bool {
	if text == "" || len(text) > maxEmojiBytes {
		return false
	}
	cluster, rest, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	return rest == "" && isEmoji(cluster, true)
}

const (
	textSelector  = 0xFE0E
	emojiSelector = 0xFE0F
	keycap        = 0x20E3
	blackFlag     = 0x1F3F4 // tags after it make it a region's
)

// isEmoji reports whether a grapheme cluster is an emoji; with plain also a character that is text by default. Source:
// emoji sequences of UTS #51, 1.4.
func isEmoji(cluster string, plain bool) bool {
	runes := []rune(cluster)
	first, rest := runes[0], runes[1:]
	table := emojis()
	switch {
	case regional(first):
		return len(rest) == 1 && regional(rest[0])
	case first < unicode.MaxASCII: // digits are emoji only as keycaps
		return strings.ContainsRune("0123456789#*", first) && (len(rest) == 1 && rest[0] == keycap || len(rest) == 2 &&
			rest[0] == emojiSelector && rest[1] == keycap)
	case !unicode.Is(table.emoji, first):
		return false
	}
	shown := plain || unicode.Is(table.presentation, first)
	joined := false // the next character is joined to the previous one
	for i, r := range rest {
		switch {
		case joined:
			if joined = false; !unicode.Is(table.emoji, r) || r < unicode.MaxASCII {
				return false
			}
		case r == emojiSelector, skin(r):
			shown = true
		case r == joinerRune:
			joined, shown = true, true
		case r == textSelector:
			return plain && i == len(rest)-1
		case tag(r) && first == blackFlag:
		default:
			return false
		}
	}
	return shown && !joined
}

// wholeEmoji reports whether a grapheme cluster is an emoji that is drawn as one, or a character that can be one. Tags
// are accepted only in flags that fonts have: others are invisible.
func wholeEmoji(cluster string) bool {
	return len(cluster) <= maxEmojiBytes && isEmoji(cluster, true) && (!strings.ContainsFunc(cluster, tag) ||
		slices.Contains(taggedFlags, cluster))
}

// CanonicalEmoji returns the one form of an emoji that counts as a kind of reaction: with the selector U+FE0F exactly
// where UTS #51 wants it (a fully-qualified emoji), so that ❤ and ❤️ are one. Skin tones differ. ok is false unless the
// text is one whole emoji.
func CanonicalEmoji(text string) (emoji string, ok bool) {
	if !oneEmoji(text) || !wholeEmoji(text) {
		return "", false
	}
	runes := slices.DeleteFunc([]rune(text), func(r rune) bool { return r == emojiSelector || r == textSelector })
	table := emojis()
	var b strings.Builder
	for i, r := range runes {
		b.WriteRune(r)
		toned := i+1 < len(runes) && skin(runes[i+1])
		if unicode.Is(table.emoji, r) && !unicode.Is(table.presentation, r) && !toned {
			b.WriteRune(emojiSelector)
		}
	}
	return b.String(), true
}

// taggedFlags are the flags of England, Scotland and Wales. Source: RGI_Emoji_Tag_Sequence of UTS #51.
var taggedFlags = []string{
	"\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
	"\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F",
	"\U0001F3F4\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F",
}

// mapEmoji replaces each whole emoji of a text by the result of emoji, and each other grapheme cluster, at its position
// in the text, by the result of other.
func mapEmoji(text string, emoji func(cluster string) string, other func(at int, cluster string) string) string {
	var b strings.Builder
	for rest, state := text, -1; rest != ""; {
		at := len(text) - len(rest)
		var cluster string
		if cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state); wholeEmoji(cluster) {
			b.WriteString(emoji(cluster))
		} else {
			b.WriteString(other(at, cluster))
		}
	}
	return b.String()
}

func sameEmoji(cluster string) string { return cluster }

// withoutStraySelectors removes emoji selectors that are part of no emoji: some keyboards send them unasked.
func withoutStraySelectors(text string) string {
	const stray = string(rune(emojiSelector))
	if !strings.Contains(text, stray) {
		return text
	}
	return mapEmoji(text, sameEmoji, func(_ int, cluster string) string { return strings.ReplaceAll(cluster, stray, "") })
}

// emojiAsSigns replaces each emoji by a single character, whatever it is made of.
func emojiAsSigns(text string) string {
	if ascii(text) {
		return text
	}
	return mapEmoji(text, func(string) string { return "☺" }, func(_ int, cluster string) string { return cluster })
}

const joinerRune = 0x200D

func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
func skin(r rune) bool     { return r >= 0x1F3FB && r <= 0x1F3FF }
func tag(r rune) bool      { return r >= 0xE0020 && r <= 0xE007F }
