package chat

import (
	"testing"
	"time"
)

// Updates for all pages wait longer the more pages there are, so that they never take more than a part of a core.
func TestNewsForAllIsSparing(t *testing.T) {
	c := mustOpen(t, Options{})
	for pages, want := range map[int]time.Duration{
		0: onlineDelay, 1: onlineDelay, int(onlineDelay / onlinePause): onlineDelay,
		1000: 200 * time.Millisecond, 10_000: 2 * time.Second,
	} {
		c.hub.mu.Lock()
		was := c.hub.growth.pages
		c.hub.growth.pages = make([]*Subscription, pages)
		got := c.hub.sparing(onlineDelay)
		c.hub.growth.pages = was
		c.hub.mu.Unlock()
		if got != want {
			t.Errorf("with %d pages it waits %v, want %v", pages, got, want)
		}
	}
}
