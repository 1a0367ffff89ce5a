package views

import (
	"strings"
	"testing"

	"chitchat/chat"
)

func TestWhoReacted(t *testing.T) {
	var people []chat.User
	for _, name := range strings.Split("Ada Bob Cleo Dan Eve Fay Gus Hal Ida Joe Kim Lea", " ") {
		people = append(people, chat.User{Name: name})
	}
	for n, want := range map[int]string{
		1: "Ada", 2: "Ada and Bob", 3: "Ada, Bob and Cleo", 10: "Ada, Bob, Cleo, Dan, Eve, Fay, Gus, Hal, Ida and Joe",
		11: "Ada, Bob, Cleo, Dan, Eve, Fay, Gus, Hal, Ida, Joe and 1 more",
		12: "Ada, Bob, Cleo, Dan, Eve, Fay, Gus, Hal, Ida, Joe and 2 more",
	} {
		if got := whoReacted(chat.Reaction{Emoji: "👍", Count: n, People: people[:n]}); got != want+" reacted with 👍" {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestReactionsInTheRow(t *testing.T) {
	m := message(5, "hi")
	plain := len(AppendRow(nil, m))
	m.Reactions = []chat.Reaction{{Emoji: "👍", Count: 2,
		People: []chat.User{{ID: 36, Name: "Ada"}, {ID: 37, Name: "<Bob>"}}}}
	const want = `<button name="toggle" value="👍" data-reaction="👍" data-count="2" data-by="10 11" ` +
		`aria-label="Ada and &lt;Bob&gt; reacted with 👍">👍 2</button></form></article>`
	row := string(AppendRow(nil, m))
	if !strings.Contains(row, want) || !strings.Contains(row, `/reactions">`) {
		t.Errorf("%s\nhas not %s", row, want)
	}
	m.Reactions[0].Emoji, m.Reactions[0].Picture = ":party:", 36
	const own = `value=":party:" data-reaction=":party:" data-count="2" data-by="10 11" aria-label="Ada and &lt;Bob&gt; ` +
		`reacted with :party:"><img class="emoji" src="/emoji/10" alt=":party:"> 2</button>`
	if row := string(AppendRow(nil, m)); !strings.Contains(row, own) {
		t.Errorf("%s\nhas not %s", row, own)
	}
	if one := len(row) - plain; one > 260 {
		t.Errorf("a reaction of two weighs %d bytes", one)
	}
}
