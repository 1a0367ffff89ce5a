package chat

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// However often faces change, open pages are woken for it at most once in a millisecond for each page; the first change
// is told at once, and the last is not lost.
func TestFacesAreToldTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(&Chat{})
		const pages = 500
		var count atomic.Int64
		var tabs []*Listener
		p := &person{listeners: make(map[*Listener]struct{})}
		for range pages {
			l := &Listener{outlet: counter{&count}}
			p.listeners[l] = struct{}{}
			tabs = append(tabs, l)
		}
		h.people[1], h.growth.pages = p, tabs
		taken := func() {
			for _, l := range tabs {
				l.mu.Lock()
				l.told, l.names = false, false
				l.mu.Unlock()
			}
		}
		h.tellFaces()
		if woken := count.Load(); woken != pages {
			t.Fatalf("%d pages were told of the first change", woken)
		}
		taken()
		for range 100 { // in a tenth of a second
			h.tellFaces()
			time.Sleep(time.Millisecond)
		}
		if woken := count.Load(); woken != pages {
			t.Errorf("%d wake-ups at once", woken)
		}
		time.Sleep(pages * facePause)
		synctest.Wait()
		tabs[0].mu.Lock()
		names := tabs[0].names
		tabs[0].mu.Unlock()
		if woken := count.Load(); woken != 2*pages || !names {
			t.Errorf("%d wake-ups after the pause, want %d", woken, 2*pages)
		}
		taken()
		time.Sleep(pages * facePause)
		h.tellFaces()
		if woken := count.Load(); woken != 3*pages {
			t.Errorf("what comes after a pause has to wait: %d wake-ups", woken)
		}
	})
}

// counter is a page that counts how often it was woken.
type counter struct{ n *atomic.Int64 }

func (counter) Send([]byte) bool { return true }
func (c counter) Wake()          { c.n.Add(1) }
func (counter) End(Closing)      {}
