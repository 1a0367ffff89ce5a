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

// BenchmarkBareInsert is what SQLite takes on this machine: the same transactions as the writer's, from a loop that does
// nothing else. It stands beside handlers' BenchmarkPost.
func BenchmarkBareInsert(b *testing.B) {
	for _, batch := range []int{1, 256} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			db, err := openDatabase(b.Context(), tempPath(b), false)
			if err != nil {
				b.Fatal(err)
			}
			defer db.close() //nolint:errcheck // nothing is to be kept
			ctx := b.Context()
			if _, err := db.write.ExecContext(ctx, `INSERT INTO channels (id, slug, name, name_key, created_by, created_at, last_seq, last_rev)
				VALUES (1, 'a', 'a', 'a', 0, 0, 0, 0)`); err != nil {
				b.Fatal(err)
			}
			const width = 11
			insert, err := db.write.PrepareContext(ctx, `INSERT INTO messages
				(channel_id, seq, rev, user_id, client_id, body, continued, files, created_at, edited_at, deleted_at)
				VALUES `+valueLists(1, batch, width))
			if err != nil {
				b.Fatal(err)
			}
			reads, err := db.write.PrepareContext(ctx, `
				INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state) VALUES `+valueLists(1, batch, 5)+`
				ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq
				WHERE memberships.read_seq < excluded.read_seq`)
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			n := 0
			for n < b.N {
				tx, err := db.write.BeginTx(ctx, nil)
				if err != nil {
					b.Fatal(err)
				}
				var seq, rev int64
				if err := tx.QueryRowContext(ctx, `UPDATE channels SET last_seq = last_seq + $1, last_rev = last_rev + $1
					WHERE id = $2 RETURNING last_seq, last_rev`, batch, 1).Scan(&seq, &rev); err != nil {
					b.Fatal(err)
				}
				messages, marks := make([]any, 0, width*batch), make([]any, 0, 5*batch)
				for i := range batch {
					n++
					messages = append(messages, 1, n, n, i+1, fmt.Sprintf("client-%09d", n), "about a hundred bytes is what most of the messages have that people write to each other in a chat all day",
						false, 0, 1700000000000, 0, 0)
					marks = append(marks, 1, i+1, n, 1700000000000, Seen)
				}
				if _, err := tx.StmtContext(ctx, insert).ExecContext(ctx, messages...); err != nil {
					b.Fatal(err)
				}
				if _, err := tx.StmtContext(ctx, reads).ExecContext(ctx, marks...); err != nil {
					b.Fatal(err)
				}
				if err := tx.Commit(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
