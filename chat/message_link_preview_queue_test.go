package chat

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Posts never wait: when more wait for their links than the queue holds, the others get no previews.
func TestFullQueueOfLinks(t *testing.T) {
	var log bytes.Buffer
	w := &web{held: true, log: slog.New(slog.NewTextHandler(&log, nil))}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		time.Sleep(time.Minute - time.Duration(c.now().UnixNano()%int64(time.Minute))) // a minute begins
		const more = 5
		var author Actor
		for i := range linkWorkers + maxLinkQueue + more {
			if i%maxLinkedPerMinute == 0 {
				author = mustSignIn(t, c, fmt.Sprint("Author ", i))
			}
			mustPost(t, c, author, fmt.Sprint("https://e.org/", i))
			if i < linkWorkers {
				synctest.Wait() // a worker takes it
			}
		}
		synctest.Wait() // nothing writes to the log
		if n := strings.Count(log.String(), "too many wait"); n != 1 {
			t.Errorf("%d warnings in a minute", n)
		}
		close(w.hold)
		synctest.Wait()
		n := 0
		must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM messages WHERE link_previews > 0`).Scan(&n))
		if n != linkWorkers+maxLinkQueue {
			t.Errorf("%d messages have previews", n)
		}
		if seq := mustPost(t, c, ada, "https://e.org/last").Seq; titles(t, c, ada, seq) != "last" {
			t.Error("the workers have stopped")
		}
	})
}

// A user's links have the server visit only so many pages in a minute, and those of others are visited still.
func TestLinkPreviewsOfOneUser(t *testing.T) {
	w := new(web)
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		time.Sleep(time.Minute - time.Duration(c.now().UnixNano()%int64(time.Minute))) // a minute begins
		bob := mustSignIn(t, c, "Bob")
		previewed := func(a Actor, n int) bool {
			seq := mustPost(t, c, a, fmt.Sprint("https://e.org/", a.Name, n)).Seq
			synctest.Wait()
			return titles(t, c, a, seq) != ""
		}
		for n := range maxLinkedPerMinute + 2 {
			if got := previewed(ada, n); got != (n < maxLinkedPerMinute) {
				t.Errorf("link %d has a preview: %v", n, got)
			}
		}
		if !previewed(bob, 0) {
			t.Error("Bob's link has no preview")
		}
		time.Sleep(time.Minute)
		if !previewed(ada, 100) {
			t.Error("a minute later there is none")
		}
	})
}

// What was posted or edited just before a restart gets its previews after it, and nothing else is fetched again.
func TestLinkPreviewsAfterARestart(t *testing.T) {
	w := new(web)
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path}) // which fetches none, as one that ends at once
	ada, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, mustSetupLink(t, c), openPlace, "Ada", goodPassword)
	must(t, err)
	old := mustPost(t, c, ada, "https://e.org/old").Seq
	mustPost(t, c, ada, "no link")
	edited := mustPost(t, c, ada, "words").Seq
	removed := mustPost(t, c, ada, "www.e.org/removed").Seq
	last := mustPost(t, c, ada, "www.e.org/last").Seq
	mustExec(t, c, `UPDATE messages SET created_at = created_at - $1 WHERE seq IN ($2, $3)`,
		(missedPreviews + time.Minute).Milliseconds(), old, edited)
	_, err = c.Messages.Edit(t.Context(), ada, "general-talk", edited, "https://e.org/edited")
	must(t, err)
	mustExec(t, c, `INSERT INTO message_link_previews (channel_id, seq, url, href, place, number, preview_id)
		SELECT channel_id, seq, 'https://www.e.org/removed', '', 0, 1, 0 FROM messages WHERE seq = $1`, removed)
	must(t, c.Close())
	now := time.Now()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := mustOpen(t, Options{Path: path, Links: w, Now: func() time.Time { return now.Add(time.Since(began)) }})
		for seq, want := range map[int64]string{old: "", edited: "edited", removed: "", last: "last"} {
			if got := titles(t, c, ada, seq); got != want {
				t.Errorf("message %d has %q, want %q", seq, got, want)
			}
		}
	})
	if len(w.fetched) != 2 {
		t.Errorf("fetched: %v", w.fetched)
	}
}

// The chat closes while pages are slow.
func TestClosingEndsFetches(t *testing.T) {
	w := &web{held: true}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		mustPost(t, c, ada, "https://e.org/a")
		mustPost(t, c, ada, "https://e.org/b")
		synctest.Wait()
		must(t, c.Close()) // or the test never ends
		if w.times("https://e.org/a") != 1 {
			t.Error("it was not being fetched")
		}
	})
}
