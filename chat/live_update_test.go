package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"chitchat/chat/sqlite"
)

// A full batch for two channels, with some retries, some repeated within it, and some refused: each post gets its own
// answer, and new ones are in order without gaps. It is the same when the writer remembers the earlier posts, and when
// it must read them from the database.
func TestBatchOfAllKinds(t *testing.T) {
	t.Run("remembered", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { testBatch(t, func(*known) {}) })
	})
	t.Run("forgotten", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { testBatch(t, func(k *known) { clear(k.came) }) })
	})
}

func testBatch(t *testing.T, before func(*known)) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	garden, err := c.Channels.Create(t.Context(), ada, "Garden", Public)
	must(t, err)
	slugs := []string{"general-talk", garden.Slug}
	const old = 3
	for _, slug := range slugs {
		for i := range old {
			_, _, err := c.Messages.Post(t.Context(), ada, slug, Draft{Body: "old", ClientID: fmt.Sprint("old-", i)})
			must(t, err)
		}
	}
	type answer struct {
		row   Row
		fresh bool
		err   error
	}
	var answers [maxBatch]answer
	draft := func(i int) (slug string, d Draft) {
		d = Draft{Body: fmt.Sprint("text ", i), ClientID: fmt.Sprint("new-", i)}
		switch i % 24 {
		case 10, 11:
			d.ClientID = fmt.Sprint("old-", i%old)
		case 16, 17:
			d.ClientID = fmt.Sprint("new-", i-2) // of the same channel
		case 20:
			d.Kept = []ID{NewID()}
		}
		return slugs[i%2], d
	}
	must(t, c.writer.updateQuietly(t.Context(),
		func(context.Context, *sqlite.Tx) error { before(&c.writer.known); return nil }, nil))
	release := hold(t, c)
	var posting sync.WaitGroup
	for i := range answers {
		posting.Go(func() {
			slug, d := draft(i)
			a := &answers[i]
			a.row, a.fresh, a.err = c.Messages.Post(context.Background(), ada, slug, d)
		})
		synctest.Wait() // it is in the queue
	}
	release()
	posting.Wait()

	last := map[string]int64{slugs[0]: old, slugs[1]: old}
	for i, a := range answers {
		slug, _ := draft(i)
		want, fresh := int64(0), false
		switch i % 24 {
		case 10, 11:
			want = int64(i%old) + 1
		case 16, 17:
			want = answers[i-2].row.Seq
		case 20:
			if ErrorCode(a.err) != CodeInvalid {
				t.Errorf("post %d, with a file that is not there: message %d, %v", i, a.row.Seq, a.err)
			}
			continue
		default:
			last[slug]++
			want, fresh = last[slug], true
		}
		if a.err != nil || a.row.Seq != want || a.fresh != fresh {
			t.Errorf("post %d is message %d of %s, new %v, %v; want %d, %v", i, a.row.Seq, slug, a.fresh, a.err, want, fresh)
		}
	}
	for slug, n := range last {
		p, err := c.Messages.View(t.Context(), ada, slug)
		must(t, err)
		if p.Channel.LastSeq != n || p.Channel.LastRev != n {
			t.Errorf("%s stands at %d and rev %d, want %d", slug, p.Channel.LastSeq, p.Channel.LastRev, n)
		}
		for i, row := range p.Ring.Rows {
			if want := n - int64(len(p.Ring.Rows)-1-i); row.Seq != want {
				t.Fatalf("%s: row %d is message %d, want %d", slug, i, row.Seq, want)
			}
		}
	}
}
