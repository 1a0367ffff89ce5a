package chat

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// However often profiles change, open pages are woken for it at most once in a millisecond for each page; the first
// change is sent at once, and the last is not lost.
func TestProfileUpdatesAreSentTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(&core{})
		const pages = 500
		var count atomic.Int64
		var tabs []*Subscription
		p := &onlineUser{subscriptions: make(map[*Subscription]struct{})}
		for range pages {
			l := &Subscription{to: counter{&count}}
			p.subscriptions[l] = struct{}{}
			tabs = append(tabs, l)
		}
		h.people[1], h.growth.pages = p, tabs
		taken := func() {
			for _, l := range tabs {
				l.mu.Lock()
				l.notified, l.profiles = false, false
				l.mu.Unlock()
			}
		}
		h.notifyProfiles()
		if woken := count.Load(); woken != pages {
			t.Fatalf("%d pages were told of the first change", woken)
		}
		taken()
		for range 100 { // in a tenth of a second
			h.notifyProfiles()
			time.Sleep(time.Millisecond)
		}
		if woken := count.Load(); woken != pages {
			t.Errorf("%d wake-ups at once", woken)
		}
		time.Sleep(pages * profilePause)
		synctest.Wait()
		tabs[0].mu.Lock()
		names := tabs[0].profiles
		tabs[0].mu.Unlock()
		if woken := count.Load(); woken != 2*pages || !names {
			t.Errorf("%d wake-ups after the pause, want %d", woken, 2*pages)
		}
		taken()
		time.Sleep(pages * profilePause)
		h.notifyProfiles()
		if woken := count.Load(); woken != 3*pages {
			t.Errorf("what comes after a pause has to wait: %d wake-ups", woken)
		}
	})
}

// counter is a page that counts its notifications.
type counter struct{ n *atomic.Int64 }

func (counter) Send([]byte) bool { return true }
func (c counter) Notify()        { c.n.Add(1) }
func (counter) End(CloseReason)  {}

// TestFarBehindInNames: a page with a profile rev of 0 got all profiles of the workspace, whoever had it open. It is
// rendered anew.
func TestFarBehindInNames(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	a := mustSignIn(t, c, "Ada")
	mustPost(t, c, a, "hello")
	for i := range maxProfileChanges + 1 {
		mustExec(t, c, `INSERT INTO users (id, name, name_key, name_rev, posted, last_channel_id, created_at)
			VALUES ($1, $2, $2, $3, TRUE, 0, 0)`,
			NewID(), fmt.Sprint("renamed ", i), i+1)
	}
	mustExec(t, c, `UPDATE counters SET value = $1 WHERE name = 'names'`, maxProfileChanges+1)
	must(t, c.Close())
	c = mustOpen(t, Options{Path: path})
	for since, renewed := range map[int64]bool{0: true, 1: false, maxProfileChanges: false} {
		l := mustListen(t, c, a, Cursor{Channel: "general-talk", Since: 1, Epoch: c.Epoch(), ProfileRev: since})
		b, err := l.Take(t.Context())
		if err != nil || (b.Resync != nil) != renewed || renewed && len(b.Profiles) > 0 || !renewed &&
			len(b.Profiles) != int(maxProfileChanges+1-since) {
			t.Errorf("since %d: renewed %v, %d names (%v)", since, b.Resync != nil, len(b.Profiles), err)
		}
	}
}
