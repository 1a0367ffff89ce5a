package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// Five hundred pages reconnect after a restart, each with its cursor, while users go on posting: the history is read
// once for all of them, and each has everything.
func TestReturnsShareOneQuery(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ada := mustSignIn(t, c, "Ada")
	const before, during = 900, 50
	var wg sync.WaitGroup
	for i := range before { // concurrently: they share transactions
		wg.Go(func() {
			if _, _, err := c.Messages.Post(context.Background(), ada, "general-talk", Draft{Body: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = mustOpen(t, Options{Path: path})
	pages := make([]shown, 500)
	for i := range pages {
		pages[i].rev = int64(i) % before
		wg.Go(func() { follow(t, c, ada, &pages[i], before+during) })
	}
	for i := range during {
		if _, _, err := c.Messages.Post(context.Background(), ada, "general-talk",
			Draft{Body: fmt.Sprint(before + i)}); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	for i, page := range pages {
		if want := before + during - i%before; len(page.rows) != want {
			t.Errorf("page %d got %d messages, want %d", i, len(page.rows), want)
		}
	}
	// Queries: the newest rows; their changes; the changes before those; and what was posted while the first were read,
	// before the room had its cursor. Later posts wait for their turn and are never read.
	if n := c.Stats().MessageQueries; n > 4 {
		t.Errorf("%d queries for messages", n)
	}
}
