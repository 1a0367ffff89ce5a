package chat

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/feed"
)

// shown is a page as a browser keeps it: rows by seq, and the largest rev seen. It checks what must always be true.
type shown struct {
	rows map[int64]Row
	rev  int64
}

func (s *shown) place(t testing.TB, b Update) {
	t.Helper()
	if s.rows == nil {
		s.rows = make(map[int64]Row)
	}
	if b.Resync != nil {
		s.rows, s.rev = make(map[int64]Row), b.Resync.Channel.LastRev
		for _, row := range b.Resync.Rows {
			s.rows[row.Seq] = row
		}
	}
	for _, row := range b.Rows {
		if old, ok := s.rows[row.Seq]; !ok || old.Rev < row.Rev {
			s.rows[row.Seq] = row
		}
		s.rev = max(s.rev, row.Rev)
	}
}

// follow keeps a page up to date until its channel is at rev, and reconnects with its cursor when it is ended.
func follow(t testing.TB, c *Chat, a Actor, s *shown, rev int64) {
	t.Helper()
	l := mustListen(t, c, a, Cursor{Since: s.rev})
	deadline := time.After(time.Minute) // which only a page that has lost something reaches
	for s.rev < rev {
		select {
		case <-l.Ready():
			b, err := l.Take(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			s.place(t, b)
		case <-l.Done():
			l.Close()
			l = mustListen(t, c, a, Cursor{Since: s.rev})
		case <-deadline:
			t.Errorf("still at rev %d of %d", s.rev, rev)
			return
		}
	}
	l.Close()
}

func TestCatchUp(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for i := range 400 {
		mustPost(t, c, ada, fmt.Sprint(i+1))
	}
	if _, err := c.Messages.Edit(t.Context(), ada, "general-talk", 7, "seven"); err != nil { // rev 401
		t.Fatal(err)
	}
	if _, _, err := c.Messages.Delete(t.Context(), ada, "general-talk", 399); err != nil { // rev 402
		t.Fatal(err)
	}
	check := func(t *testing.T, c *Chat) {
		t.Helper()
		for _, since := range []int64{402, 401, 400, 399, 350, 200, 100, 1, 0} {
			s := shown{rev: since}
			follow(t, c, bob, &s, 402)
			want := 0
			for seq := since + 1; seq <= 400; seq++ {
				if _, ok := s.rows[seq]; !ok {
					t.Errorf("since %d: message %d is missing", since, seq)
				}
				want++
			}
			if since < 401 && !strings.Contains(string(s.rows[7].HTML), "seven") {
				t.Errorf("since %d: the edit of an old message did not come", since)
			}
			if since < 402 && !strings.Contains(string(s.rows[399].HTML), "gone") {
				t.Errorf("since %d: the deletion did not come", since)
			}
		}
	}
	t.Run("warm", func(t *testing.T) { check(t, c) })
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = mustOpen(t, Options{Path: path})
	t.Run("after a restart", func(t *testing.T) { check(t, c) })
	t.Run("another history, or one that is ahead, is renewed", func(t *testing.T) {
		for name, at := range map[string]Cursor{
			"epoch": {Since: 402, Epoch: "another"}, "ahead": {Since: 403}, "far ahead": {Since: 1 << 60},
			"below zero": {Since: -1}, "the smallest number": {Since: math.MinInt64}, "the largest": {Since: math.MaxInt64},
		} {
			before := c.Stats()
			b := takeUntil(t, mustListen(t, c, bob, at), func(b Update) bool { return b.Resync != nil })
			if seqs(b.Resync.Rows) != "301-400" || b.Resync.Channel.LastRev != 402 {
				t.Errorf("%s: renewed with %s at rev %d", name, seqs(b.Resync.Rows), b.Resync.Channel.LastRev)
			}
			if after := c.Stats(); after != before {
				t.Errorf("%s: what a client claimed cost %+v, from %+v", name, after, before)
			}
		}
	})
	t.Run("too far behind is renewed", func(t *testing.T) {
		for i := range feed.MaxBehind {
			mustPost(t, c, ada, fmt.Sprint(i))
		}
		takeUntil(t, mustListen(t, c, bob, Cursor{Since: 0}), func(b Update) bool { return b.Resync != nil })
	})
	_, err := c.subscribeFake(t.Context(), bob, Cursor{Channel: "nowhere"})
	wantCode(t, err, CodeNotFound)
	_, err = c.subscribeFake(t.Context(), Actor{}, Cursor{})
	wantCode(t, err, CodeSignedOut)
}

// Subscriptions come and go while users post, edit, delete and rename: each ends with exactly the state of the
// database.
func TestEveryoneSeesEverythingOnce(t *testing.T) {
	c := mustOpen(t, Options{})
	const posters, each = 4, 60
	const revs = posters * each * 2
	var wg sync.WaitGroup
	for p := range posters {
		a := mustSignIn(t, c, fmt.Sprintf("p%d", p))
		wg.Go(func() {
			for i := range each {
				row, _, err := c.Messages.Post(context.Background(), a, "general-talk", Draft{Body: fmt.Sprint(p, i)})
				if err == nil && i%3 == 0 {
					_, _, err = c.Messages.Delete(context.Background(), a, "general-talk", row.Seq)
				} else if err == nil {
					_, err = c.Messages.Edit(context.Background(), a, "general-talk", row.Seq, fmt.Sprint("edited ", p, i))
				}
				if err == nil && i%20 == 0 {
					_, err = c.Users.Rename(context.Background(), a, fmt.Sprintf("q%d-%d", p, i))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	pages := make([]shown, 12)
	for i := range pages {
		a := mustSignIn(t, c, fmt.Sprintf("reader%d", i))
		wg.Go(func() {
			for stop := int64(0); stop < revs; { // it disconnects and reconnects now and then
				stop = min(revs, stop+1+rand.Int64N(80))
				follow(t, c, a, &pages[i], max(stop, pages[i].rev))
			}
		})
	}
	wg.Wait()
	for i := range pages {
		if len(pages[i].rows) != posters*each {
			t.Errorf("page %d shows %d messages", i, len(pages[i].rows))
		}
		for seq, row := range pages[i].rows {
			m, err := messageAt(t.Context(), c.db, c.general(t), seq)
			if err != nil || m.Rev != row.Rev {
				t.Fatalf("page %d shows message %d at rev %d, the database has %d (%v)", i, seq, row.Rev, m.Rev, err)
			}
		}
	}
}

func TestSlowListenerIsEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		slow, good := mustListen(t, c, bob, Cursor{}), mustListen(t, c, ada, Cursor{})
		if _, err := slow.Take(t.Context()); err != nil {
			t.Fatal(err)
		}
		slow.mu.Lock()
		slow.stuck = true
		slow.mu.Unlock()
		body := strings.Repeat("x", MaxBodyLen)
		n := 0
		for range feed.MaxWaitingBytes/len(body) + 10 {
			mustPost(t, c, ada, body)
			takeUntil(t, good, func(b Update) bool { return len(b.Rows) > 0 })
			n++
		}
		if _, bytes := slow.room.Waiting(); bytes > feed.MaxWaitingBytes+len(body)+1000 {
			t.Errorf("%d bytes wait in a room", bytes)
		}
		slow.Writable() // the line is free again, too late
		synctest.Wait() // the round that sent the last row to the others is over
		if slow.Reason() != CloseSlow {
			t.Fatalf("after %d messages nobody ended the listener that takes nothing: %v", n, slow.Reason())
		}
		if rows, _ := slow.room.Waiting(); rows > 0 {
			t.Errorf("%d rows wait in a room, and everyone has them", rows)
		}
		s := shown{} // it reconnects and gets the newest page: it missed more than a slow line could take
		follow(t, c, bob, &s, int64(n))
		newest := mustView(t, c, bob).Rows // as many as fit
		if len(newest) < feed.MaxPageBytes/len(body)-1 {
			t.Errorf("the newest page has %d messages", len(newest))
		}
		for _, row := range newest {
			if _, ok := s.rows[row.Seq]; !ok {
				t.Fatalf("back again it does not see message %d of %d", row.Seq, n)
			}
		}
	})
}

func TestDisconnect(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	l := mustListen(t, c, ada, Cursor{})
	c.Live.Disconnect()
	<-l.Done()
	if l.Reason() != CloseRestart {
		t.Errorf("reason %v", l.Reason())
	}
	late := mustListen(t, c, ada, Cursor{})
	<-late.Done()
	mustPost(t, c, ada, "the verbs go on working")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "x"}); err == nil {
		t.Error("posted into a closed chat")
	}
}
