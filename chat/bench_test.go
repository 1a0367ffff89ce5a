package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// BenchmarkPost posts from many people at once: group commit against the disk of this machine.
func BenchmarkPost(b *testing.B) {
	for _, people := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			c := mustOpen(b, Options{})
			actors := make([]Actor, people)
			for i := range actors {
				actors[i] = mustSignIn(b, c, fmt.Sprintf("p%d", i))
			}
			next := make(chan struct{}, b.N)
			for range b.N {
				next <- struct{}{}
			}
			close(next)
			b.ResetTimer()
			var wg sync.WaitGroup
			for _, a := range actors {
				wg.Go(func() {
					for range next {
						if _, _, err := c.Post(context.Background(), a, "general-talk", Draft{Body: "three hundred bytes would be a long message here"}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

// BenchmarkFanOut hands one message after another to a thousand listeners that take at once.
func BenchmarkFanOut(b *testing.B) {
	c := mustOpen(b, Options{})
	a := mustSignIn(b, c, "Ada")
	r := c.hub.pin(c.general(b))
	defer c.hub.unpin(r)
	if err := r.fill(b.Context()); err != nil {
		b.Fatal(err)
	}
	const listeners = 1000
	for range listeners {
		l := &Listener{chat: c, actor: a, ready: make(chan struct{}, 1), done: make(chan struct{}), unread: map[ID]struct{}{}}
		r.listeners[l] = struct{}{}
	}
	m := Message{ChannelID: r.ch.ID, ChannelSlug: r.ch.slug(), Author: a.User, Body: "hello"}
	b.ReportAllocs()
	for b.Loop() {
		m.Seq++
		m.Rev++
		r.apply([]Message{m})
		for l := range r.listeners {
			l.mu.Lock()
			l.rows, l.bytes = l.rows[:0], 0
			l.mu.Unlock()
		}
	}
	b.ReportMetric(float64(b.N)*listeners/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkView opens a warm channel of a hundred messages.
func BenchmarkView(b *testing.B) {
	c := mustOpen(b, Options{})
	a := mustSignIn(b, c, "Ada")
	for i := range ringSize {
		mustPost(b, c, a, fmt.Sprint(i))
	}
	mustView(b, c, a)
	for b.Loop() {
		if _, err := c.View(b.Context(), a, "general-talk"); err != nil {
			b.Fatal(err)
		}
	}
}
