package faulttest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // reads the program's database beside it

	"chitchat/handlers/browsertest"
)

// Parameters of TestCrash.
const (
	posters    = 16
	aSecond    = 1000 // messages that all of them together try to post
	filesEvery = 10   // one of so many messages of a poster has a file
)

// ledger records what was acknowledged.
type ledger struct {
	mu    sync.Mutex
	acked map[string]row        // by client_id
	files map[string]attachment // by path
	tries map[string]struct{}   // every text that anyone tried to post
}

func (l *ledger) try(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries[id] = struct{}{}
}

func (l *ledger) ack(id string, r row, file *attachment) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked[id] = r
	if file != nil {
		l.files[r.file] = *file
	}
}

// TestCrash kills the program (kill -9) at random moments while users post, reply, react, delete and link to pages,
// and restarts it.
func TestCrash(t *testing.T) {
	t.Parallel()
	app := browsertest.Start(t, "--limit-posts", "0", "--limit-uploads", "0", "--limit-signins", "0", "--log-level",
		"warn", "--no-link-previews=false")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l := &ledger{acked: make(map[string]row), files: make(map[string]attachment), tries: make(map[string]struct{})}
	begun := time.Now()

	var readers, writers sync.WaitGroup
	var pages []*page
	for i := range 3 {
		p, err := open(signIn(t, app.URL, fmt.Sprintf("reader%d", i)))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, p)
		readers.Go(func() {
			if err := p.follow(ctx); err != nil {
				t.Error("a page:", err)
			}
		})
	}
	enough := make(chan struct{})
	pace := make(chan struct{})
	writers.Go(func() { keepPace(pace, enough) })
	for i := range posters {
		p := signIn(t, app.URL, fmt.Sprintf("poster%d", i))
		writers.Go(func() { talk(ctx, t, p, l, pace, enough) })
	}

	openReactions(t, app.URL)
	reacted := newReactionLedger()
	for i := range reactors {
		p := signIn(t, app.URL, fmt.Sprintf("reactor%d", i))
		writers.Go(func() { reacted.react(ctx, t, p, enough) })
	}

	openReplies(t, app.URL)
	replied := newReplyLedger()
	for i := range repliers {
		p := signIn(t, app.URL, fmt.Sprintf("replier%d", i))
		writers.Go(func() { replied.reply(ctx, t, p, enough) })
	}

	linker := signIn(t, app.URL, "linker")
	if status, body, err := linker.post(ctx, "/c", nil, "name", "Links"); err != nil || status >= 300 {
		t.Fatalf("no channel for links: %d, %v, %.300s", status, err, body)
	}

	eraser, erased := signIn(t, app.URL, "eraser"), &eraseLedger{}
	openErased(t, eraser)
	writers.Go(func() { erased.erase(ctx, t, eraser, enough) })

	observer := signIn(t, app.URL, "observer")
	slowest := time.Duration(0)
	for n := range *crashes {
		time.Sleep(rand.N(time.Second))
		app.Kill()
		if n == 0 {
			cacheLinks(t, app.Data)
			writers.Go(func() { link(ctx, t, linker, enough) })
		}
		start := time.Now()
		app.StartAgain()
		status, _, err := observer.get(ctx, general)
		took := time.Since(start)
		slowest = max(slowest, took)
		if err != nil || status != http.StatusOK {
			t.Errorf("crash %d: after %v: %d, %v", n+1, took, status, err)
		}
		seqs := check(t, app.Data, l)
		reacted.check(t, app.Data)
		replied.check(t, app.Data)
		checkLinks(t, app.Data)
		l.checkSearch(t, observer, fmt.Sprint("poster", n%posters))
		erased.checkSearch(t, observer)
		if n%10 == 9 {
			t.Logf("crash %d: %d messages, serving again after %v", n+1, seqs, took)
		}
		if t.Failed() {
			break
		}
	}
	close(enough)
	writers.Wait()
	took := time.Since(begun)
	seqs := check(t, app.Data, l)
	reacted.check(t, app.Data)
	reacted.checkPage(t, observer)
	replied.check(t, app.Data)
	replied.checkRoots(t, observer)
	checkLinks(t, app.Data)
	checkLinkedPage(t, linker)
	for i := range posters {
		l.checkSearch(t, observer, fmt.Sprint("poster", i))
	}
	erased.checkSearch(t, observer)
	checkFiles(t, observer, l)
	eventually(t, "all pages have everything", func() bool { return behind(pages, seqs) == 0 })
	cancel()
	readers.Wait()
	for _, p := range pages {
		checkPage(t, p, l)
		t.Logf("a page: %d rows came again, %d times renewed", p.repeats.Load(), p.renewed.Load())
	}
	t.Logf("%d crashes in %v: %d messages, %d replies, %d files and %d changes of reactions acknowledged, all there, "+
		"%.0f messages/s between; serving again after %v at most",
		*crashes, took.Round(time.Second), len(l.acked), len(replied.acked), len(l.files), reacted.acks,
		float64(seqs)/took.Seconds(),
		slowest.Round(time.Millisecond))
}

// keepPace permits posts at a fixed rate. Unused permits are lost.
func keepPace(pace chan<- struct{}, enough <-chan struct{}) {
	defer close(pace)
	const step = 5 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	for {
		select {
		case <-enough:
			return
		case <-tick.C:
		}
		for range aSecond * int(step) / int(time.Second) {
			select {
			case pace <- struct{}{}:
			default:
			}
		}
	}
}

func talk(ctx context.Context, t *testing.T, p *client, l *ledger, pace <-chan struct{}, enough <-chan struct{}) {
	for n := 1; ; n++ {
		select {
		case <-enough:
			return
		case <-pace:
		}
		id := fmt.Sprintf("said-%s-%d", p.name, n)
		var file *attachment
		if n%filesEvery == 0 {
			file = &attachment{id + ".txt", "the file of " + id}
		}
		l.try(id)
		r, err := p.say(ctx, id, file)
		if err != nil {
			t.Error(err)
			return
		}
		l.ack(id, r, file)
	}
}

// check compares the program's database with what was acknowledged, and returns the number of messages.
func check(t *testing.T, data string, l *ledger) int {
	t.Helper()
	l.mu.Lock()
	acked := make(map[string]row, len(l.acked))
	for id, r := range l.acked {
		acked[id] = r
	}
	l.mu.Unlock()

	tx, end := snapshot(t, data)
	defer end()
	var verdict string
	if err := tx.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("the database is %s, %v", verdict, err)
	}
	list, err := tx.Query(`SELECT m.seq, m.rev, m.client_id, m.body, m.files, c.last_seq, c.last_rev
		FROM messages m JOIN channels c ON c.id = m.channel_id WHERE c.slug = 'general-talk' ORDER BY m.seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = list.Close() }()
	n, last := 0, int64(0)
	seen := make(map[string]int64)
	for list.Next() {
		var r row
		var body string
		var files int
		var lastRev int64
		if err := list.Scan(&r.seq, &r.rev, &r.id, &body, &files, &last, &lastRev); err != nil {
			t.Fatal(err)
		}
		if n++; r.seq != int64(n) || r.rev > lastRev {
			t.Fatalf("message %d stands at place %d with rev %d of %d", r.seq, n, r.rev, lastRev)
		}
		if twin, ok := seen[r.id]; ok || body != r.id {
			t.Errorf("message %d, %q, says %q, and stands at %d too", r.seq, r.id, body, twin)
		}
		seen[r.id] = r.seq
		if ack, ok := acked[r.id]; ok && (ack.seq != r.seq || (ack.file != "") != (files > 0)) {
			t.Errorf("%s was acknowledged as message %d, and is %d; %d files", r.id, ack.seq, r.seq, files)
		}
	}
	if err := list.Err(); err != nil || last != int64(n) {
		t.Errorf("%d messages, and the channel's counter is at %d: %v", n, last, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range seen {
		if _, ok := l.tries[id]; !ok {
			t.Errorf("nobody said %q", id)
		}
	}
	for id, r := range acked {
		if seen[id] == 0 {
			t.Errorf("%s was acknowledged as message %d, and is lost", id, r.seq)
		}
	}
	return n
}

// checkFiles tests that each acknowledged file exists and is complete.
func checkFiles(t *testing.T, p *client, l *ledger) {
	t.Helper()
	for path, file := range l.files {
		if status, body, err := p.get(context.Background(), path); err != nil || status != http.StatusOK ||
			body != file.text {
			t.Errorf("%s: %d, %v, %.100q", path, status, err, body)
		}
	}
}

// checkPage tests that a page has shown everything as it was acknowledged. A page that got the newest messages in place
// of a gap may lack the gap; the rest must be right.
func checkPage(t *testing.T, p *page, l *ledger) {
	t.Helper()
	for id, r := range l.acked {
		if shown, ok := p.said[r.seq]; ok && shown != id || !ok && p.renewed.Load() == 0 {
			t.Errorf("a page shows %q as message %d, which is %s", shown, r.seq, id)
		}
	}
}
