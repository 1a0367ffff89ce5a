package faulttest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
)

// What well-behaved users do while others misbehave.
const (
	goodPages = 20
	goodPace  = 50 * time.Millisecond // between messages
)

// bystanders are well-behaved users: they post without a pause, and read it.
type bystanders struct {
	t      *testing.T
	pages  []*page
	poster *client
	acked  map[string]row
	said   atomic.Int64 // len(acked), for other goroutines
	stop   context.CancelFunc
	done   sync.WaitGroup
}

func startBystanders(t *testing.T, app *browsertest.App) *bystanders {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	k := &bystanders{t: t, poster: signIn(t, app.URL, "poster"), acked: make(map[string]row), stop: cancel}
	reader := signIn(t, app.URL, "reader")
	for range goodPages {
		p, err := open(reader)
		if err != nil {
			t.Fatal(err)
		}
		k.pages = append(k.pages, p)
		k.done.Go(func() {
			if err := p.follow(ctx); err != nil {
				t.Error("a good page:", err)
			}
		})
	}
	k.done.Go(func() {
		for n := 1; ctx.Err() == nil; n++ {
			id := fmt.Sprintf("said-poster-%d", n)
			var file *attachment
			if n%10 == 0 {
				file = &attachment{id + ".txt", "the file of " + id}
			}
			status, body, err := k.poster.post(context.Background(), general+"/messages", file, "client_id", id, "body", id)
			list, rowsErr := rows(body)
			if err = errors.Join(err, rowsErr); err != nil || status != 200 || len(list) != 1 {
				t.Errorf("%s was answered with %d, %v, %.300s", id, status, err, body)
				return
			}
			k.acked[id] = list[0]
			k.said.Add(1)
			select {
			case <-ctx.Done():
			case <-time.After(goodPace):
			}
		}
	})
	return k
}

// saysMore waits until so many more messages have been posted.
func (k *bystanders) saysMore(n int64) {
	k.t.Helper()
	enough := k.said.Load() + n
	eventually(k.t, "the good ones go on", func() bool { return k.said.Load() >= enough || k.t.Failed() })
}

// end tests that every bystander's page has received everything, in order, on the one socket that it opened.
func (k *bystanders) end() {
	k.t.Helper()
	k.saysMore(1)
	k.stop()
	k.done.Wait()
	for _, p := range k.pages {
		// Frames in flight when the page closed must not be lost: the page reconnects for them.
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		k.done.Go(func() {
			for p.rev.Load() < int64(len(k.acked)) && ctx.Err() == nil {
				time.Sleep(5 * time.Millisecond)
			}
			cancel()
		})
		if p.sockets.Load() != 1 {
			k.t.Errorf("a good page was cut off %d times", p.sockets.Load()-1)
		}
		if err := p.follow(ctx); err != nil {
			k.t.Error("a good page:", err)
		}
		k.done.Wait()
		checkPage(k.t, p, &ledger{acked: k.acked})
		if p.renewed.Load() != 0 || len(p.said) != len(k.acked) {
			k.t.Errorf("a good page shows %d messages of %d, and was renewed %d times", len(p.said), len(k.acked),
				p.renewed.Load())
		}
	}
	k.t.Logf("%d pages heard %d messages", len(k.pages), len(k.acked))
}
