package chat

import (
	"container/list"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// counts records the updates of unread counts of other channels that pages get, for a while, in a bubble.
func counts(t *testing.T, pages []*fakeSubscriber, until func(map[ID]int64, int) bool) []map[ID]int64 {
	t.Helper()
	shown := make([]map[ID]int64, len(pages))
	deadline := time.Now().Add(10 * time.Second)
	for i, p := range pages {
		shown[i] = make(map[ID]int64)
		for !until(shown[i], i) {
			select {
			case <-p.Ready():
			case <-time.After(time.Until(deadline)):
				t.Fatalf("page %d shows %v", i, shown[i])
			}
			b, err := p.Take(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range b.Channels {
				shown[i][l.ID] = l.Unread()
			}
			for _, n := range b.Unread {
				shown[i][n.Channel] = n.Unread
			}
		}
	}
	return shown
}

// Every page, of more than one step of a lap, ends with the right counts: of a channel that becomes unread, of one that
// is unread and grows, of its own, and of a direct conversation; and then no timer runs.
func TestEveryPageCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		side, err := c.Channels.Create(t.Context(), ada, "Side", Public)
		if err != nil {
			t.Fatal(err)
		}
		pages := make([]*fakeSubscriber, 3*unreadBunch)
		var bob Actor
		for i := range pages {
			bob = mustSignIn(t, c, fmt.Sprint("Bob ", i))
			pages[i] = mustListen(t, c, bob, Cursor{})
		}
		general := c.general(t).ID
		counts(t, pages, func(shown map[ID]int64, _ int) bool { _, listed := shown[side.ID]; return listed })
		post := func(slug string, times int) {
			for range times {
				if _, _, err := c.Messages.Post(t.Context(), ada, slug, Draft{Body: "x"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		post(side.Slug, 1)
		counts(t, pages, func(shown map[ID]int64, _ int) bool { return shown[side.ID] == 1 })
		post(side.Slug, 4)
		post("general-talk", 2)
		counts(t, pages, func(shown map[ID]int64, _ int) bool { return shown[side.ID] == 5 && shown[general] == 2 })

		with, err := c.Channels.CreateDirect(t.Context(), ada, []ID{bob.ID})
		if err != nil {
			t.Fatal(err)
		}
		post(with.Slug, 1)
		last := len(pages) - 1
		counts(t, pages[last:], func(shown map[ID]int64, _ int) bool { return shown[with.ID] == 1 })

		pages[0].Close() // closing one in the middle of a lap skips no other
		post(side.Slug, 1)
		for _, p := range pages[1:unreadBunch] {
			p.Close()
		}
		counts(t, pages[unreadBunch:], func(shown map[ID]int64, _ int) bool { return shown[side.ID] == 6 })

		waitFor(t, func() bool { // else pages are looked at although nothing has grown
			c.hub.mu.Lock()
			defer c.hub.mu.Unlock()
			return !c.hub.growth.walking
		})
	})
}

// A lap takes longer the more pages are open and channels grow: the cost of counting a second stays the same.
func TestLapsLengthen(t *testing.T) {
	g := growth{clock: 3, lap: 2, before: 1, recent: list.New(), pages: make([]*Subscription, 1000)}
	for _, grown := range []uint64{1, 2, 3} {
		g.recent.PushFront(&cachedChannel{grown: grown})
	}
	g.pace()
	if want := 1000 * (unreadPause + 2*unreadEntry); g.spread != want {
		t.Errorf("a lap of 1000 pages after two channels have grown takes %v, want %v", g.spread, want)
	}
	g.before = 3
	g.pace()
	if want := 1000 * unreadPause; g.spread != want {
		t.Errorf("a lap of 1000 pages when none has grown takes %v, want %v", g.spread, want)
	}
}

// A page that shows a channel as unread gets updates of its growth less often than one that does not.
func TestGrowthWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		side, err := c.Channels.Create(t.Context(), ada, "Side", Public)
		if err != nil {
			t.Fatal(err)
		}
		p := mustListen(t, c, bob, Cursor{})
		takeUntil(t, p, func(b Update) bool { return b.Channels != nil })
		l, h := p.Subscription, c.hub
		look := func(now time.Time) (woken bool) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.look(l, now, time.Minute)
			l.mu.Lock()
			defer l.mu.Unlock()
			woken = l.grown
			l.grown = false
			return woken
		}
		grow := func(slug string) {
			t.Helper()
			if _, _, err := c.Messages.Post(t.Context(), ada, slug, Draft{Body: "x"}); err != nil {
				t.Fatal(err)
			}
		}
		h.mu.Lock()
		h.growth.walking = true // the test calls look itself
		h.mu.Unlock()
		now := time.Now()
		if look(now) {
			t.Error("woken when nothing had grown")
		}
		grow(side.Slug)
		if !look(now) {
			t.Error("not woken by the first unread message")
		}
		told := func() {
			h.mu.Lock()
			clock := h.growth.clock
			h.mu.Unlock()
			l.shows(&Update{Unread: []Count{{Unread: 1, index: h.channels.bySlug(side.Slug).index}}}, clock)
		}
		told()
		grow(side.Slug)
		if look(now) || look(now.Add(59*time.Second)) {
			t.Error("woken at once by the second one")
		}
		if !look(now.Add(time.Minute)) {
			t.Error("not woken by the second one in time")
		}
		told()
		grow("general-talk")
		later := now.Add(time.Hour)
		if look(later) {
			t.Error("woken at once by what is said in the page's own channel")
		}
		if err := c.Channels.MarkRead(t.Context(), bob, "general-talk", 1); err != nil {
			t.Fatal(err)
		}
		look(later)
		grow("general-talk")
		if look(later.Add(time.Hour)) {
			t.Error("woken at once by what is said after all was read: the wait of before went on")
		}
		if err := c.Channels.SetPreferences(t.Context(), bob, side.Slug, false, true, NotifyAll, 0); err != nil {
			t.Fatal(err)
		}
		if err := c.Channels.MarkRead(t.Context(), bob, "general-talk", 2); err != nil {
			t.Fatal(err)
		}
		grow(side.Slug)
		if look(later.Add(2*time.Hour)) || look(later.Add(3*time.Hour)) {
			t.Error("woken by a channel that is muted")
		}
	})
}

func TestChannelSet(t *testing.T) {
	var s channelSet
	for _, index := range []int{0, 63, 64, 200, -1} {
		s.set(index, true)
		if s.has(index) != (index >= 0) {
			t.Errorf("%d: %v", index, s)
		}
	}
	s.set(64, false)
	s.set(1000, false)
	if s.has(64) || s.has(1000) || !s.has(63) || !s.has(200) {
		t.Errorf("%v", s)
	}
}

// A page that does not show a channel as unread gets no update when its user has read more of it, as they do with each
// message that they send. A page that shows it gets one, and so does a page with a Poll in progress that counted
// before.
func TestReadingIsToldWhereItShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		p := mustListen(t, c, ada, Cursor{})
		takeUntil(t, p, func(b Update) bool { return b.Channels != nil })
		ch := c.hub.channels.byID(c.general(t).ID)
		told := func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return len(p.read) > 0
		}
		mustPost(t, c, ada, "mine")
		if told() {
			t.Error("told that its person has read what it never showed as unread")
		}
		mustPost(t, c, bob, "another's")
		takeUntil(t, p, func(b Update) bool { return len(b.Unread) == 1 && b.Unread[0].Unread == 1 })
		must(t, c.Channels.MarkRead(t.Context(), ada, ch.info.Load().Slug, 2))
		if !told() {
			t.Error("not told that what it shows as unread was read")
		}
		takeUntil(t, p, func(b Update) bool { return len(b.Unread) == 1 && b.Unread[0].Unread == 0 })
		p.mu.Lock()
		p.taking = true // it has counted, and does not show it yet
		p.mu.Unlock()
		mustPost(t, c, ada, "mine again")
		if !told() {
			t.Error("not told what was read while it counted")
		}
	})
}
