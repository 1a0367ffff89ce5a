package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// A user who is removed while they post, join and invite stays out: no call in progress brings them back.
func TestRemovalWinsTheRace(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	ch := mustChannel(t, c, ada, "Plans", Private)
	for round := range 20 {
		if _, err := c.Channels.AddMember(t.Context(), ada, ch.Slug, "Bob"); err != nil {
			t.Fatal(err)
		}
		var racing sync.WaitGroup
		stop := make(chan struct{})
		for i := range 6 {
			racing.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					switch ctx := context.Background(); i % 3 { // refusals are correct
					case 0:
						_, _, _ = c.Messages.Post(ctx, bob, ch.Slug, Draft{Body: fmt.Sprint("round ", round)})
					case 1:
						_ = c.Channels.Join(ctx, bob, ch.Slug)
					case 2:
						_, _ = c.Channels.AddMember(ctx, bob, ch.Slug, "Eve")
					}
				}
			})
		}
		err := c.Channels.RemoveMember(t.Context(), ada, ch.Slug, bob.ID)
		_ = c.Channels.RemoveMember(t.Context(), ada, ch.Slug, eve.ID) // if she was let in
		_, in := c.Channels.Get(t.Context(), bob, ch.Slug)
		close(stop)
		racing.Wait()
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, in, CodeNotFound)
		for name, a := range map[string]Actor{"Bob": bob, "Eve": eve} {
			if _, err := c.Channels.Get(t.Context(), a, ch.Slug); ErrorCode(err) != CodeNotFound {
				t.Fatalf("round %d: %s is in again: %v", round, name, err)
			}
		}
	}
}
