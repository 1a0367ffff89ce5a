package chat

import (
	"context"
	"fmt"
	"html"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testRow is a row that tests can read: what it shows, in one line.
func testRow(m Message) []byte {
	return fmt.Appendf(nil, "[%s %d.%d %s: %s%s%s]", m.ChannelSlug, m.Seq, m.Rev, m.Author.Name, html.EscapeString(m.Body),
		map[bool]string{true: " +"}[m.Continued], map[bool]string{true: " gone"}[m.Deleted()])
}

// clock is a time that tests move by hand.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.ms.Store(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()) }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }
func tempPath(t testing.TB) string       { return filepath.Join(t.TempDir(), "chat.db") }
func (c *Chat) general(t testing.TB) *channelState {
	t.Helper()
	return c.hub.channels.bySlug("general-talk")
}

// mustOpen opens a chat on a real database in a folder of the test's own.
func mustOpen(t testing.TB, o Options) *Chat {
	t.Helper()
	if o.Path == "" {
		o.Path = tempPath(t)
	}
	if o.RenderRow == nil {
		o.RenderRow = testRow
	}
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
	a, err := c.SignIn(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mustPost(t testing.TB, c *Chat, a Actor, body string) Row {
	t.Helper()
	row, _, err := c.Post(t.Context(), a, "general-talk", Draft{Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func mustView(t testing.TB, c *Chat, a Actor) Page {
	t.Helper()
	p, err := c.View(t.Context(), a, "general-talk")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// mustListen listens in General Talk from a page that was just made.
func mustListen(t testing.TB, c *Chat, a Actor, at Position) *Listener {
	t.Helper()
	if at.Channel == "" {
		at.Channel = "general-talk"
	}
	if at.Epoch == "" {
		at.Epoch = c.Epoch()
	}
	l, err := c.Listen(t.Context(), a, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// takeUntil takes batches until enough says so, and returns them joined.
func takeUntil(t testing.TB, l *Listener, enough func(Batch) bool) Batch {
	t.Helper()
	var sum Batch
	deadline := time.After(5 * time.Second)
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
		sum.Names = append(sum.Names, b.Names...)
		sum.Unread = append(sum.Unread, b.Unread...)
		if b.Renew != nil {
			sum.Renew = b.Renew
		}
		if b.Channels != nil {
			sum.Channels = b.Channels
		}
		if b.Online != 0 {
			sum.Online = b.Online
		}
	}
	return sum
}

func wantCode(t testing.TB, err error, want Code) {
	t.Helper()
	if err == nil || ErrorCode(err) != want {
		t.Fatalf("error %v, want code %s", err, want)
	}
}
