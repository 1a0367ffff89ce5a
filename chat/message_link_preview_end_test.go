package chat

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

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
		must(t, c.endUnusedLinkPreviews(t.Context(), maxUnusedPreviews))
		if n, gone := count(), dropped.list(); n != 2 || len(gone) != 0 {
			t.Errorf("%d are left, and %v dropped", n, gone)
		}
		clock.advance(2 * linkPreviewLife)
		must(t, c.endUnusedLinkPreviews(t.Context(), maxUnusedPreviews))
		if n, gone := count(), dropped.list(); n != 1 || !slices.Equal(gone, []ID{8}) {
			t.Errorf("%d are left, and %v dropped", n, gone)
		}
		for i := range 5 {
			mustExec(t, c, `INSERT INTO link_previews VALUES ($1, 'u', 0, $2, '', '', '', 0, 0)`, ID(100+i),
				clock.now().UnixMilli())
		}
		must(t, c.endUnusedLinkPreviews(t.Context(), 3))
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
	must(t, c.endUnusedLinkPreviews(t.Context(), 0))
	left := 0
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM link_previews`).Scan(&left))
	if n := deletions.Load() - before; left != 0 || n != 3 {
		t.Errorf("%d are left after %d deletions", left, n)
	}
}
