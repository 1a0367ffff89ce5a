package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"chitchat/chat/search"
)

// The index never lies: while messages are posted, edited, deleted, answered, pinned, saved and reacted to, and the
// index follows at any moment, each search finds what reading all messages finds.
func TestSearchAgainstReading(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	people := []Actor{mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")}
	texts := []string{"one two", "Two three https://x.example", "東京都 one", "thrEE", "ones, twos", "@Bob one"}
	posted, roots := int64(0), []int64{}
	for range 25 {
		for range 12 {
			clock.advance(time.Second)
			if random.IntN(30) == 0 {
				clock.advance(9 * time.Hour)
			}
			a := people[random.IntN(2)]
			seq := 1 + random.Int64N(posted+1)
			text := texts[random.IntN(len(texts))]
			ctx := t.Context()
			switch random.IntN(9) { // what is refused, such as editing others' messages, changes nothing
			default:
				posted = mustPost(t, c, a, text).Seq
			case 0:
				_, _ = c.Messages.Edit(ctx, a, "general-talk", seq, text)
			case 1:
				_, _, _ = c.Messages.Delete(ctx, a, "general-talk", seq)
			case 2:
				if _, _, err := c.Messages.Post(ctx, a, "general-talk", Draft{Body: text, Thread: seq}); err == nil {
					roots = append(roots, seq)
				}
				mustShow(t, c)
			case 3:
				if c.Messages.Pin(ctx, a, "general-talk", seq) == nil {
					posted++ // the line
				}
			case 4:
				_ = c.Messages.Save(ctx, a, "general-talk", seq, false)
			case 5:
				_, _ = c.Messages.React(ctx, a, "general-talk", seq, "👍")
			}
		}
		must(t, c.db.QueryRowContext(t.Context(), `SELECT last_seq FROM channels`).Scan(&posted))
		switch random.IntN(4) {
		case 0:
			mustIndex(t, c)
		case 1:
			must(t, errOf(c.refreshBlock(t.Context())))
		}
		for range 6 {
			compareSearch(t, c, people[0], random, roots)
		}
	}
	clock.advance(time.Hour)
	for more := true; more; { // blocks are made anew until nothing is outdated
		var err error
		if more, err = c.indexStep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	blocks, err := selectBlocks(t.Context(), c.db)
	must(t, err)
	stale, err := selectStale(t.Context(), c.db, 0, blocks[0].last)
	if must(t, err); len(stale) > 0 {
		t.Errorf("%d outdated numbers are left in the index", len(stale))
	}
	for range 50 {
		compareSearch(t, c, people[0], random, roots)
	}
}

// compareSearch searches for something, and looks for it in all messages.
func compareSearch(t *testing.T, c *Chat, a Actor, random *rand.Rand, roots []int64) {
	t.Helper()
	terms := []string{"one", "two", "hree", "京都", "e", "-two", `"one two"`, `"s, t"`, "from:Bob", "-from:Bob", "has:link",
		"has:pin", "has:reaction", "has:thread", "is:thread", "is:edited", "is:saved", "-is:edited", "-e", "on:yesterday",
		"-on:yesterday", "-on:today", "-before:yesterday", "-after:yesterday"}
	var query []string
	for range 1 + random.IntN(2) {
		query = append(query, terms[random.IntN(len(terms))])
	}
	text := strings.Join(query, " ")
	var got []string
	for page := 0; ; page++ {
		p, err := c.Messages.Search(t.Context(), a, SearchQuery{Text: text, Page: page})
		must(t, err)
		for _, m := range p.Messages {
			got = append(got, fmt.Sprint(m.Thread.Root, ":", m.Row.Seq))
		}
		if !p.More() {
			if p.Total != len(got) {
				t.Errorf("%s: %d counted, %d shown", text, p.Total, len(got))
			}
			break
		}
	}
	want := readAll(t, c, a, query, roots)
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Fatalf("%s finds %v, want %v", text, got, want)
	}
}

// readAll returns the messages that match all terms, by reading them.
func readAll(t *testing.T, c *Chat, a Actor, terms []string, roots []int64) (found []string) {
	t.Helper()
	saved, err := c.Messages.Saved(t.Context(), a, false, 0)
	must(t, err)
	pinned, err := c.Messages.Pins(t.Context(), a, "general-talk", 0)
	must(t, err)
	general := c.hub.channels.bySlug("general-talk")
	feeds := []*cachedChannel{general}
	const hours = 24 * time.Hour
	day := func(m *Message) int { // 0: today
		return int(m.CreatedAt.UTC().Truncate(hours).Sub(c.now().UTC().Truncate(hours)) / hours)
	}
	slices.Sort(roots)
	for _, root := range slices.Compact(slices.Clone(roots)) {
		in, err := c.authorizeFeed(t.Context(), a, ThreadAddress("general-talk", root))
		if err == nil && in.ID != 0 {
			feeds = append(feeds, in)
		}
	}
	for _, feed := range feeds {
		list, err := messages(t.Context(), c.db, feed, messagesAfter, 0, 1000)
		must(t, err)
		for i := range list {
			m := &list[i]
			if m.Deleted() || m.Pins != 0 {
				continue
			}
			is := map[string]bool{
				"from:Bob": m.Author.Name == "Bob", "has:link": strings.Contains(m.Body, "://"), "is:edited": m.Edited(),
				"has:reaction": len(m.Reactions) > 0, "has:thread": m.Replies.Count > 0, "is:thread": feed != general,
				"is:saved": slices.ContainsFunc(saved.Messages, func(s SavedMessage) bool {
					return s.Row.Seq == m.Seq && s.Thread.Root == feed.root
				}),
				"on:today": day(m) == 0, "on:yesterday": day(m) == -1, "before:yesterday": day(m) < -1,
				"after:yesterday": day(m) > -1,
				"has:pin": feed == general && slices.ContainsFunc(pinned.Pins,
					func(p Pin) bool { return p.Row.Seq == m.Seq }),
			}
			matches := func(term string) bool {
				positive := strings.TrimPrefix(term, "-")
				holds, filter := is[positive]
				if !filter {
					holds = strings.Contains(search.Fold(m.Body), search.Fold(strings.Trim(positive, `"`)))
				}
				return holds == (positive == term)
			}
			if !slices.ContainsFunc(terms, func(term string) bool { return !matches(term) }) {
				found = append(found, fmt.Sprint(feed.root, ":", m.Seq))
			}
		}
	}
	return found
}
