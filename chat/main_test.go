package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

// testRow renders a row that tests can read: what it shows, in one line.
func testRow(b []byte, m Message) []byte {
	address := m.ChannelSlug
	if m.Thread.Root != 0 {
		address = ThreadAddress(address, m.Thread.Root)
	}
	return fmt.Appendf(b, "[%s %d.%d %s: %s%s%s%s]", address, m.Seq, m.Rev, m.Author.Name,
		html.EscapeString(m.Body), map[bool]string{true: " +"}[m.Continued], reactionsText(m)+previewsText(m)+threadText(m),
		pinsText(m)+map[bool]string{true: " gone"}[m.Deleted()])
}

// pinsText returns what a line says as testRow shows it.
func pinsText(m Message) string {
	if m.Pins == 0 {
		return ""
	}
	return fmt.Sprint("pins ", m.Pins)
}

// threadText returns what testRow shows of a message's thread.
func threadText(m Message) (text string) {
	if m.Replies.Count > 0 {
		text = fmt.Sprintf(" <%d", m.Replies.Count)
		for _, u := range m.Replies.People {
			text += " " + u.Name
		}
		text += ">"
	}
	if m.Broadcast.Root != 0 {
		text += fmt.Sprintf(" <shows %d of %d by %s>", m.Broadcast.Seq, m.Broadcast.Root, m.Broadcast.Of.Name)
	}
	return text
}

// reactionsText returns a message's reactions as testRow shows them.
func reactionsText(m Message) (text string) {
	for _, r := range m.Reactions {
		text += fmt.Sprintf(" %s%d", r.Emoji, r.Count)
		for _, u := range r.People {
			text += "," + u.Name
		}
	}
	return text
}

// previewsText returns a message's link previews as testRow shows them.
func previewsText(m Message) (text string) {
	for _, p := range m.LinkPreviews {
		text += fmt.Sprintf(" {%s|%s|%s|%s|%d}", p.URL, p.Title, p.Description, p.Site, p.Picture)
	}
	return text
}

// clock is a clock that tests set.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.ms.Store(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()) }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }
func tempPath(t testing.TB) string       { return filepath.Join(t.TempDir(), "chat.db") }
func (c *Chat) general(t testing.TB) *cachedChannel {
	t.Helper()
	return c.hub.channels.bySlug("general-talk")
}

// mustOpen opens a chat on a real database in a folder of the test.
func mustOpen(t testing.TB, o Options) *Chat {
	t.Helper()
	if o.Path == "" {
		o.Path = tempPath(t)
	}
	if o.RenderRow == nil {
		o.RenderRow = testRow
	}
	o.Frame = frameRows
	mustMigrate(t, o.Path)
	c, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func mustSignIn(t testing.TB, c *Chat, name string) Actor {
	t.Helper()
	a, err := c.Accounts.SignIn(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// mustExec changes the database directly.
func mustExec(t testing.TB, c *Chat, query string, args ...any) {
	t.Helper()
	must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}, nil))
}

func mustPost(t testing.TB, c *Chat, a Actor, body string) Row {
	t.Helper()
	row, _, err := c.Messages.Post(t.Context(), a, "general-talk", Draft{Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func mustView(t testing.TB, c *Chat, a Actor) MessagePage {
	t.Helper()
	p, err := c.Messages.View(t.Context(), a, "general-talk")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sidebarList returns the conversations of a user's sidebar.
func sidebarList(ctx context.Context, c *Chat, a Actor) ([]SidebarItem, error) {
	s, err := c.Channels.Sidebar(ctx, a)
	return s.Channels, err
}

func mustAccess(t testing.TB, c *Chat, a Actor, slug string) Access {
	t.Helper()
	acc, err := c.Channels.Access(t.Context(), a, slug)
	if err != nil {
		t.Fatal(err)
	}
	return acc
}

// fakeSubscriber is a page that polls when the test does.
type fakeSubscriber struct {
	*Subscription
	ready, done chan struct{}

	mu     sync.Mutex
	frames []Row
	stuck  bool // accepts no rows
	owes   bool
}

// frameRows makes frames from which a fakeSubscriber can decode the rows.
func frameRows(rows []Row) []byte {
	frame, _ := json.Marshal(rows)
	return frame
}

func (p *fakeSubscriber) Send(frame []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.owes {
		panic("sent more to a subscriber that is not writable")
	}
	if p.stuck {
		p.owes = true
		return false
	}
	var rows []Row
	if err := json.Unmarshal(frame, &rows); err != nil {
		panic(err)
	}
	p.frames = append(p.frames, rows...)
	p.signal()
	return true
}

func (p *fakeSubscriber) Notify() { p.signal() }

func (p *fakeSubscriber) End(CloseReason) { close(p.done) }

func (p *fakeSubscriber) signal() {
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

// Ready receives a token when there is something to take.
func (p *fakeSubscriber) Ready() <-chan struct{} { return p.ready }

// Done is closed when the hub has ended the subscription.
func (p *fakeSubscriber) Done() <-chan struct{} { return p.done }

// Take returns the rows that were sent and the other updates.
func (p *fakeSubscriber) Take(ctx context.Context) (Update, error) {
	b, err := p.Subscription.Poll(ctx)
	if err != nil {
		return b, err
	}
	if b.Begins {
		p.Begin()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Reason() == 0 {
		b.Rows = append(b.Rows, p.frames...)
	}
	p.frames = nil
	return b, nil
}

// mustListen subscribes to General Talk for a page with that cursor.
func mustListen(t testing.TB, c *Chat, a Actor, at Cursor) *fakeSubscriber {
	t.Helper()
	if at.Channel == "" {
		at.Channel = "general-talk"
	}
	if at.Epoch == "" {
		at.Epoch = c.Epoch()
	}
	p, err := c.subscribeFake(t.Context(), a, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// subscribeFake is Subscribe with a fakeSubscriber.
func (c *Chat) subscribeFake(ctx context.Context, a Actor, at Cursor) (*fakeSubscriber, error) {
	p := &fakeSubscriber{ready: make(chan struct{}, 1), done: make(chan struct{})}
	l, err := c.Live.Subscribe(ctx, a, at, p)
	if err != nil {
		return nil, err
	}
	p.Subscription = l
	return p, nil
}

// takeUntil takes updates until enough returns true, and returns them joined.
func takeUntil(t testing.TB, l *fakeSubscriber, enough func(Update) bool) Update {
	t.Helper()
	var sum Update
	deadline := time.After(patience)
	for !enough(sum) {
		select {
		case <-l.Ready():
		case <-deadline:
			t.Fatalf("waited too long; so far: %d rows, %+v", len(sum.Rows), sum)
		}
		b, err := l.Take(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		sum.Rows = append(sum.Rows, b.Rows...)
		sum.Profiles = append(sum.Profiles, b.Profiles...)
		sum.Unread = append(sum.Unread, b.Unread...)
		if b.Threads != nil {
			sum.Threads = b.Threads
		}
		if b.Thread != nil {
			sum.Thread = b.Thread
		}
		if b.Resync != nil {
			sum.Resync = b.Resync
		}
		if b.Channels != nil {
			sum.Sidebar = b.Sidebar
		}
		if b.Online != 0 {
			sum.Online = b.Online
		}
	}
	return sum
}

// patience is how long tests wait for what is certain to happen: only a fault reaches it. In a bubble of synctest it
// takes no time.
const patience = time.Minute

// waitFor blocks until done returns true.
func waitFor(t testing.TB, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited too long")
		}
	}
}

// wantClosed tests that the hub has ended a subscription: a method on the same node returns after that.
func wantClosed(t testing.TB, l *fakeSubscriber, want CloseReason) {
	t.Helper()
	select {
	case <-l.Done():
		if l.Reason() != want {
			t.Errorf("closed with %d, want %d", l.Reason(), want)
		}
	default:
		t.Error("still open")
	}
}

// wantClosing is wantClosed for what takes a while: in a bubble, of synctest's time.
func wantClosing(t testing.TB, l *fakeSubscriber, want CloseReason, within time.Duration) {
	t.Helper()
	select {
	case <-l.Done():
	case <-time.After(within):
	}
	wantClosed(t, l, want)
}

func wantCode(t testing.TB, err error, want Code) {
	t.Helper()
	if err == nil || ErrorCode(err) != want {
		t.Fatalf("error %v, want code %s", err, want)
	}
}
