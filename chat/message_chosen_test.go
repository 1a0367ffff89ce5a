package chat

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// The lists of what one keeps ask for all of a channel's messages at once, and for all direct conversations: the number
// of queries grows with the channels, not with the messages.
func TestKeptListsAskForEachChannelOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options, queries := countQueries(tempPath(t))
		c := mustOpen(t, options)
		ctx := t.Context()
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		kept := int64(0)
		keep := func(most int64) {
			t.Helper()
			for kept < most {
				kept++
				mustPost(t, c, ada, fmt.Sprint("root ", kept))
				mustReply(t, c, ada, kept, "reply")
				mustReply(t, c, bob, 1, "another reply to the first")
				must(t, c.Messages.Save(ctx, ada, "general-talk", kept, false))
				must(t, c.Messages.Save(ctx, ada, "general-talk/1", kept, false))
			}
			time.Sleep(2 * repliesDelay) // the roots show it
			synctest.Wait()
		}
		pages := map[string]func() (int, error){
			"threads": func() (int, error) {
				l, err := c.Threads.List(ctx, ada, 0)
				return len(l.Rows), err
			},
			"saved": func() (int, error) {
				p, err := c.Messages.Saved(ctx, ada, false, 0)
				return len(p.Messages), err
			},
		}
		few := make(map[string]int)
		for _, most := range []int64{2, 20} {
			keep(most)
			for name, open := range pages {
				var shown int
				asked := queries(func() {
					var err error
					shown, err = open()
					must(t, err)
				})
				if shown < int(most) {
					t.Errorf("the list of %s has %d rows: a test that finds nothing proves nothing", name, shown)
				}
				if most == 2 {
					few[name] = asked
				} else if asked > few[name] {
					t.Errorf("the list of %s asks %d queries for %d rows, and %d for a few", name, asked, shown, few[name])
				}
			}
		}
	})
}
