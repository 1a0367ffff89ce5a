package chat

import (
	"fmt"
	"strings"
	"testing"
)

// seqs returns the seqs of a page's rows, for comparisons.
func seqs(rows []Row) string {
	if len(rows) == 0 {
		return "none"
	}
	for i, row := range rows {
		if row.Seq != rows[0].Seq+int64(i) {
			return fmt.Sprintf("broken at %d", row.Seq)
		}
	}
	return fmt.Sprintf("%d-%d", rows[0].Seq, rows[len(rows)-1].Seq)
}

func TestPages(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	if p := mustView(t, c, ada); len(p.Rows) != 0 || p.Older || p.Newer || p.Epoch == "" {
		t.Errorf("an empty channel: %+v", p)
	}
	for i := range 230 {
		mustPost(t, c, ada, fmt.Sprint(i+1))
	}
	check := func(what string, p MessagePage, err error, want string, older, newer bool) {
		t.Helper()
		if err != nil || seqs(p.Rows) != want || p.Older != older || p.Newer != newer {
			t.Errorf("%s: %s older=%v newer=%v, %v; want %s %v %v", what, seqs(p.Rows), p.Older, p.Newer, err, want, older,
				newer)
		}
	}
	get := func(f func(seq int64) (MessagePage, error), seq int64) (MessagePage, error) { return f(seq) }
	before := func(seq int64) (MessagePage, error) { return c.Messages.Before(t.Context(), ada, "general-talk", seq) }
	after := func(seq int64) (MessagePage, error) { return c.Messages.After(t.Context(), ada, "general-talk", seq) }
	around := func(seq int64) (MessagePage, error) { return c.Messages.Around(t.Context(), ada, "general-talk", seq) }

	check("newest", mustView(t, c, ada), nil, "131-230", true, false)
	for _, step := range []struct {
		what         string
		f            func(int64) (MessagePage, error)
		seq          int64
		want         string
		older, newer bool
	}{
		{"before", before, 131, "81-130", true, true}, {"before the start", before, 31, "1-30", false, true},
		{"before all", before, 1, "none", false, true}, {"before a future", before, 1 << 40, "181-230", true, false},
		{"after", after, 100, "101-150", true, true}, {"after the end", after, 200, "201-230", true, false},
		{"after all", after, 230, "none", true, false}, {"after nothing", after, 0, "1-50", false, true},
		{"around", around, 100, "75-125", true, true}, {"around the first", around, 1, "1-26", false, true},
		{"around the last", around, 230, "205-230", true, false},
	} {
		p, err := get(step.f, step.seq)
		check(step.what, p, err, step.want, step.older, step.newer)
	}
	for _, seq := range []int64{0, -1, 231, 1 << 62} {
		_, err := around(seq)
		wantCode(t, err, CodeNotFound)
	}
	_, err := c.Messages.Before(t.Context(), ada, "nowhere", 1)
	wantCode(t, err, CodeNotFound)
}

func TestWarmChannelCostsNothing(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for i := range 150 {
		mustPost(t, c, ada, fmt.Sprint(i))
	}
	first := mustView(t, c, ada)
	mustPost(t, c, ada, "live")
	before := c.Stats()
	var page MessagePage
	for range 10 {
		page = mustView(t, c, ada)
	}
	if after := c.Stats(); after != before {
		t.Errorf("ten views of a warm channel cost %+v, from %+v", after, before)
	}
	if seqs(first.Rows) != "51-150" || seqs(page.Rows) != "52-151" ||
		!strings.Contains(string(page.Rows[99].HTML), "live") {
		t.Errorf("the ring holds %s, then %s", seqs(first.Rows), seqs(page.Rows))
	}
	if _, err := c.Messages.Edit(t.Context(), ada, "general-talk", 151, "edited"); err != nil {
		t.Fatal(err)
	}
	before = c.Stats()
	page = mustView(t, c, ada)
	if c.Stats() != before || !strings.Contains(string(page.Rows[99].HTML), "edited") || page.Channel.LastRev != 152 {
		t.Errorf("after an edit the ring shows %q at rev %d", page.Rows[99].HTML, page.Channel.LastRev)
	}
}

func TestWarmChannelsAreBounded(t *testing.T) {
	c := mustOpen(t, Options{WarmChannels: 3})
	ada := mustSignIn(t, c, "Ada")
	held := mustListen(t, c, ada, Cursor{})
	for i := range 8 {
		ch, err := c.Channels.Create(t.Context(), ada, fmt.Sprintf("c%d", i), Public)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Messages.View(t.Context(), ada, ch.Slug); err != nil {
			t.Fatal(err)
		}
	}
	c.hub.mu.Lock()
	rooms, general := len(c.hub.rooms), c.hub.rooms[c.general(t).ID] != nil
	c.hub.mu.Unlock()
	if rooms > 3 || !general {
		t.Errorf("%d rooms are warm; the one with a listener among them: %v", rooms, general)
	}
	mustPost(t, c, ada, "still heard")
	takeUntil(t, held, func(b Update) bool { return len(b.Rows) == 1 })
}

func TestOpeningAColdChannelAtOnceReadsItOnce(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ada := mustSignIn(t, c, "Ada")
	for i := range 50 {
		mustPost(t, c, ada, fmt.Sprint(i))
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = mustOpen(t, Options{Path: path})
	errs := make(chan error)
	for range 50 {
		go func() {
			p, err := c.Messages.Peek(t.Context(), ada, "general-talk")
			if err == nil && seqs(p.Rows) != "1-50" {
				err = fmt.Errorf("rows %s", seqs(p.Rows))
			}
			errs <- err
		}()
	}
	for range 50 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if s := c.Stats(); s.MessageQueries != 2 || s.RowsRendered != 50 {
		t.Errorf("fifty readers cost %+v", s)
	}
}
