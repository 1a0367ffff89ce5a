package feed

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func append1(f *Feed, rows ...Row) { f.Append(func() []Row { return rows }) }

// Readers share the ring until something changes, and a warm feed makes no query for them.
func TestNewest(t *testing.T) {
	m := &memory{}
	f := m.open(t, RingSize+20)
	newest := func() *Ring {
		t.Helper()
		ring, err := f.Newest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return ring
	}
	first := newest()
	if other := newest(); other != first || len(first.Rows) != RingSize || first.Rows[0].Seq != 21 ||
		first.Rev != RingSize+20 || m.asked() != 1 {
		t.Fatalf("%d rows from %d at rev %d, the same ring: %v, %d queries", len(first.Rows), first.Rows[0].Seq, first.Rev,
			other == first, m.asked())
	}
	append1(f, m.post(1)...)
	append1(f, m.edit(1)) // too old for the ring
	append1(f, m.edit(30))
	if ring := newest(); len(ring.Rows) != RingSize || ring.Rows[0].Seq != 22 || ring.Rows[8].Rev != RingSize+23 ||
		ring.Rev != RingSize+23 || m.asked() != 1 {
		t.Errorf("%d rows from %d at rev %d, %d queries", len(ring.Rows), ring.Rows[0].Seq, ring.Rev, m.asked())
	}
	f.Invalidate(func(row Row) bool { return row.Seq == -1 }) // matches no row
	if newest(); m.asked() != 1 {
		t.Error("it was read anew for what it does not show")
	}
	f.Invalidate(func(row Row) bool { return row.Seq == 40 })
	if newest(); m.asked() != 2 {
		t.Error("it was not read anew")
	}
	m.fails = true
	f.Invalidate(func(Row) bool { return true })
	if _, err := f.Newest(t.Context()); !errors.Is(err, errSource) {
		t.Error(err)
	}
}

// Rows that became outdated while they were rendered are sent and not kept.
func TestInvalidateWhileRendering(t *testing.T) {
	m := &memory{}
	f := m.open(t, 3)
	p, _ := attach(t, f, 3)
	row := m.post(1)
	f.Append(func() []Row {
		f.Invalidate(func(Row) bool { return true })
		return row
	})
	before := m.asked()
	if _, err := f.Newest(t.Context()); err != nil || m.asked() != before+1 {
		t.Errorf("%v, %d queries", err, m.asked()-before)
	}
	m.running.Wait()
	if got := p.got(); !slices.Equal(got, []int64{4}) {
		t.Error(got)
	}
}

// A subscription that comes back catches up from its rev, or is told that it is too far behind.
func TestAttach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		f := m.open(t, 2*MaxBehind)
		for _, c := range []struct {
			since    int64
			caughtUp bool
			queries  int
		}{
			{2 * MaxBehind, true, 1},            // all of them: the feed is loaded for the first
			{2*MaxBehind - MaxChanges, true, 1}, // the changes that are kept
			{2*MaxBehind - MaxChanges - 1, true, 2},
			{MaxBehind, true, 2}, // as far as any may catch up: read once
			{MaxBehind - 1, false, 2},
			{-1, false, 2},
			{2*MaxBehind + 5, false, 2}, // from another history
		} {
			p, caughtUp := attach(t, f, c.since)
			if caughtUp != c.caughtUp || m.asked() != c.queries {
				t.Errorf("since %d: caught up: %v, %d queries; want %v, %d", c.since, caughtUp, m.asked(), c.caughtUp, c.queries)
			}
			if caughtUp && !slices.Equal(p.got(), count(c.since+1, 2*MaxBehind)) {
				t.Errorf("since %d it got %v", c.since, p.got())
			}
			f.Remove(&p.l)
		}
		// A page that another node rendered a moment ago is ahead, and gets the rest.
		m.post(3)
		p, caughtUp := attach(t, f, 2*MaxBehind+2)
		time.Sleep(2 * gapWait)
		synctest.Wait()
		if got := p.got(); !caughtUp || !slices.Contains(got, 2*MaxBehind+3) {
			t.Errorf("a page that was ahead: %v, %v", caughtUp, got)
		}
	})
}

// How far behind a page is counts rows, not changes: a row that changed a thousand times is one, on a feed that has
// seen each change, and on one that reads them.
func TestAttachCountsRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		f := m.open(t, 10)
		first, _ := attach(t, f, 10)
		for range 2 * MaxBehind {
			append1(f, m.edit(4))
		}
		append1(f, m.edit(2))
		synctest.Wait()
		const rev = 10 + 2*MaxBehind + 1
		if got := first.got(); got[len(got)-1] != rev {
			t.Errorf("who was there is at %d", got[len(got)-1])
		}
		again := New(f.Options)
		for _, f := range []*Feed{f, again} {
			before := m.asked()
			p, caughtUp := attach(t, f, 9)
			if got := p.got(); !caughtUp || !slices.Equal(got, []int64{10, rev - 1, rev}) || m.asked() > before+1 {
				t.Errorf("%v: %v, after %d queries", caughtUp, got, m.asked()-before)
			}
		}
	})
}

// A row that arrives before its turn is not read again: it waits, and only the missing rows are read.
func TestGapKeepsWhatCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		f := m.open(t, 1)
		p, _ := attach(t, f, 1)
		rows := m.post(9) // revs 2 to 10, without an event
		before := m.asked()
		append1(f, rows[2])
		append1(f, rows[1])
		append1(f, rows[0])
		time.Sleep(2 * gapWait)
		synctest.Wait()
		if got := p.got(); m.asked() != before || !slices.Equal(got, []int64{2, 3, 4}) {
			t.Errorf("%d queries for what came by itself: %v", m.asked()-before, got)
		}
		append1(f, rows[5], rows[6]) // revs 7 and 8, while 5 and 6 are missing
		time.Sleep(gapWait / 2)
		append1(f, rows[8])
		time.Sleep(2 * gapWait)
		synctest.Wait()
		if got := p.got(); m.asked() != before+1 || !slices.Equal(got, count(2, 10)) {
			t.Errorf("%d queries for one gap: %v", m.asked()-before, got)
		}
		if len(f.ahead) > 0 {
			t.Errorf("%d rows wait for nothing", len(f.ahead))
		}
	})
}

// A gap is read again after an error.
func TestGapAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		f := m.open(t, 1)
		p, _ := attach(t, f, 1)
		m.post(2)
		m.fails = true
		f.Signal(3)
		time.Sleep(2 * gapWait)
		synctest.Wait()
		m.mu.Lock()
		m.fails = false
		m.mu.Unlock()
		time.Sleep(2 * gapRetry)
		synctest.Wait()
		if got := p.got(); !slices.Equal(got, []int64{2, 3}) {
			t.Error(got)
		}
	})
}

// A row that is posted while a gap is read is not read again: it is added when its turn comes.
func TestGapWhilePosting(t *testing.T) {
	m := &memory{}
	const posts = 40
	f := m.open(t, posts)
	if _, err := f.Newest(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows := m.post(20)
	f.fetching = true // as if a gap were being read
	for _, row := range rows[2:] {
		append1(f, row)
	}
	f.applyGap(posts, f.generation, rows[:2])
	if f.cursor != posts+20 || f.known != posts+20 || len(f.ahead) > 0 || len(f.rows) != posts+20 {
		t.Errorf("at rev %d of %d, %d rows, and %d wait", f.cursor, f.known, len(f.rows), len(f.ahead))
	}
}

// A sink that takes nothing is ended when too much waits, and nothing is kept for it.
func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		f := m.open(t, 1)
		stuck, _ := attach(t, f, 1)
		stuck.stuck = true
		good, _ := attach(t, f, 1)
		for range maxWaitingRows + 2 {
			append1(f, m.post(1)...)
			synctest.Wait()
		}
		f.Resume(&stuck.l) // too late
		if rows, bytes := f.Waiting(); !stuck.isSlow() || rows != 0 || bytes != 0 {
			t.Errorf("told: %v; %d rows of %d bytes wait", stuck.isSlow(), rows, bytes)
		}
		if got := good.got(); !slices.Equal(got, count(2, maxWaitingRows+3)) {
			t.Errorf("the other one got %d rows", len(got))
		}
	})
}

// A closed feed reads no gaps.
func TestClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		f := m.open(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		f.Go = func(_ string, fn func(context.Context)) { m.running.Go(func() { fn(ctx) }) }
		attach(t, f, 1)
		m.post(1)
		before := m.asked()
		f.Signal(2)
		cancel()
		m.running.Wait()
		if m.asked() != before {
			t.Error("it was read")
		}
	})
}

// A row that becomes outdated while it is rendered is sent as it is rendered then: who has subscribed since may not see
// what it said before.
func TestOutdatedRowsAreRenderedAgain(t *testing.T) {
	m := &memory{}
	f := m.open(t, 3)
	p, _ := attach(t, f, 3)
	rows, rendered := m.post(1), 0
	f.Append(func() []Row {
		if rendered++; rendered == 1 {
			f.Invalidate(func(Row) bool { return false })
			return []Row{{Seq: 99, Rev: rows[0].Rev}}
		}
		return rows
	})
	m.running.Wait()
	if got := p.got(); !slices.Equal(got, []int64{4}) || rendered != 2 {
		t.Error(got, rendered)
	}
}
