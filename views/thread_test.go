package views

import (
	"strings"
	"testing"

	"chitchat/chat"
)

// A thread that is open beside its channel follows the channel's new name.
func TestThreadFollowsItsChannelsName(t *testing.T) {
	p := chat.MessagePage{Channel: chat.Channel{Kind: chat.Private, Name: "Big <plans>", Slug: "plans"}}
	got := render(t, LiveFacts(p))
	for _, want := range []string{
		`<hx-partial hx-target="#pane .place" hx-swap="innerHTML">` + render(t, threadPlace(p.Channel)) + `</hx-partial>`,
		`<hx-partial hx-target="#pane .also span" hx-swap="innerHTML">Also send to #<bdi>Big &lt;plans&gt;</bdi>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
