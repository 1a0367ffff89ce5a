package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// mustSearch returns what a search finds, newest first, as the channels' slugs and seqs.
func mustSearch(t testing.TB, c *Chat, a Actor, query string) (found []string) {
	t.Helper()
	p, err := c.Messages.Search(t.Context(), a, SearchQuery{Text: query})
	must(t, err)
	if len(p.Messages) != min(p.Total, SearchPageSize) || p.AtLeast {
		t.Errorf("%s: %d messages on a page of %d", query, len(p.Messages), p.Total)
	}
	for _, m := range p.Messages {
		address := m.Channel.Slug
		if m.Thread.Root != 0 {
			address = ThreadAddress(address, m.Thread.Root)
		}
		found = append(found, fmt.Sprint(address, ":", m.Row.Seq))
	}
	return found
}

// wantFound tests what searches find of General Talk, by query: seqs, newest first, before and after all is indexed.
func wantFound(t *testing.T, c *Chat, a Actor, want map[string]string) {
	t.Helper()
	for range 2 {
		for query, seqs := range want {
			got := strings.ReplaceAll(strings.Join(mustSearch(t, c, a, query), " "), "general-talk:", "")
			if got != seqs {
				t.Errorf("%s finds %q, want %q", query, got, seqs)
			}
		}
		mustIndex(t, c)
	}
}

// mustIndex indexes all messages, few as they are.
func mustIndex(t testing.TB, c *Chat) {
	t.Helper()
	blocks, err := selectBlocks(t.Context(), c.db)
	must(t, err)
	newest, err := newestNumber(t.Context(), c.db)
	must(t, err)
	indexed := int64(0)
	if len(blocks) > 0 {
		indexed = blocks[0].last
	}
	if newest > indexed {
		must(t, c.indexRange(t.Context(), indexed+1, newest))
	}
}

func TestSearch(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	if found := mustSearch(t, c, ada, "nothing is here"); found != nil {
		t.Error(found)
	}
	say := func(a Actor, body string) {
		clock.advance(time.Minute)
		mustPost(t, c, a, body)
	}
	say(ada, "see renderRow() in views")                  // 1
	say(bob, "東京都に行く, @Ada")                              // 2
	say(ada, "Crème brûlée https://example.org/a")        // 3
	say(bob, "a phrase of words")                         // 4
	say(bob, "words of a phrase, from the other channel") // 5
	say(ada, "@channel lunch")                            // 6
	must(t, errOf(c.Messages.Edit(t.Context(), ada, "general-talk", 6, "@channel dinner")))
	mustReact(t, c, bob, 4, "👍")
	must(t, c.Messages.Pin(t.Context(), ada, "general-talk", 1)) // the line is 7
	must(t, c.Messages.Save(t.Context(), bob, "general-talk", 3, false))
	clock.advance(time.Minute)
	mustReply(t, c, bob, 4, "a reply with renderRows")
	mustShow(t, c)
	wantFound(t, c, bob, map[string]string{
		"renderR": "general-talk/4:1 1", "京都": "2", "都": "2", "東京都": "2", "creme BRULEE": "3", `"a phrase of"`: "4",
		"a phrase": "5 4", "words -other": "4", "from:Ada": "6 3 1", "from:me words": "5 4",
		"from:ada from:bob in:general-talk words": "5 4",
		"-from:ada": "general-talk/4:1 5 4 2", "to:me": "6", "has:link": "3", "has:reaction": "4", "has:pin": "1",
		"has:thread": "4", "is:thread": "general-talk/4:1", "is:saved": "3", "is:edited": "6", "dinner": "6", "lunch": "",
		"has:file": "", "qx": "", "has:links": "3", `in:"general talk" dinner`: "6", "in:#general-talk dinner": "6",
		"pinned": "", "channel": "6 5", "-has:pin views": "", "words words": "5 4", "from:a dinner": "6",
	})
	wantFound(t, c, ada, map[string]string{"to:me": "6 2", "is:saved": "", "from:bo lunch": "", "from:bo 東": "2"})
}

// A formatted message is found by what is typed, and by what is shown.
func TestSearchFormatted(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "the **tam**arind is *not* `ripe`ned")
	mustPost(t, c, ada, "a * b and **c** & d")
	mustPost(t, c, ada, "one\ntwo **three**")
	wantFound(t, c, ada, map[string]string{
		"tamarind": "1", "**tam**": "1", `"is not ripened"`: "1", "tamarind -amari": "", `"b and c & d"`: "2",
		"**c**": "2", "strong": "", "amp": "", `"two three"`: "3", `"one two"`: "3", "ab": "",
	})
}

// errOf returns the error of a call with a result.
func errOf[T any](_ T, err error) error { return err }

// What a query does not understand finds nothing, and says why; what is asked for is said too.
func TestSearchTerms(t *testing.T) {
	c := mustOpen(t, Options{Now: func() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }})
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "hello")
	for query, want := range map[string]string{
		"from:nobody hello": "“nobody”", "in:nowhere hello": "“nowhere”", "has:x hello": "has:x", "is:x": "is:x",
		"on:never hello": "no date", "-on:never hello": "no date", "to:ada": "to:me",
	} {
		p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: query})
		must(t, err)
		problem := ""
		for _, term := range p.Terms {
			problem += term.Problem
		}
		if !strings.Contains(problem, want) || p.Total != 0 && !strings.HasPrefix(query, "-") {
			t.Errorf("%s: %d found, %q", query, p.Total, problem)
		}
	}
	p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: "from:me in:general-talk during:november has:link"})
	must(t, err)
	var meanings []string
	for _, term := range p.Terms {
		meanings = append(meanings, term.Meaning)
	}
	if got := strings.Join(meanings,
		"; "); got != "from you; in #General Talk; from 1 November 2026 to 30 November 2026; "+
		"has a link" {
		t.Error(got)
	}
	if p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: "  "}); err != nil || p.Asked() || p.Total != 0 {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := c.Messages.Search(t.Context(), Actor{}, SearchQuery{Text: "hello"}); err == nil {
		t.Error("who is signed out can search")
	}
}

// Days begin where the reader is.
func TestSearchDays(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada := mustSignIn(t, c, "Ada")
	at := clock.now()
	mustPost(t, c, ada, "hello")
	for offset := -12; offset <= 12; offset += 6 {
		zone := time.FixedZone("", offset*3600)
		for date, want := range map[string]int{
			at.In(zone).Format("on:2006-01-02"): 1, at.In(zone).AddDate(0, 0, 1).Format("before:2006-01-02"): 1,
			at.In(zone).AddDate(0, 0, -1).Format("after:2006-01-02"): 1, at.In(zone).Format("before:2006-01-02"): 0,
			at.In(zone).Format("after:2006-01-02"): 0, at.In(zone).Format("during:January-2006"): 0, "on:today": 1,
			"before:today": 0,
		} {
			if strings.HasPrefix(date, "during") {
				continue
			}
			for text, want := range map[string]int{date: want, "-" + date: 1 - want} { // there is one message
				p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: text, Zone: zone})
				if must(t, err); p.Total != want {
					t.Errorf("%s, %d hours east: %d", text, offset, p.Total)
				}
			}
		}
	}
}

// What the actor does not see is not found, not counted, and cannot be named.
func TestSearchFindsOnlyWhatOneSees(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	guest := setRole(t, c, mustSignIn(t, c, "Guest"), RoleGuest)
	den, err := c.Channels.Create(t.Context(), ada, "Den", Private)
	must(t, err)
	open, err := c.Channels.Create(t.Context(), ada, "Open", Public)
	must(t, err)
	direct := mustDirect(t, c, ada, bob)
	for _, slug := range []string{den.Slug, open.Slug, direct.Slug} {
		must(t, errOf2(c.Messages.Post(t.Context(), ada, slug, Draft{Body: "tamarind"})))
		must(t, errOf2(c.Messages.Post(t.Context(), ada, slug, Draft{Body: "a reply with tamarind", Thread: 1})))
	}
	want := func(a Actor, query string, want ...string) {
		t.Helper()
		got := mustSearch(t, c, a, query)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	both := func(slug string) []string { return []string{slug + ":1", slug + "/1:1"} }
	for range 2 {
		want(ada, "tamarind", slices.Concat(both(den.Slug), both(open.Slug), both(direct.Slug))...)
		want(ada, "tamarind in:den", both(den.Slug)...)
		want(bob, "tamarind", slices.Concat(both(open.Slug), both(direct.Slug))...)
		want(bob, "tamarind to:me", both(direct.Slug)...)
		want(bob, "tamarind in:ada", both(direct.Slug)...)
		want(bob, "in:den")
		want(guest, "tamarind")
		want(guest, "-xyz")
		mustIndex(t, c)
	}
	for _, query := range []string{"in:den", "in:open"} {
		p, err := c.Messages.Search(t.Context(), guest, SearchQuery{Text: query})
		none, err2 := c.Messages.Search(t.Context(), guest, SearchQuery{Text: "in:no" + query[3:]})
		must(t, err)
		must(t, err2)
		if strings.ReplaceAll(none.Terms[0].Problem, "no"+query[3:], query[3:]) != p.Terms[0].Problem {
			t.Errorf("a guest can tell that there is a channel: %q, %q", p.Terms[0].Problem, none.Terms[0].Problem)
		}
	}
	must(t, errOf(c.Channels.AddMember(t.Context(), ada, den.Slug, "Bob")))
	want(bob, "tamarind in:den", both(den.Slug)...)
	must(t, c.Channels.RemoveMember(t.Context(), ada, den.Slug, bob.ID))
	want(bob, "tamarind in:den")
	want(bob, "tamarind", slices.Concat(both(open.Slug), both(direct.Slug))...)
}

func errOf2[T, U any](_ T, _ U, err error) error { return err }

// A page has twenty, and the next one goes on.
func TestSearchPages(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for i := range 45 {
		mustPost(t, c, ada, fmt.Sprint("a word ", i))
	}
	var seqs []int64
	for _, query := range []string{"word", `"a word"`} {
		seqs = nil
		for page := 0; ; page++ {
			p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: query, Page: page})
			must(t, err)
			for _, m := range p.Messages {
				seqs = append(seqs, m.Row.Seq)
			}
			if p.Total != 45 || !p.More() {
				break
			}
		}
		if len(seqs) != 45 || seqs[0] != 45 || seqs[44] != 1 || !slices.IsSortedFunc(seqs, func(a,
			b int64) int {
			return int(b - a)
		}) {
			t.Error(query, seqs)
		}
	}
	if p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: "word", Page: 1 << 40}); err != nil ||
		len(p.Messages) > 0 {
		t.Error(p, err)
	}
}
