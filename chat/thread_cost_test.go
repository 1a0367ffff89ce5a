package chat

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"chitchat/chat/costtest"
	"chitchat/chat/feed"
)

// countQueries returns options that count the queries of a program, and a function that returns their number while f
// runs.
func countQueries(path string) (Options, func(f func()) int) {
	var mu sync.Mutex
	var queries []string
	options := Options{Path: path, Trace: func(query string) {
		mu.Lock()
		defer mu.Unlock()
		queries = append(queries, query)
	}}
	return options, func(f func()) int {
		mu.Lock()
		before := len(queries)
		mu.Unlock()
		f()
		mu.Lock()
		defer mu.Unlock()
		return len(queries) - before
	}
}

// Opening a warm thread asks the database for no message and renders no row.
func TestWarmThreadCostsNothing(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "root")
	for i := range feed.RingSize + 20 {
		mustReply(t, c, ada, 1, fmt.Sprint("reply ", i+1))
	}
	mustShow(t, c)
	view := func() MessagePage {
		t.Helper()
		p, err := c.Messages.View(t.Context(), bob, "general-talk/1")
		must(t, err)
		return p
	}
	view()
	before := c.Stats()
	for range 10 {
		view()
	}
	if after := c.Stats(); after != before {
		t.Errorf("ten views of a warm thread cost %+v, from %+v", after, before)
	}
	_, err := c.Messages.Edit(t.Context(), ada, "general-talk/1", feed.RingSize+20, "edited")
	must(t, err)
	before = c.Stats()
	p := view()
	if last := string(p.Rows[len(p.Rows)-1].HTML); c.Stats() != before || !strings.Contains(last, "edited") {
		t.Errorf("after an edit the thread shows %q, and cost %+v, from %+v", last, c.Stats(), before)
	}
	_, err = c.Messages.Edit(t.Context(), ada, "general-talk", 1, "another root")
	must(t, err)
	view() // reads the root
	before = c.Stats()
	if root := string(view().Thread.RootRow.HTML); c.Stats() != before || !strings.Contains(root, "another root") {
		t.Errorf("the root is %q, and cost %+v, from %+v", root, c.Stats(), before)
	}
}

// A channel's page makes no more queries because its messages have threads, cold or warm. Only the profiles of those
// who replied are read if no page has shown them since the start: once, and all of a page's together.
func TestRootsCostNoQuery(t *testing.T) {
	path := tempPath(t)
	before := mustOpen(t, Options{Path: path})
	ada := mustSignIn(t, before, "Ada")
	repliers := make([]Actor, 9)
	for i := range repliers {
		repliers[i] = mustSignIn(t, before, fmt.Sprint("Replier ", i))
	}
	reader := mustSignIn(t, before, "Reader")
	for _, name := range []string{"Plain", "Deep"} {
		ch := mustChannel(t, before, ada, name, Public)
		for i := range feed.RingSize {
			_, _, err := before.Messages.Post(t.Context(), ada, ch.Slug, Draft{Body: fmt.Sprint(i)})
			must(t, err)
			for n := range maxRepliers * strings.Count(name, "Deep") {
				_, _, err := before.Messages.Post(t.Context(), repliers[(i+n)%len(repliers)], ch.Slug, Draft{Body: "reply",
					Thread: int64(i + 1)})
				must(t, err)
			}
		}
	}
	mustShow(t, before)
	must(t, before.Close())
	synctest.Test(t, func(t *testing.T) {
		options, count := countQueries(path)
		options.WarmChannels = 1 // what is left is cold again
		c := mustOpen(t, options)
		open := func(slug string) int {
			t.Helper()
			synctest.Wait() // for what the program does by itself
			return count(func() {
				p, err := c.Messages.Peek(t.Context(), reader, slug)
				must(t, err)
				if shown := strings.Contains(string(p.Rows[len(p.Rows)-1].HTML), "<3 Replier"); shown != (slug == "deep") {
					t.Errorf("%s shows %s", slug, p.Rows[99].HTML)
				}
			})
		}
		for range 2 { // the first time also reads what is kept longer than rows
			open("plain")
			open("deep")
		}
		plain, plainWarm := open("plain"), open("plain")
		deep, deepWarm := open("deep"), open("deep")
		if plain == 0 || deep > plain || deepWarm > plainWarm {
			t.Errorf("a page with threads makes %d queries cold and %d warm, one without %d and %d", deep, deepWarm, plain,
				plainWarm)
		}
		c.hub.profiles.mu.Lock()
		clear(c.hub.profiles.read)
		c.hub.profiles.mu.Unlock()
		open("plain")
		if first := open("deep"); first > plain+1 {
			t.Errorf("the first page with threads makes %d queries, one without %d", first, plain)
		}
	})
}

// mustFillThread begins the thread of a message with so many replies of the actor.
func mustFillThread(t *testing.T, c *Chat, a Actor, root int64, replies int) {
	t.Helper()
	mustReply(t, c, a, root, "first")
	mustExec(t, c, `INSERT INTO messages (channel_id, seq, rev, user_id, client_id, body, continued, files, created_at,
			edited_at, deleted_at, removed_by)
		SELECT m.channel_id, n.seq, n.seq, m.user_id, 'c' || n.seq, 'reply ' || n.seq, FALSE, 0, m.created_at, 0, 0, 0
		FROM (WITH RECURSIVE n(seq) AS (SELECT 2 UNION ALL SELECT seq + 1 FROM n WHERE seq < $1) SELECT seq FROM n) AS n,
		messages m JOIN threads t ON t.id = m.channel_id WHERE m.seq = 1 AND t.seq = $2`, replies, root)
	mustExec(t, c, `UPDATE threads SET last_seq = $1, last_rev = $1 WHERE seq = $2`, replies, root)
}

// A thread opens at the same cost however many replies it has, cold or warm, and so does a reply cost the same.
func TestLongThreadsOpenAsFast(t *testing.T) {
	path := tempPath(t)
	before := mustOpen(t, Options{Path: path})
	ada := mustSignIn(t, before, "Ada")
	const few, some, many = 1, 2, 3 // roots
	for root, replies := range map[int64]int{few: 10, some: feed.MaxChanges, many: 10_000} {
		for range 3 {
			mustPost(t, before, ada, "root")
		}
		mustFillThread(t, before, ada, root, replies)
	}
	mustShow(t, before)
	must(t, before.Close())
	options, count := countQueries(path)
	options.WarmChannels = 1 // what is left is cold again
	c := mustOpen(t, options)
	leave := func() { mustView(t, c, ada) }
	open := func(root int64) func() {
		return func() {
			p, err := c.Messages.View(t.Context(), ada, ThreadAddress("general-talk", root))
			must(t, err)
			if last := p.Rows[len(p.Rows)-1]; last.Seq != p.Channel.LastSeq {
				t.Errorf("the thread ends at %d of %d", last.Seq, p.Channel.LastSeq)
			}
		}
	}
	// A cold thread renders its newest rows and its newest changes: of 256 as many as of 10,000.
	cold, warm, rendered := make(map[int64]int), make(map[int64]int), make(map[int64]int64)
	for _, root := range []int64{few, some, many} {
		cold[root], warm[root], rendered[root] = math.MaxInt, math.MaxInt, math.MaxInt64
		for range 5 { // the least: what the program does by itself counts too
			open(root)() // reads what is kept longer than rows
			leave()
			from := c.Stats().RowsRendered
			cold[root] = min(cold[root], count(open(root)))
			rendered[root] = min(rendered[root], c.Stats().RowsRendered-from)
			warm[root] = min(warm[root], count(open(root)))
			leave()
		}
	}
	if cold[few] == 0 || cold[many] != cold[few] || warm[many] != warm[few] || rendered[many] != rendered[some] {
		t.Errorf("queries cold %v, warm %v; rows rendered %v", cold, warm, rendered)
	}
	const most = 4
	coldly := func(root int64) func() { return func() { leave(); open(root)() } }
	if ratio := costtest.Ratio(t, most, coldly(many), coldly(some)); ratio > most {
		t.Errorf("opening a cold thread of 10,000 replies costs %.1f times one of 256", ratio)
	}
	leave()
	open(many)()
	mostly := func(root int64) func() {
		return func() {
			for range 20 {
				open(root)()
			}
		}
	}
	if ratio := costtest.Ratio(t, most, mostly(many), mostly(some)); ratio > most {
		t.Errorf("opening a warm thread of 10,000 replies costs %.1f times one of 256", ratio)
	}
	post := func(root int64) func() {
		return func() {
			for range 10 {
				mustReply(t, c, ada, root, "another")
				mustShow(t, c)
			}
		}
	}
	if ratio := costtest.Ratio(t, most, post(many), post(some)); ratio > most {
		t.Errorf("a reply to 10,000 costs %.1f times one to 256", ratio)
	}
}
