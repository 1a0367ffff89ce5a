package chat

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"chitchat/chat/sqlite"
)

// tracedQueries records the queries of a program.
type tracedQueries struct {
	mu   sync.Mutex
	list []string
}

func (l *tracedQueries) add(query string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, query)
}

// cut returns the queries since it was last called.
func (l *tracedQueries) cut() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list
	l.list = nil
	return list
}

var (
	placeholder = regexp.MustCompile(`\$\d+`)
	// looksAtAll matches a step of a query's plan that reads every row of a table that grows with what users keep. The
	// index of outdated threads has only those.
	looksAtAll = regexp.MustCompile(`^SCAN (t|f|threads|thread_followers|saved|pins|drafts|d)\b`)
)

// What is removed now and then is found by an index: it must not look at all threads of the workspace, nor at all that
// users keep, in a transaction for which everybody waits.
func TestRemovalsLookAtNothingElse(t *testing.T) {
	var queries tracedQueries
	now := newClock()
	c := mustOpen(t, Options{Trace: queries.add, Now: now.now})
	ctx := t.Context()
	ada, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Eve")
	ch := mustChannel(t, c, ada, "Goes", Public)
	mustWrite(t, c, ada, ch.Slug, "root")
	mustReplyIn(t, c, ada, ch.Slug, "reply")
	must(t, c.Threads.Follow(ctx, eve, ch.Slug, 1))
	_, err := c.Channels.Delete(ctx, ada, ch.Slug)
	must(t, err)
	must(t, c.Accounts.SignOut(ctx, eve))
	now.advance(2 * passerByLifetime)
	queries.cut()
	must(t, c.endNeverPosted(ctx))
	c.purge(ctx)
	asked, looked := strings.Join(queries.cut(), ";\n"), 0
	for query := range strings.SplitSeq(asked, ";\n") {
		if !strings.Contains(query, "thread") {
			continue
		}
		looked++
		plan, err := sqlite.Collect(ctx, c.db, func(row sqlite.Scanner) (step string, err error) {
			var a, b, n int
			return step, row.Scan(&a, &b, &n, &step)
		}, `EXPLAIN QUERY PLAN `+placeholder.ReplaceAllString(query, "1"))
		must(t, err)
		for _, step := range plan {
			if looksAtAll.MatchString(step) {
				t.Errorf("%s\n%s", step, query)
			}
		}
	}
	for _, table := range []string{"DELETE FROM threads", "DELETE FROM thread_followers WHERE user_id"} {
		if !strings.Contains(asked, table) {
			t.Errorf("there is no %s in\n%s", table, asked)
		}
	}
}
