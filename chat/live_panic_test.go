package chat

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/sqlite"
)

// logBuffer is a log for tests to read.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (h *logBuffer) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *logBuffer) log() *slog.Logger { return slog.New(slog.NewTextHandler(h, nil)) }

// want tests that the log has an error with all of the texts.
func (h *logBuffer) want(t testing.TB, texts ...string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, text := range append(texts, "level=ERROR") {
		if !strings.Contains(h.text.String(), text) {
			t.Errorf("the log lacks %q", text)
		}
	}
}

// TestRowThatPanics: such a row ended the program, again with each page of its channel. The message is stored whole,
// its author is notified, and everyone else sees that there is one.
func TestRowThatPanics(t *testing.T) {
	var log logBuffer
	c := mustOpen(t, Options{Log: log.log(), RenderRow: func(b []byte, m Message) []byte {
		if strings.Contains(m.Body, "boom") || m.Author.Name == "Bob" && !m.Deleted() {
			panic("rendering " + m.Body)
		}
		return testRow(b, m)
	}})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	l := mustListen(t, c, ada, Cursor{})
	takeUntil(t, l, func(b Update) bool { return b.Channels != nil })
	for again := range 2 { // with the same client_id it is the same message
		_, fresh, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "boom", ClientID: "x"})
		if err != ErrUnshown || fresh != (again == 0) { //nolint:errorlint // it is that very one
			t.Fatal(fresh, err)
		}
	}
	_, _, err := c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "not even without its text"})
	wantCode(t, err, CodeInternal)
	mustPost(t, c, ada, "goes on")
	b := takeUntil(t, l, func(b Update) bool { return len(b.Rows) == 3 })
	if html := string(b.Rows[0].HTML); !strings.Contains(html, "cannot be shown") || strings.Contains(html, "boom") {
		t.Errorf("listeners are shown %s", html)
	}
	if html := string(b.Rows[2].HTML); !strings.Contains(html, "goes on") {
		t.Errorf("and then %s", html)
	}
	if p := mustView(t, c, ada); len(p.Rows) != 3 {
		t.Errorf("the page has %d rows", len(p.Rows))
	}
	if m, err := c.Messages.Get(t.Context(), ada, "general-talk", 1); err != nil || m.Body != "boom" {
		t.Errorf("kept is %q, %v", m.Body, err)
	}
	if _, err := c.Messages.Edit(t.Context(), ada, "general-talk", 3, "boom again"); err != ErrUnshown { //nolint:errorlint // it is that very one
		t.Error("an edit:", err)
	}
	if row, err := c.Messages.Edit(t.Context(), ada, "general-talk", 1, "better"); err != nil ||
		!strings.Contains(string(row.HTML), "better") {
		t.Error("an edit that mends it:", err)
	}
	log.want(t, "rendering boom", "TestRowThatPanics")
}

// TestFrameThatPanics: rows that cannot be joined are left out, and the others are not.
func TestFrameThatPanics(t *testing.T) {
	var log logBuffer
	c := mustOpen(t, Options{Log: log.log()})
	c.options.Frame = func(rows []Row) []byte {
		for _, row := range rows {
			if strings.Contains(string(row.HTML), "boom") {
				panic("joining")
			}
		}
		return frameRows(rows)
	}
	ada := mustSignIn(t, c, "Ada")
	l := mustListen(t, c, ada, Cursor{})
	takeUntil(t, l, func(b Update) bool { return b.Channels != nil })
	mustPost(t, c, ada, "before")
	mustPost(t, c, ada, "boom")
	mustPost(t, c, ada, "after")
	b := takeUntil(t, l, func(b Update) bool { return len(b.Rows) == 2 })
	if strings.Contains(string(b.Rows[0].HTML), "boom") || !strings.Contains(string(b.Rows[1].HTML), "after") {
		t.Errorf("%s %s", b.Rows[0].HTML, b.Rows[1].HTML)
	}
	log.want(t, "joining")
}

// panickingSubscriber is a subscriber whose methods panic.
type panickingSubscriber struct{ send, wake bool }

func (r panickingSubscriber) Send([]byte) bool {
	if r.send {
		panic("in Send")
	}
	return true
}

func (r panickingSubscriber) Notify() {
	if r.wake {
		panic("in Wake")
	}
}

func (r panickingSubscriber) End(CloseReason) { panic("in End") }

// TestSubscriberThatPanics: it is ended, and the others are not.
func TestSubscriberThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logBuffer
		c := mustOpen(t, Options{Log: log.log()})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		l := mustListen(t, c, bob, Cursor{})
		takeUntil(t, l, func(b Update) bool { return b.Channels != nil })
		at := Cursor{Channel: "general-talk", Epoch: c.Epoch()}
		sends, err := c.Live.Subscribe(t.Context(), ada, at, panickingSubscriber{send: true})
		must(t, err)
		defer sends.Close()
		_, err = sends.Poll(t.Context())
		must(t, err)
		sends.Begin()
		wakes, err := c.Live.Subscribe(t.Context(), ada, at, panickingSubscriber{wake: true})
		must(t, err)
		defer wakes.Close()
		for _, body := range []string{"one", "two"} {
			mustPost(t, c, ada, body)
			takeUntil(t, l, func(b Update) bool { return len(b.Rows) == 1 })
		}
		synctest.Wait()
		for what, listener := range map[string]*Subscription{"Send": sends, "Wake": wakes} {
			if why := listener.Reason(); why != CloseFailed {
				t.Errorf("%s: ended with %d", what, why)
			}
		}
		log.want(t, "in Send", "in Wake", "in End")
	})
}

// panickingBus is a bus whose methods panic.
type panickingBus struct{ hear func(Event) }

func (b *panickingBus) Publish(Event) { panic("in Publish") }

func (b *panickingBus) Subscribe(hear func(Event)) func() {
	b.hear = hear
	return func() { panic("in stop") }
}

// TestBusThatPanics: events are hints, and the database has the truth.
func TestBusThatPanics(t *testing.T) {
	var log logBuffer
	bus := new(panickingBus)
	c := mustOpen(t, Options{Log: log.log(), Bus: bus})
	ada := mustSignIn(t, c, "Ada")
	l := mustListen(t, c, ada, Cursor{})
	mustPost(t, c, ada, "hello")
	takeUntil(t, l, func(b Update) bool { return len(b.Rows) == 1 })
	must(t, c.Close())
	log.want(t, "in Publish", "in stop")
}

// TestWriterGoesOnAfterAPanic: in a change, in its committed function, and outside of both.
func TestWriterGoesOnAfterAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logBuffer
		c := mustOpen(t, Options{Log: log.log()})
		ada := mustSignIn(t, c, "Ada")
		release := hold(t, c) // so that all of it waits for one transaction
		fails := func(apply func(context.Context, *sqlite.Tx) error, committed func()) chan error {
			done := make(chan error, 1)
			go func() { done <- c.writer.update(context.Background(), apply, committed) }()
			return done
		}
		fine := func(context.Context, *sqlite.Tx) error { return nil }
		change := fails(func(context.Context, *sqlite.Tx) error { panic("in a change") }, nil)
		telling := fails(fine, func() { panic("in telling") })
		posted := make(chan error, 1)
		go func() {
			_, _, err := c.Messages.Post(context.Background(), ada, "general-talk", Draft{Body: "hello"})
			posted <- err
		}()
		synctest.Wait()
		release()
		must(t, <-posted)
		for what, done := range map[string]chan error{"in a change": change, "in telling": telling} {
			if err := <-done; err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("the caller of what failed %s gets %v", what, err)
			}
		}
		mustPost(t, c, ada, "goes on")
		log.want(t, "in a change", "in telling")
	})
}

// TestTimersAndLessonsGoOnAfterAPanic: delayed updates, and refreshes after a change, are retried.
func TestTimersAndLessonsGoOnAfterAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logBuffer
		c := mustOpen(t, Options{Log: log.log()})
		told, learned := 0, 0
		c.hub.mu.Lock()
		c.hub.after(time.Second, func() {
			if told++; told == 1 {
				panic("in a timer")
			}
		})
		c.hub.mu.Unlock()
		c.hub.refresh(&refresher{what: "a test"}, func(context.Context) error {
			if learned++; learned < 3 {
				panic("in a lesson")
			}
			return nil
		})
		time.Sleep(time.Second + timerRetry + retryMost)
		synctest.Wait()
		if told != 2 || learned != 3 {
			t.Errorf("told %d times, learned %d times", told, learned)
		}
		log.want(t, "in a timer", "in a lesson")
	})
}

// TestExpiryGoesOnAfterAPanic: a failure for one kind does not keep the others from expiring.
func TestExpiryGoesOnAfterAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := newClock()
		var log logBuffer
		c := mustOpen(t, Options{Now: at.now, Log: log.log(), Dropped: func([]ID) { panic("in Dropped") }})
		synctest.Wait() // the start removes what has expired, too
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		_, err := c.Messages.SavePendingFiles(t.Context(), ada, "general-talk",
			[]Attachment{{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: 3}}, nil)
		must(t, err)
		unsaid := mustDirect(t, c, ada, bob)
		at.advance(pendingFileLifetime + time.Hour)
		if err := c.expireNow(t.Context()); err == nil || !strings.Contains(err.Error(), "in Dropped") {
			t.Error("the failure is told:", err)
		}
		if _, err := c.Channels.Get(t.Context(), ada, unsaid.Slug); ErrorCode(err) != CodeNotFound {
			t.Error("what comes after it was left out:", err)
		}
	})
}
