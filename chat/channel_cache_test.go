package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestListOrder tests that changing channels one by one leaves the list in sorted order.
func TestListOrder(t *testing.T) {
	d := new(channelCache)
	random := rand.New(rand.NewPCG(1, 2))
	facts := make([]Channel, 60)
	for i := range facts {
		facts[i] = Channel{ID: ID(i + 1), Name: fmt.Sprint(random.IntN(30)), Slug: fmt.Sprint("s", i), Kind: Public,
			general: i == 20}
	}
	d.update(facts)
	for n := range 500 {
		ch := *d.byID(facts[random.IntN(len(facts))].ID).info.Load()
		ch.Name, ch.key, ch.Slug, ch.version = fmt.Sprint(random.IntN(1000)), "", fmt.Sprint("t", n), ch.version+1
		d.update([]Channel{ch})
		if all := d.all(); !slices.IsSortedFunc(all, inListOrder) || len(all) != len(facts) || all[0] != d.general() ||
			all[0].ID != 21 {
			t.Fatalf("after %d changes: %d channels, sorted %v", n, len(all), slices.IsSortedFunc(all, inListOrder))
		}
	}
	for _, state := range d.all() {
		if len(state.old) > maxOldSlugs {
			t.Errorf("%d old slugs are kept of one channel", len(state.old))
		}
	}
}

// TestOldSlugsAreBounded: each rename leaves one, in the database and in memory.
func TestOldSlugsAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	a := mustSignIn(t, c, "Ada")
	ch := mustChannel(t, c, a, "n 0", Public)
	for n := range maxOldSlugs + 10 {
		var err error
		if ch, err = c.Channels.Update(t.Context(), a, ch.Slug, ChannelSettings{Name: fmt.Sprintf("n %d", n+1)}); err != nil {
			t.Fatal(err)
		}
	}
	var kept int
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM old_slugs`).Scan(&kept))
	cached := c.hub.channels.bySlug(ch.Slug)
	c.hub.channels.mu.RLock()
	remembered := len(cached.old)
	c.hub.channels.mu.RUnlock()
	if kept != maxOldSlugs || remembered != maxOldSlugs {
		t.Errorf("%d slugs are kept in the database, %d in memory", kept, remembered)
	}
	if c.hub.channels.bySlug("n-59") == nil || c.hub.channels.bySlug("n-3") != nil {
		t.Error("it is not the newest that are kept")
	}
}
