package chat

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// lossyBus drops, doubles and delays what it carries.
type lossyBus struct {
	MemoryBus
	drop, double, delay float64
	late                sync.WaitGroup
}

func (b *lossyBus) Publish(e Event) {
	for range 1 + map[bool]int{true: 1}[rand.Float64() < b.double] {
		switch {
		case rand.Float64() < b.drop:
		case rand.Float64() < b.delay:
			b.late.Go(func() {
				time.Sleep(rand.N(50 * time.Millisecond))
				b.MemoryBus.Publish(e)
			})
		default:
			b.MemoryBus.Publish(e)
		}
	}
}

// Two nodes on one database: a message posted on one is shown on the other, in order and once, whatever the bus does.
func TestNodes(t *testing.T) {
	for name, bus := range map[string]*lossyBus{
		"a good bus":                        {},
		"a bus that drops, doubles, delays": {drop: 0.1, double: 0.1, delay: 0.1},
		"a bus that drops everything":       {drop: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := tempPath(t)
				nodes := []*Chat{mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})}
				t.Cleanup(bus.late.Wait)
				const each = 40
				var wg sync.WaitGroup
				for n, node := range nodes {
					a := mustSignIn(t, node, fmt.Sprintf("poster%d", n))
					wg.Go(func() {
						for i := range each {
							if _, _, err := node.Messages.Post(context.Background(), a, "general-talk",
								Draft{Body: fmt.Sprint(n, i)}); err != nil {
								t.Error(err)
							}
						}
					})
				}
				pages := make([]shown, 2*len(nodes))
				for i := range pages {
					node := nodes[i%len(nodes)]
					a := mustSignIn(t, node, fmt.Sprintf("reader%d", i))
					wg.Go(func() { follow(t, node, a, &pages[i], int64(each*len(nodes))) })
				}
				wg.Wait()
				for i, page := range pages {
					if len(page.rows) != each*len(nodes) {
						t.Errorf("page %d shows %d of %d", i, len(page.rows), each*len(nodes))
					}
				}
			})
		})
	}
}

func TestNodesShareNamesChannelsAndSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bus := tempPath(t), new(MemoryBus)
		here, there := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
		ada, bob := mustSignIn(t, here, "Ada"), mustSignIn(t, there, "Bob")
		mustPost(t, here, ada, "hi")
		l := mustListen(t, there, bob, Cursor{})
		adaThere := mustListen(t, there, ada, Cursor{})
		takeUntil(t, l, func(b Update) bool { return len(b.Rows) == 1 })

		if _, err := here.Channels.Create(t.Context(), ada, "Cats", Public); err != nil {
			t.Fatal(err)
		}
		takeUntil(t, l, func(b Update) bool { return len(b.Channels) == 2 })
		if _, err := here.Users.Rename(t.Context(), ada, "Countess"); err != nil {
			t.Fatal(err)
		}
		takeUntil(t, l, func(b Update) bool { return len(b.Profiles) == 1 && b.Profiles[0].Name == "Countess" })
		if err := here.Accounts.SignOut(t.Context(), ada); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantClosed(t, adaThere, CloseSignedOut)
	})
}

// Comparing with the database costs little while nothing changes: of the channels, only their counters are read, and
// everything else of the one that another node has changed.
func TestReconcileReadsWhatHasChanged(t *testing.T) {
	var mu sync.Mutex
	var queries []string
	path := tempPath(t) // without a bus, nothing but this test compares
	there := mustOpen(t, Options{Path: path})
	owner := mustOwn(t, there, "Olga")
	for i := range 3 {
		mustChannel(t, there, owner, fmt.Sprint("Room ", i), Public)
	}
	here := mustOpen(t, Options{Path: path, Trace: func(query string) {
		mu.Lock()
		defer mu.Unlock()
		queries = append(queries, query)
	}})
	read := func() (whole []string) {
		mu.Lock()
		queries = nil
		mu.Unlock()
		here.hub.reconcile()
		mu.Lock()
		defer mu.Unlock()
		for _, q := range queries {
			if strings.Contains(q, "topic") && strings.HasSuffix(q, "ORDER BY id") || strings.Contains(q, "old_slugs") {
				whole = append(whole, q)
			}
		}
		return whole
	}
	if whole := read(); len(whole) > 0 {
		t.Errorf("nothing has changed, and it reads %q", whole)
	}
	mustPost(t, there, owner, "a message changes counters only")
	if whole := read(); len(whole) > 0 {
		t.Errorf("after a message it reads %q", whole)
	}
	if seq := here.hub.channels.general().lastSeq.Load(); seq != 1 {
		t.Errorf("the message is not known: seq %d", seq)
	}
	ch, err := there.Channels.Update(t.Context(), owner, "room-1", ChannelSettings{Name: "Salon"})
	must(t, err)
	if whole := read(); len(whole) != 2 || !strings.Contains(whole[0], "id IN ($1)") {
		t.Errorf("after one change it reads %q", whole)
	}
	if now := here.hub.channels.bySlug(ch.Slug); now == nil || now != here.hub.channels.bySlug("room-1") {
		t.Errorf("%s is not known, or not by its earlier slug", ch.Slug)
	}
}
