package views

import (
	"fmt"
	"regexp"
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
		`aria-label="👍 2: Ada and &lt;Bob&gt; reacted">👍 2</button></form></article>`
	row := string(AppendRow(nil, m))
	if !strings.Contains(row, want) || !strings.Contains(row, `/reactions">`) {
		t.Errorf("%s\nhas not %s", row, want)
	}
	m.Reactions[0].Emoji, m.Reactions[0].Picture = ":party:", 36
	const own = `value=":party:" data-reaction=":party:" data-count="2" data-by="10 11" aria-label=":party: 2: Ada and ` +
		`&lt;Bob&gt; reacted"><img class="emoji" src="/emoji/10" alt=":party:"> 2</button>`
	if row := string(AppendRow(nil, m)); !strings.Contains(row, own) {
		t.Errorf("%s\nhas not %s", row, own)
	}
	if one := len(row) - plain; one > 260 {
		t.Errorf("a reaction of two weighs %d bytes", one)
	}
}

// Readers find their own reactions by the IDs in the row, of which a row has so many at most.
func TestReactionsAreMarkedForMany(t *testing.T) {
	ids := regexp.MustCompile(`data-by="([^"]*)"`)
	listed := func(kinds, people int) (sum int) {
		m := message(5, "hi")
		for k := range kinds {
			r := chat.Reaction{Emoji: fmt.Sprint("emoji", k), Count: people}
			for p := range people {
				r.People = append(r.People, chat.User{ID: chat.ID(p + 1), Name: "Ada"})
			}
			m.Reactions = append(m.Reactions, r)
		}
		for _, by := range ids.FindAllStringSubmatch(string(AppendRow(nil, m)), -1) {
			sum += len(strings.Fields(by[1]))
		}
		return sum
	}
	for kinds, people := range map[int]int{1: 100, 4: 100, 13: 30} {
		if n := listed(kinds, people); n != kinds*people {
			t.Errorf("%d kinds of %d people: %d are listed", kinds, people, n)
		}
	}
	if n := listed(50, 100); n != maxReactionIDs {
		t.Errorf("the most reactions list %d people", n)
	}
}
