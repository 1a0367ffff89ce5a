package chat

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// web is the pages of tests: the title of each is the end of its address. It counts how often each is fetched.
type web struct {
	mu      sync.Mutex
	fetched map[string]int
	log     *slog.Logger // of the chat
	held    bool         // pages come when hold is closed; else at once
	hold    chan struct{}
	answer  func(url string) (FetchedLink, error)
}

func (w *web) FetchLink(ctx context.Context, url string) (FetchedLink, error) {
	w.mu.Lock()
	if w.fetched == nil {
		w.fetched = make(map[string]int)
	}
	w.fetched[url]++
	hold, answer := w.hold, w.answer
	w.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return FetchedLink{}, ctx.Err()
		}
	}
	if answer != nil {
		return answer(url)
	}
	return FetchedLink{Title: url[strings.LastIndex(url, "/")+1:]}, nil
}

func (w *web) times(url string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fetched[url]
}

// previewing runs a test in a bubble, where synctest.Wait waits for what was fetched to be shown.
func previewing(t *testing.T, w *web, test func(t *testing.T, c *Chat, ada Actor)) {
	t.Helper()
	path := tempPath(t)
	must(t, mustOpen(t, Options{Path: path}).Close())
	synctest.Test(t, func(t *testing.T) {
		if w.held {
			w.hold = make(chan struct{}) // in the bubble: waiting for it is waiting for nothing outside
		}
		c := mustOpen(t, Options{Path: path, Links: w, Log: w.log})
		synctest.Wait() // it has looked for messages of before
		ada, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, mustSetupLink(t, c), openPlace, "Ada", goodPassword)
		must(t, err)
		test(t, c, ada)
	})
}

// titles returns the titles of a message's previews, after all that waits was fetched.
func titles(t *testing.T, c *Chat, a Actor, seq int64) string {
	t.Helper()
	synctest.Wait()
	m, err := c.Messages.Get(t.Context(), a, "general-talk", seq)
	must(t, err)
	var all []string
	for _, p := range m.LinkPreviews {
		all = append(all, p.Title)
	}
	return strings.Join(all, " ")
}

func TestLinkPreviews(t *testing.T) {
	previewing(t, new(web), func(t *testing.T, c *Chat, ada Actor) {
		page := mustListen(t, c, ada, Cursor{})
		for body, want := range map[string]string{
			"no link":         "",
			"https://e.org/a": "a",
			"https://e.org/a https://e.org/b https://e.org/c":    "a b",
			"https://e.org/a#x https://e.org/a https://e.org/b":  "a b",
			"[words](https://e.org/d) and <https://e.org/e>":     "d e",
			"`https://e.org/a` https://e.org/b":                  "b",
			"```\nhttps://e.org/a\n```":                          "",
			"www.e.org/a mailto:ada@e.org ada@e.org":             "a",
			"> https://e.org/quoted":                             "quoted",
			"https://e.org:8080/a ftp://e.org/b https://x@e.org": "",
			"**https://e.org/bold** @Ada #general-talk":          "bold",
			"[x](javascript://e.org/a)":                          "",
		} {
			row := mustPost(t, c, ada, body)
			if strings.Contains(string(row.HTML), "{") {
				t.Errorf("the post waited: %s", row.HTML)
			}
			if got := titles(t, c, ada, row.Seq); got != want {
				t.Errorf("%q has %q, want %q", body, got, want)
			}
		}
		seq := mustPost(t, c, ada, "https://e.org/a https://e.org/b").Seq
		titles(t, c, ada, seq)
		b, err := page.Take(t.Context())
		must(t, err)
		last := b.Rows[len(b.Rows)-1]
		if !strings.Contains(string(last.HTML), "{https://e.org/a|a|||0} {https://e.org/b|b|||0}") || last.Seq != seq ||
			last.Rev != b.Rows[len(b.Rows)-2].Rev+1 {
			t.Errorf("the page was told %s", last.HTML)
		}
		if fresh := mustView(t, c, ada); string(fresh.Rows[len(fresh.Rows)-1].HTML) != string(last.HTML) {
			t.Error("the next page shows something else")
		}
	})
}
