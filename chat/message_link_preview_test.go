package chat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/sqlite"
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

func TestLinkPreviewsOfEditedMessages(t *testing.T) {
	previewing(t, new(web), func(t *testing.T, c *Chat, ada Actor) {
		bob := mustSignIn(t, c, "Bob")
		seq := mustPost(t, c, bob, "https://e.org/a https://e.org/b").Seq
		edit := func(body, want string) {
			t.Helper()
			_, err := c.Messages.Edit(t.Context(), bob, "general-talk", seq, body)
			must(t, err)
			if got := titles(t, c, bob, seq); got != want {
				t.Errorf("%q has %q, want %q", body, got, want)
			}
		}
		edit("https://e.org/b and https://e.org/c", "b c")
		edit("https://e.org/c and https://e.org/b", "c b")
		edit("words", "")
		edit("again https://e.org/a https://e.org/b", "a b")

		carol := mustSignIn(t, c, "Carol")
		remove := func(a Actor, url string) error {
			_, err := c.Messages.RemoveLinkPreview(t.Context(), a, "general-talk", seq, url)
			return err
		}
		wantCode(t, remove(carol, "https://e.org/a"), CodeForbidden)
		before := mustView(t, c, ada).Channel.LastRev
		for range 2 {
			must(t, remove(bob, "https://e.org/a"))
		}
		must(t, remove(bob, "https://e.org/none"))
		if after := mustView(t, c, ada).Channel.LastRev; after != before+1 {
			t.Errorf("removing one twice changed %d times", after-before)
		}
		edit("still https://e.org/a https://e.org/b", "b")
		edit("https://e.org/a", "")
		edit("https://e.org/b", "b")
		must(t, remove(ada, "https://e.org/b")) // who may remove the message may do that too
		if got := titles(t, c, bob, seq); got != "" {
			t.Errorf("%q is left", got)
		}
		edit("https://e.org/d", "d")
		_, _, err := c.Messages.Delete(t.Context(), bob, "general-talk", seq)
		must(t, err)
		wantCode(t, remove(bob, "https://e.org/d"), CodeNotFound)
		var left int
		must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM message_link_previews`).Scan(&left))
		if left != 0 {
			t.Errorf("a deleted message leaves %d", left)
		}
	})
}

// What is fetched for a message that changed meanwhile is shown only for links that are still its first ones.
func TestLinkPreviewsThatComeLate(t *testing.T) {
	w := &web{held: true}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		edited := mustPost(t, c, ada, "https://e.org/a https://e.org/b").Seq
		deleted := mustPost(t, c, ada, "https://e.org/c").Seq
		synctest.Wait() // both are being fetched
		_, err := c.Messages.Edit(t.Context(), ada, "general-talk", edited, "https://e.org/b")
		must(t, err)
		_, _, err = c.Messages.Delete(t.Context(), ada, "general-talk", deleted)
		must(t, err)
		close(w.hold)
		if got := titles(t, c, ada, edited); got != "b" {
			t.Errorf("the edited one has %q", got)
		}
		if got := titles(t, c, ada, deleted); got != "" || w.times("https://e.org/c") != 1 {
			t.Errorf("the deleted one has %q", got)
		}
	})
}

// A link is fetched once for all messages, at the same time and for a day; one that failed is tried again after ten
// minutes.
func TestLinksAreFetchedOnce(t *testing.T) {
	w := &web{held: true}
	w.answer = func(url string) (FetchedLink, error) {
		switch {
		case strings.HasSuffix(url, "/gone"):
			return FetchedLink{}, errors.New("gone")
		case strings.HasSuffix(url, "/panic"):
			panic("a parser")
		}
		return FetchedLink{Title: "T\u202e\x01 <b>" + strings.Repeat("x", 300), Description: " a\n\tb ", Site: "\u200b",
			Picture: 7}, nil
	}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		first, second := mustPost(t, c, ada, "https://e.org/a"), mustPost(t, c, ada, "https://e.org/a")
		synctest.Wait()
		close(w.hold)
		want := "T <b>" + strings.Repeat("x", 195)
		for _, row := range []Row{first, second} {
			if got := titles(t, c, ada, row.Seq); got != want {
				t.Errorf("message %d has %q", row.Seq, got)
			}
		}
		m, err := c.Messages.Get(t.Context(), ada, "general-talk", first.Seq)
		if p := m.LinkPreviews[0]; err != nil || p.Description != "a b" || p.Site != "" || p.Picture != 7 {
			t.Errorf("%+v, %v", p, err)
		}
		for after, want := range map[string]map[time.Duration]int{
			"https://e.org/a":     {0: 1, 23 * time.Hour: 1, 2 * time.Hour: 2},
			"https://e.org/gone":  {0: 1, 9 * time.Minute: 1, 2 * time.Minute: 2},
			"https://e.org/panic": {0: 1, 9 * time.Minute: 1, 2 * time.Minute: 2},
		} {
			for _, d := range []time.Duration{0, 23 * time.Hour, 9 * time.Minute, 2 * time.Hour, 2 * time.Minute} {
				n, ok := want[d]
				if !ok {
					continue
				}
				time.Sleep(d)
				titles(t, c, ada, mustPost(t, c, ada, after).Seq)
				if got := w.times(after); got != n {
					t.Errorf("%s was fetched %d times after %v more, want %d", after, got, d, n)
				}
			}
		}
		known, err := c.Messages.KnownFiles(t.Context(), []ID{7, 8})
		if err != nil || !known[7] || known[8] {
			t.Error(known, err)
		}
	})
}

// Posts never wait: when more wait for their links than the queue holds, the others get no previews.
func TestFullQueueOfLinks(t *testing.T) {
	var log bytes.Buffer
	w := &web{held: true, log: slog.New(slog.NewTextHandler(&log, nil))}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		time.Sleep(time.Minute - time.Duration(c.now().UnixNano()%int64(time.Minute))) // a minute begins
		const more = 5
		var author Actor
		for i := range linkWorkers + maxLinkQueue + more {
			if i%linkedByOne == 0 {
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
		for n := range linkedByOne + 2 {
			if got := previewed(ada, n); got != (n < linkedByOne) {
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

func TestLinkPreviewsCanBeHidden(t *testing.T) {
	w := new(web)
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		seq := mustPost(t, c, ada, "https://e.org/a").Seq
		titles(t, c, ada, seq)
		page := mustListen(t, c, ada, Cursor{Since: mustView(t, c, ada).Channel.LastRev})
		hidden := openPlace
		hidden.HideLinkPreviews = true
		for _, step := range []struct {
			as   Workspace
			want bool
		}{{hidden, false}, {openPlace, true}} {
			must(t, c.Admin.UpdateWorkspace(t.Context(), ada, step.as))
			synctest.Wait()
			b, err := page.Take(t.Context())
			must(t, err)
			if b.Resync == nil || strings.Contains(string(b.Resync.Rows[0].HTML), "{") != step.want {
				t.Errorf("an open page gets %+v", b.Resync)
			}
			if got := titles(t, c, ada, seq); (got == "a") != step.want {
				t.Errorf("the message has %q", got)
			}
			if rows := mustView(t, c, ada).Rows; strings.Contains(string(rows[0].HTML), "{") != step.want {
				t.Errorf("a new page has %s", rows[0].HTML)
			}
			if c.Admin.Workspace() != step.as {
				t.Error(c.Admin.Workspace())
			}
			other := mustPost(t, c, ada, "https://e.org/"+step.as.linkPreviews()).Seq
			if got := titles(t, c, ada, other); (got != "") != step.want {
				t.Errorf("a new message has %q", got)
			}
		}
		if w.times("https://e.org/hidden") != 0 {
			t.Error("a hidden preview is fetched")
		}
		log := mustLog(t, c, ada, AuditFilter{Action: "workspace.changed"})
		if len(log) != 2 || !strings.HasSuffix(log[1].Detail, "link previews hidden") {
			t.Error(log)
		}
	})
}

// The picture of a preview is for those who see a message that shows it.
func TestLinkPreviewPictures(t *testing.T) {
	w := &web{answer: func(string) (FetchedLink, error) {
		return FetchedLink{Title: "T", Picture: 7, PictureSize: 9}, nil
	}}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		bob := mustSignIn(t, c, "Bob")
		ch := mustChannel(t, c, ada, "Talk of ours", Private)
		row, _, err := c.Messages.Post(t.Context(), ada, ch.Slug, Draft{Body: "https://e.org/a"})
		must(t, err)
		synctest.Wait()
		see := func(a Actor, seq, number int64) error {
			file, version, err := c.Messages.LinkPreviewPicture(t.Context(), a, ch.Slug, seq, number)
			if err == nil && (file != 7 || !strings.HasPrefix(version, ch.ID.String()+"-")) {
				t.Error(file, version)
			}
			return err
		}
		m, err := c.Messages.Get(t.Context(), ada, ch.Slug, row.Seq)
		must(t, err)
		number := m.LinkPreviews[0].Number
		must(t, see(ada, row.Seq, number))
		u, err := c.Admin.Usage(t.Context(), ada)
		if err != nil || u.LinkPreviews != (FileUsage{1, 9}) || u.Files != u.LinkPreviews {
			t.Errorf("they take %+v, %v", u, err)
		}
		wantCode(t, see(bob, row.Seq, number), CodeNotFound)
		wantCode(t, see(ada, row.Seq, number+1), CodeNotFound)
		wantCode(t, see(ada, row.Seq, 0), CodeNotFound)
		wantCode(t, see(ada, row.Seq+1, number), CodeNotFound)
		_, err = c.Messages.RemoveLinkPreview(t.Context(), ada, ch.Slug, row.Seq, "https://e.org/a")
		must(t, err)
		wantCode(t, see(ada, row.Seq, number), CodeNotFound)
		_, err = c.Messages.Edit(t.Context(), ada, ch.Slug, row.Seq, "words")
		must(t, err)
		_, err = c.Messages.Edit(t.Context(), ada, ch.Slug, row.Seq, "https://e.org/a")
		must(t, err)
		synctest.Wait()
		wantCode(t, see(ada, row.Seq, number), CodeNotFound) // a number is never given again
	})
}

// What was fetched for a private channel is used there only: otherwise another channel would tell of it.
func TestLinkPreviewsTellNothingOfOtherChannels(t *testing.T) {
	w := new(web)
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		secret, other := mustChannel(t, c, ada, "Secret", Private), mustChannel(t, c, ada, "Other", Private)
		public := mustChannel(t, c, ada, "Hall", Public)
		for i, step := range []struct {
			slug string
			want int
		}{{secret.Slug, 1}, {"general-talk", 2}, {public.Slug, 2}, {other.Slug, 3}, {secret.Slug, 3}, {"general-talk", 3}} {
			row, _, err := c.Messages.Post(t.Context(), ada, step.slug, Draft{Body: "https://e.org/a"})
			must(t, err)
			synctest.Wait()
			m, err := c.Messages.Get(t.Context(), ada, step.slug, row.Seq)
			must(t, err)
			if got := w.times("https://e.org/a"); got != step.want || len(m.LinkPreviews) != 1 {
				t.Errorf("step %d, in %s: fetched %d times, want %d; %d previews", i, step.slug, got, step.want,
					len(m.LinkPreviews))
			}
		}
	})
}

// A preview leads where the link did, with the fragment, and an edit changes that.
func TestLinkPreviewsLeadWhereTheLinkDid(t *testing.T) {
	previewing(t, new(web), func(t *testing.T, c *Chat, ada Actor) {
		seq := mustPost(t, c, ada, "https://matrix.to/a#/room").Seq
		for _, href := range []string{"https://matrix.to/a#/room", "https://matrix.to/a#/hall", "https://matrix.to/a"} {
			_, err := c.Messages.Edit(t.Context(), ada, "general-talk", seq, href)
			must(t, err)
			synctest.Wait()
			m, err := c.Messages.Get(t.Context(), ada, "general-talk", seq)
			must(t, err)
			if p := m.LinkPreviews; len(p) != 1 || p[0].Href != href || p[0].URL != "https://matrix.to/a" {
				t.Errorf("%s: %+v", href, p)
			}
		}
	})
}

// What was deleted as unused before it was shown changes nothing: no rev is spent.
func TestLinkPreviewsThatAreGone(t *testing.T) {
	previewing(t, new(web), func(t *testing.T, c *Chat, ada Actor) {
		seq := mustPost(t, c, ada, "no link").Seq
		mustExec(t, c, `UPDATE messages SET body = 'https://e.org/a', html = '' WHERE seq = $1`, seq)
		before := mustView(t, c, ada).Channel.LastRev
		var changed bool
		must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
			result, err := c.showLinkPreviews(ctx, tx, c.general(t), seq, map[string]ID{"https://e.org/a": 5})
			changed = result.changed
			return err
		}, nil))
		m, err := c.Messages.Get(t.Context(), ada, "general-talk", seq)
		must(t, err)
		if changed || m.Rev != before {
			t.Errorf("rev %d became %d", before, m.Rev)
		}
	})
}

// What no message shows goes when it is old, with its picture, and so does what is more than the cache holds; what a
// message shows stays.
func TestUnusedLinkPreviewsGo(t *testing.T) {
	var dropped droppedFiles
	clock := newClock()
	w := &web{answer: func(url string) (FetchedLink, error) {
		return FetchedLink{Title: "T", Picture: map[bool]ID{true: 7, false: 8}[strings.HasSuffix(url, "/kept")]}, nil
	}}
	path := tempPath(t)
	must(t, mustOpen(t, Options{Path: path}).Close())
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{Path: path, Links: w, Now: clock.now, Dropped: dropped.drop})
		ada := mustSignIn(t, c, "Ada")
		mustPost(t, c, ada, "https://e.org/kept")
		gone := mustPost(t, c, ada, "https://e.org/gone")
		synctest.Wait()
		_, _, err := c.Messages.Delete(t.Context(), ada, "general-talk", gone.Seq)
		must(t, err)
		count := func() (n int) {
			must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM link_previews`).Scan(&n))
			return n
		}
		must(t, c.endUnusedPreviews(t.Context()))
		if n, gone := count(), dropped.list(); n != 2 || len(gone) != 0 {
			t.Errorf("%d are left, and %v dropped", n, gone)
		}
		clock.advance(2 * linkPreviewLife)
		must(t, c.endUnusedPreviews(t.Context()))
		if n, gone := count(), dropped.list(); n != 1 || !slices.Equal(gone, []ID{8}) {
			t.Errorf("%d are left, and %v dropped", n, gone)
		}
		for i := range 5 {
			mustExec(t, c, `INSERT INTO link_previews VALUES ($1, 'u', 0, $2, '', '', '', 0, 0)`, ID(100+i),
				clock.now().UnixMilli())
		}
		must(t, c.endUnusedPreviewsBut(t.Context(), 3))
		if count() != 1+3 {
			t.Errorf("%d are left", count())
		}
	})
}

// However many go at once, each transaction deletes few: posts do not wait for long.
func TestUnusedLinkPreviewsGoInBatches(t *testing.T) {
	var deletions atomic.Int64
	c := mustOpen(t, Options{Trace: func(query string) {
		if strings.HasPrefix(query, "DELETE FROM link_previews") {
			deletions.Add(1)
		}
	}})
	mustExec(t, c, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture, picture_size)
		SELECT i, 'u', 0, $2, '', '', '', 0, 0 FROM n`, 3*purgedAtOnce, c.now().UnixMilli()) // no sweep of its own takes them
	before := deletions.Load()
	must(t, c.endUnusedPreviewsBut(t.Context(), 0))
	left := 0
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM link_previews`).Scan(&left))
	if n := deletions.Load() - before; left != 0 || n != 3 {
		t.Errorf("%d are left after %d deletions", left, n)
	}
}

func TestCleanPreviewText(t *testing.T) {
	for text, want := range map[string]string{
		"Z\u0351\u036b\u0343\u0349\u0340\u0341x": "Z\u0351\u036b\u0343x",
		"e\u0301 a\u0301":                        "e\u0301 a\u0301",
		"1\ufe0f\u20e3":                          "1\ufe0f\u20e3",
	} {
		if got := cleanPreviewText(text, 100); got != want {
			t.Errorf("%+q: %+q, want %+q", text, got, want)
		}
	}
}
