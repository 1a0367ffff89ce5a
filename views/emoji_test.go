package views

import (
	"strings"
	"testing"

	"chitchat/assets"
	"chitchat/chat"
)

// The skin tone of the last emoji that can have one stays, and recent ones come first under their names.
func TestEmojiPicker(t *testing.T) {
	for recent, want := range map[string]int{"": 0, "🚀": 0, "👍": 0, "👍🏽": 3,
		"🚀 👍🏿 👍🏽": 5, "✌🏻": 1, "👍 👍🏽": 0, ":own:": 0} {
		if got := EmojiTone(strings.Fields(recent)); got != want {
			t.Errorf("after %q the tone is %d, want %d", recent, got, want)
		}
	}
	page := render(t, EmojiFragment(EmojiPicker{For: "/c/a/1", Group: 1, Tone: 3, Recent: []string{"❤️", ":own:"}}))
	for _, want := range []string{`action="/c/a/1/reactions"`, `value="❤️" aria-label="red heart" title=":heart:"`,
		`value=":own:" aria-label=":own:"`, `value="👍🏽" aria-label="thumbs up" title=":+1:"`} {
		if !strings.Contains(page, want) {
			t.Errorf("it has no %s", want)
		}
	}
	party := chat.CustomEmoji{ID: 36, Name: "party"}
	const own = `value=":party:" aria-label="party" title=":party:"><img class="emoji" src="/emoji/10" ` +
		`alt="" loading="lazy">`
	for _, p := range []EmojiPicker{{Group: len(assets.EmojiGroups())}, {Recent: []string{":party:"}},
		{Query: "par", Found: []chat.CustomEmoji{party}}} {
		p.Custom = []chat.CustomEmoji{party}
		if page := render(t, EmojiFragment(p)); !strings.Contains(page, own) || !strings.Contains(page, `title="Custom"`) {
			t.Errorf("%+v has no %s\n%s", p, own, page)
		}
	}
	if page := render(t, EmojiFragment(EmojiPicker{Group: len(assets.EmojiGroups())})); strings.Contains(page, "Custom") ||
		!strings.Contains(page, `<button name="emoji"`) {
		t.Error("without custom emoji their group is offered, or no other one is shown")
	}
	// every emoji that the picker offers is one that a message takes
	for text := range emojiByText() {
		if _, ok := chat.CanonicalEmoji(text); !ok {
			t.Errorf("%q is offered, and is no emoji", text)
		}
	}
}
