package feed

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// FuzzFeed plays a story: posts and changes arrive in any order, late, twice, or only as a signal of the rev; rows
// become outdated, the source fails for a while, pages come and go and are busy. At its end, every page that was not
// ended as too slow or too far behind has seen the newest rev of every row, and nothing in a wrong order.
func FuzzFeed(f *testing.F) {
	f.Add([]byte{0})
	f.Add([]byte{1, 0, 2, 0, 9, 3, 1, 0, 5, 8, 4, 0, 0, 6, 7, 3, 0, 1, 2, 11, 0, 0, 8, 10})
	f.Add([]byte("pages come and go, and what is said reaches each of them once and in order"))
	f.Fuzz(func(t *testing.T, story []byte) {
		story = story[:min(len(story), 300)] // longer ones find no more
		synctest.Test(t, func(t *testing.T) { play(t, story) })
	})
}

func play(t *testing.T, story []byte) {
	m := &memory{}
	feed := m.open(t, 5)
	type reader struct {
		*page
		since    int64
		caughtUp bool
	}
	var pages []reader
	var late []Row
	for i, b := range story {
		switch n := int64(i); b % 12 {
		case 0:
			append1(feed, m.post(1)...)
		case 1:
			late = append(late, m.post(1)...)
		case 2:
			late = append(late, m.edit(n%5+1))
		case 3:
			append1(feed, m.edit(n%5+1))
		case 4: // late rows arrive, newest first
			for _, row := range slices.Backward(late) {
				append1(feed, row)
			}
		case 5:
			rev, _ := m.Rev(t.Context())
			feed.Signal(rev)
		case 6:
			feed.Invalidate(func(row Row) bool { return row.Seq%3 == n%3 })
		case 7:
			if !m.fails {
				since := m.rev - n%7
				p, caughtUp := attach(t, feed, since)
				pages = append(pages, reader{p, since, caughtUp})
			}
		case 8:
			if len(pages) > 0 {
				p := pages[i%len(pages)]
				p.mu.Lock()
				p.stuck = !p.stuck
				free := !p.stuck
				p.mu.Unlock()
				if free {
					feed.Resume(&p.l)
				}
			}
		case 9:
			time.Sleep(gapWait)
		case 10:
			m.mu.Lock()
			m.fails = !m.fails
			m.mu.Unlock()
		case 11:
			if len(pages) > 0 {
				feed.Remove(&pages[0].l)
				pages = pages[1:]
			}
		}
	}
	m.mu.Lock()
	m.fails = false
	m.mu.Unlock()
	for _, p := range pages {
		p.mu.Lock()
		stuck := p.stuck
		p.stuck = false
		p.mu.Unlock()
		if stuck {
			synctest.Wait()
			feed.Resume(&p.l)
		}
	}
	rev, _ := m.Rev(t.Context())
	feed.Signal(rev)
	time.Sleep(2*gapRetry + 2*gapWait)
	synctest.Wait()
	for i, p := range pages {
		if p.slow {
			continue
		}
		if p.lack != "" {
			t.Errorf("page %d: %s", i, p.lack)
		}
		for _, row := range m.rows {
			if p.caughtUp && row.Rev > p.since && !slices.Contains(p.sent, row.Rev) {
				t.Errorf("page %d, since %d, was not sent rev %d of row %d: %v", i, p.since, row.Rev, row.Seq, p.sent)
			}
		}
	}
}
