package chat

import (
	"slices"
	"testing"
	"testing/synctest"
)

// The connection of a page becomes free again for its channel's rows at any time: also while what the page missed of a
// thread is still to be handed over. The rows that follow it do not come before it.
func TestThreadBeginsWithWhatWasMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		mustPost(t, c, ada, "root")
		mustReply(t, c, ada, 1, "missed")
		page := mustListen(t, c, ada, Cursor{})
		takeUntil(t, page, func(b Update) bool { return b.Channels != nil })
		must(t, page.ShowThread(t.Context(), Cursor{Thread: 1, Epoch: c.Epoch()}))
		page.Writable()
		mustReply(t, c, ada, 1, "follows")
		synctest.Wait()
		page.mu.Lock()
		early := slices.ContainsFunc(page.frames, func(row Row) bool { return row.Thread })
		page.mu.Unlock()
		got := takeUntil(t, page, func(b Update) bool {
			return slices.ContainsFunc(b.Rows, func(row Row) bool { return row.Thread && row.Seq == 2 })
		})
		if early || !slices.ContainsFunc(got.Rows, func(row Row) bool { return row.Thread && row.Seq == 1 }) {
			t.Errorf("a reply came before the one that was missed: %v, %+v", early, got.Rows)
		}
	})
}
