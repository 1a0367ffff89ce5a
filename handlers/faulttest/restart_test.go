package faulttest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
)

// Parameters of TestRestart.
const (
	openSockets = 1000
	perPerson   = 20
	around      = 50 // messages posted before, during and after the restart
)

// TestRestart restarts the program under a thousand open sockets, while users post. chat's TestReturnsShareOneQuery
// tests how often the history is read for them; task load -- storm measures how soon they have caught up.
func TestRestart(t *testing.T) {
	t.Parallel()
	sockets := openSockets
	if browsertest.RaceDetector {
		sockets /= 5
	}
	app := browsertest.Start(t, "--limit-posts", "0", "--limit-signins", "0", "--log-level", "warn")
	ctx, cancel := context.WithCancel(context.Background())
	var readers sync.WaitGroup
	defer readers.Wait()
	defer cancel()
	var pages []*page
	for i := range sockets / perPerson {
		reader := signIn(t, app.URL, fmt.Sprintf("reader%d", i))
		for range perPerson {
			p, err := open(reader)
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
	}
	poster := signIn(t, app.URL, "poster")
	acked := make(map[string]row)
	say := func(n int) {
		t.Helper()
		for range n {
			id := fmt.Sprintf("said-poster-%d", len(acked)+1)
			r, err := poster.say(ctx, id, nil)
			if err != nil {
				t.Fatal(err)
			}
			acked[id] = r
		}
	}
	wait := func() {
		t.Helper()
		eventually(t, "all pages have everything", func() bool { return behind(pages, len(acked)) == 0 })
	}
	say(around / 5)
	wait() // all are connected

	posted := make(chan struct{})
	go func() { // continues while the program is down
		defer close(posted)
		say(around * 3 / 5)
	}()
	begun := time.Now()
	app.Stop()
	stopped := time.Now()
	app.StartAgain()
	listens := time.Now()
	<-posted
	say(around / 5)
	wait()
	t.Logf("%d sockets have all of %d messages %v after the program listened again; it had stopped in %v "+
		"and started in %v",
		len(pages), len(acked), time.Since(listens).Round(time.Millisecond), stopped.Sub(begun).
			Round(time.Millisecond), listens.Sub(stopped).Round(time.Millisecond))
	if status, _, err := poster.get(ctx, general); err != nil || status != http.StatusOK {
		t.Error(status, err)
	}
	cancel()
	readers.Wait()
	for _, p := range pages {
		if len(p.said) != around || p.renewed.Load() > 0 {
			t.Errorf("a page shows %d messages, and was renewed %d times", len(p.said), p.renewed.Load())
		}
		for id, r := range acked {
			if p.said[r.seq] != id {
				t.Errorf("a page shows %q as message %d, which is %s", p.said[r.seq], r.seq, id)
			}
		}
	}
}
