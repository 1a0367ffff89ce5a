package chat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// A thousand reactions to one message while a page is away: it catches up with one row, and is not rendered anew. So it
// is on a feed that has seen them all, and after a restart.
func TestManyReactionsAreOneRow(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	reader := mustSignIn(t, c, "Reader")
	for i := range 5 {
		mustPost(t, c, reader, fmt.Sprint("message ", i))
	}
	mustView(t, c, reader) // the feed is warm
	const people, kinds = 60, 17
	var reacting sync.WaitGroup
	for i := range people {
		a := mustSignIn(t, c, fmt.Sprint("Person ", i))
		reacting.Go(func() {
			for k := range kinds {
				if _, err := c.Messages.React(context.Background(), a, "general-talk", 3, string(rune(0x1F400+k))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	reacting.Wait()
	const rev = 5 + people*kinds
	check := func(since int64, want string) {
		t.Helper()
		l := mustListen(t, c, reader, Cursor{Since: since})
		b := takeUntil(t, l, func(b Update) bool { return b.Resync != nil || len(b.Rows) > 0 })
		l.Close()
		came := ""
		for _, row := range b.Rows {
			came += fmt.Sprint(row.Seq, " ")
		}
		if b.Resync != nil || came != want {
			t.Fatalf("since %d came %s; renewed: %v", since, came, b.Resync != nil)
		}
		last := b.Rows[len(b.Rows)-1]
		if html := string(last.HTML); last.Rev != rev || strings.Count(html, fmt.Sprintf("%d,", people)) != kinds {
			t.Errorf("since %d: rev %d: %s", since, last.Rev, html)
		}
	}
	check(5, "3 ")
	check(rev/2, "3 ")
	check(4, "5 3 ")
	must(t, c.Close())
	c = mustOpen(t, Options{Path: path})
	check(5, "3 ")
}

// Renaming shows the new name to the next readers.
func TestReactionNames(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	seq := mustPost(t, c, ada, "hello").Seq
	mustReact(t, c, bob, seq, "👍")
	mustView(t, c, ada)
	_, err := c.Users.Rename(t.Context(), bob, "Robert")
	must(t, err)
	wantReactions(t, mustView(t, c, ada).Rows[0], " 👍1,Robert")
}
