package feed

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// memory is a source whose rows show the rev of their last change. Each has 1 byte of HTML unless size has another
// number.
type memory struct {
	mu      sync.Mutex
	rows    []Row // by seq
	rev     int64
	queries int
	fails   bool

	running sync.WaitGroup
	ctx     context.Context //nolint:containedctx // of what reads gaps
}

var errSource = errors.New("the source fails")

// open returns a feed of a source with that many rows. Its goroutines have ended when the test has.
func (m *memory) open(t *testing.T, rows int) *Feed {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	m.ctx = ctx
	t.Cleanup(func() { cancel(); m.running.Wait() })
	m.post(rows)
	return New(Options{
		Source: m,
		Frame: func(rows []Row) (frame []byte) {
			for _, row := range rows {
				frame = append(frame, row.HTML...)
			}
			return frame
		},
		Go:  func(_ string, fn func(context.Context)) { m.running.Go(func() { fn(ctx) }) },
		Log: slog.New(slog.DiscardHandler),
	})
}

// change gives the row at seq the next rev; 0: a new row. The caller holds mu.
func (m *memory) change(seq int64) Row {
	m.rev++
	if seq == 0 {
		m.rows = append(m.rows, Row{Seq: int64(len(m.rows)) + 1})
		seq = int64(len(m.rows))
	}
	row := Row{Seq: seq, Rev: m.rev, HTML: []byte(strconv.FormatInt(m.rev, 10) + " ")}
	m.rows[seq-1] = row
	return row
}

// post adds new rows, and returns them.
func (m *memory) post(n int) (rows []Row) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		rows = append(rows, m.change(0))
	}
	return rows
}

func (m *memory) edit(seq int64) Row {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.change(seq)
}

func (m *memory) asked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.queries
}

// byRev returns the rows in the order of rev. The caller holds mu.
func (m *memory) byRev() []Row {
	rows := slices.Clone(m.rows)
	slices.SortFunc(rows, func(a, b Row) int { return int(a.Rev - b.Rev) })
	return rows
}

func (m *memory) Newest(_ context.Context, rows, changes int) (Newest, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queries++
	if m.fails {
		return Newest{}, errSource
	}
	byRev := m.byRev()
	return Newest{
		Rows:    slices.Clone(m.rows[max(0, len(m.rows)-rows):]),
		Changes: byRev[max(0, len(byRev)-changes):],
		Rev:     m.rev,
	}, nil
}

func (m *memory) Since(_ context.Context, rev int64, most int) ([]Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queries++
	if m.fails {
		return nil, errSource
	}
	rows := slices.DeleteFunc(m.byRev(), func(row Row) bool { return row.Rev <= rev })
	return rows[:min(len(rows), most)], nil
}

func (m *memory) Rev(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rev, nil
}

// page is a sink that shows its rows as a page does: by seq, in the newest rev.
type page struct {
	l    Subscription
	feed *Feed

	mu    sync.Mutex
	sent  []int64 // revs in the order of arrival
	slow  bool
	stuck bool // accepts a frame and is never free again
	lack  string
}

// attach attaches a page that shows everything up to since, and reports whether it was caught up.
func attach(t *testing.T, f *Feed, since int64) (*page, bool) {
	t.Helper()
	p := &page{feed: f}
	p.l.Open(p)
	caughtUp, err := f.Attach(t.Context(), &p.l, since)
	if err != nil {
		t.Fatal(err)
	}
	f.Resume(&p.l)
	return p, caughtUp
}

func (p *page) take(revs ...int64) {
	for _, rev := range revs {
		if n := len(p.sent); n > 0 && rev <= p.sent[n-1] {
			p.lack = "rev " + strconv.FormatInt(rev, 10) + " after " + strconv.FormatInt(p.sent[n-1], 10)
		}
		p.sent = append(p.sent, rev)
	}
}

func (p *page) Missed(rows []Row) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, row := range rows {
		p.take(row.Rev)
	}
}

func (p *page) Send(frame []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for word := range slices.Values(words(frame)) {
		p.take(word)
	}
	return !p.stuck
}

func (p *page) Slow() {
	p.l.End()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slow = true
}

func (p *page) isSlow() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slow
}

// got returns the revs that the page was sent.
func (p *page) got() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sent)
}

// words returns the revs of a frame.
func words(frame []byte) (revs []int64) {
	n := int64(0)
	for _, b := range frame {
		if b == ' ' {
			revs = append(revs, n)
			n = 0
			continue
		}
		n = 10*n + int64(b-'0')
	}
	return revs
}

// count returns the numbers from a to b.
func count(a, b int64) (list []int64) {
	for ; a <= b; a++ {
		list = append(list, a)
	}
	return list
}
