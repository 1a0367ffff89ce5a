package faulttest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What is deleted in TestCrash: every second message of one user, in a channel of its own.
const (
	erasedPath  = "/c/erased"
	erasePause  = 5 * time.Millisecond
	eraserWords = "said-eraser-"
)

// eraseLedger records what was tried and acknowledged of messages that are deleted.
type eraseLedger struct {
	mu                            sync.Mutex
	tried, acked, erasing, erased int
	lastErased                    string // the text of the last message whose deletion was acknowledged
}

func (l *eraseLedger) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// openErased makes the channel.
func openErased(t *testing.T, p *client) {
	t.Helper()
	if status, body, err := p.post(context.Background(), "/c", nil, "name", "Erased"); err != nil || status >= 400 {
		t.Fatalf("no channel for deletions: %d, %v, %.300s", status, err, body)
	}
}

// erase posts messages, and deletes every second one, until there is enough.
func (l *eraseLedger) erase(ctx context.Context, t *testing.T, p *client, enough <-chan struct{}) {
	tick := time.NewTicker(erasePause)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-enough:
			return
		case <-tick.C:
		}
		id := fmt.Sprint(eraserWords, n)
		l.note(func() { l.tried++ })
		r, err := p.sayIn(ctx, erasedPath, id, nil)
		if err != nil {
			t.Error(err)
			return
		}
		l.note(func() { l.acked++ })
		if n%2 == 1 {
			continue
		}
		l.note(func() { l.erasing++ })
		if err := p.remove(ctx, fmt.Sprintf("%s/%d/delete", erasedPath, r.seq)); err != nil {
			t.Error(err)
			return
		}
		l.note(func() { l.erased, l.lastErased = l.erased+1, id })
	}
}

// remove deletes a message, and tries again until it is acknowledged. Then it may have been deleted already.
func (p *client) remove(ctx context.Context, path string) error {
	for again := false; ; again = true {
		status, body, err := p.post(ctx, path, nil)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil || status >= 500:
			time.Sleep(20 * time.Millisecond)
		case status < 400 || again && status == http.StatusNotFound:
			return nil
		default:
			return fmt.Errorf("%s was refused: %d %.300s", path, status, body)
		}
	}
}

var totalPattern = regexp.MustCompile(` data-total="(\d+)"`)

// search returns how much a search finds, and the rows of its first page.
func (p *client) search(t *testing.T, query string) (total int, html string) {
	t.Helper()
	status, html, err := p.get(context.Background(), "/search?"+url.Values{"q": {query}}.Encode())
	found := totalPattern.FindStringSubmatch(html)
	if err != nil || status != http.StatusOK || found == nil {
		t.Fatalf("a search for %s: %d, %v, %.300s", query, status, err, html)
	}
	total, err = strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return total, html
}

// checkSearch tests that a search finds what a user has posted: all that was acknowledged, and nothing that nobody
// posted. The filters count all of it, and the words find the last.
func (l *ledger) checkSearch(t *testing.T, p *client, author string) {
	t.Helper()
	prefix := "said-" + author + "-"
	count := func() (acked, tried int, last string, seq int64) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for id, r := range l.acked {
			if strings.HasPrefix(id, prefix) {
				if acked++; r.seq > seq {
					last, seq = id, r.seq
				}
			}
		}
		for id := range l.tries {
			if strings.HasPrefix(id, prefix) {
				tried++
			}
		}
		return acked, tried, last, seq
	}
	acked, _, last, seq := count()
	total, _ := p.search(t, "from:"+author+" in:general-talk")
	if _, tried, _, _ := count(); total < acked || total > tried {
		t.Errorf("a search finds %d messages of %s: %d were acknowledged, %d tried", total, author, acked, tried)
	}
	if last == "" {
		return
	}
	if _, html := p.search(t, `"`+last+`"`); !strings.Contains(html, fmt.Sprintf(`href="%s/%d"`, general, seq)) {
		t.Errorf("a search does not find %q, message %d", last, seq)
	}
}

// checkSearch tests that a search does not find what was deleted, and finds the rest.
func (l *eraseLedger) checkSearch(t *testing.T, p *client) {
	t.Helper()
	l.mu.Lock()
	acked, erased, last := l.acked, l.erased, l.lastErased
	l.mu.Unlock()
	total, _ := p.search(t, "from:eraser in:erased")
	l.mu.Lock()
	least, most := acked-l.erasing, l.tried-erased
	l.mu.Unlock()
	if total < least || total > most {
		t.Errorf("a search finds %d messages, not %d to %d, where %d were deleted", total, least, most, erased)
	}
	if last == "" {
		return
	}
	// A later message could only begin with the same text once there are ten times as many.
	if n, _ := p.search(t, `"`+last+`"`); n != 0 {
		t.Errorf("a search finds %q, which was deleted", last)
	}
}
