package chat

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"chitchat/chat/feed"
	"chitchat/chat/sqlite"
)

// BenchmarkPost posts from many users at once: group commit on the disk of this machine.
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
						if _, _, err := c.Messages.Post(context.Background(), a, "general-talk",
							Draft{Body: "three hundred bytes would be a long message here"}); err != nil {
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

// sink is a page that accepts everything at once.
type sink struct{ got *atomic.Int64 }

func (s sink) Send([]byte) bool { s.got.Add(1); return true }
func (sink) Notify()            {}
func (sink) End(CloseReason)    {}

// BenchmarkFanOut sends one message after another to all subscriptions of a room.
func BenchmarkFanOut(b *testing.B) {
	for _, listeners := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprintf("listeners=%d", listeners), func(b *testing.B) {
			c := mustOpen(b, Options{})
			a := mustSignIn(b, c, "Ada")
			r := c.hub.pin(c.general(b))
			defer c.hub.unpin(r)
			if _, err := r.Newest(b.Context()); err != nil {
				b.Fatal(err)
			}
			var got atomic.Int64
			for range listeners {
				l := &Subscription{chat: c.core, actor: a, room: r, to: sink{&got}}
				l.inFeed.Open((*feedSink)(l))
				if _, err := r.Attach(b.Context(), &l.inFeed, 0); err != nil {
					b.Fatal(err)
				}
				l.Writable()
			}
			m := Message{ChannelID: r.ch.ID, ChannelSlug: r.ch.slug(), Author: a.User, Body: "hello"}
			b.ReportAllocs()
			for b.Loop() {
				m.Seq++
				m.Rev++
				r.Append(func() []Row { return c.hub.renderAll([]Message{m}) })
				for got.Load() < m.Seq*int64(listeners) {
					runtime.Gosched()
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(listeners), "ns/delivery")
		})
	}
}

// BenchmarkView opens a warm channel of a hundred messages.
func BenchmarkView(b *testing.B) {
	c := mustOpen(b, Options{})
	a := mustSignIn(b, c, "Ada")
	for i := range feed.RingSize {
		mustPost(b, c, a, fmt.Sprint(i))
	}
	mustView(b, c, a)
	for b.Loop() {
		if _, err := c.Messages.View(b.Context(), a, "general-talk"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareInsert measures SQLite on this machine: the same transactions as the writer's, from a loop that does
// nothing else. Compare it with handlers' BenchmarkPost.
func BenchmarkBareInsert(b *testing.B) {
	for _, batch := range []int{1, 256} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			db, err := openDatabase(b.Context(), Options{Path: tempPath(b)})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close() //nolint:errcheck // the changes are discarded
			ctx := b.Context()
			if _, err := db.WritePool().
				ExecContext(ctx, `INSERT INTO channels (id, slug, name, name_key, created_by, created_at, last_seq, last_rev)
				VALUES (1, 'a', 'a', 'a', 0, 0, 0, 0)`); err != nil {
				b.Fatal(err)
			}
			const width = 11
			insert, err := db.WritePool().PrepareContext(ctx, `INSERT INTO messages
				(channel_id, seq, rev, user_id, client_id, body, continued, files, created_at, edited_at, deleted_at)
				VALUES `+sqlite.Placeholders(1, batch, width))
			if err != nil {
				b.Fatal(err)
			}
			reads, err := db.WritePool().PrepareContext(ctx, `
				INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state) VALUES `+sqlite.Placeholders(1, batch,
				5)+`
				ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq
				WHERE memberships.read_seq < excluded.read_seq`)
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			n := 0
			for n < b.N {
				tx, err := db.WritePool().BeginTx(ctx, nil)
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
					messages = append(messages, 1, n, n, i+1, fmt.Sprintf("client-%09d", n),
						"about a hundred bytes is what most of the messages have that people write to each other in a chat all day",
						false, 0, 1700000000000, 0, 0)
					marks = append(marks, 1, i+1, n, 1700000000000, Seen)
				}
				if _, err := tx.StmtContext(ctx, insert).ExecContext(ctx, messages...); err != nil { //nolint:sqlclosecheck // tx closes it
					b.Fatal(err)
				}
				if _, err := tx.StmtContext(ctx, reads).ExecContext(ctx, marks...); err != nil { //nolint:sqlclosecheck // tx closes it
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

// BenchmarkStatus changes a status while a thousand pages are open, of members or of guests, which all poll: the cost
// of a change besides its commit, without frames and sockets.
func BenchmarkStatus(b *testing.B) {
	const pages = 1000
	for _, role := range []Role{RoleMember, RoleGuest} {
		b.Run(string(role), func(b *testing.B) {
			c := mustOpen(b, Options{})
			ada := mustSignIn(b, c, "Ada")
			woken := make(chan *Subscription, 2*pages)
			for i := range pages {
				a := setRole(b, c, mustSignIn(b, c, fmt.Sprint("p", i)), role)
				w := &waker{woken: woken}
				l, err := c.Live.Subscribe(b.Context(), a, Cursor{Channel: "general-talk", Epoch: c.Epoch()}, w)
				if err != nil {
					b.Fatal(err)
				}
				w.listener.Store(l)
				b.Cleanup(l.Close)
				if _, err := l.Poll(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			var told int
			for b.Loop() {
				if err := c.Users.SetStatus(b.Context(), ada, Status{Emoji: "🍲", Text: fmt.Sprint("lunch ", told)}); err != nil {
					b.Fatal(err)
				}
				for more := true; more; {
					select {
					case l := <-woken:
						batch, err := l.Poll(b.Context())
						if err != nil {
							b.Fatal(err)
						}
						told += len(batch.Profiles)
					default:
						more = false
					}
				}
			}
			b.ReportMetric(float64(told)/float64(b.N), "told/op")
		})
	}
}

// waker is a page that only counts notifications.
type waker struct {
	listener atomic.Pointer[Subscription]
	woken    chan<- *Subscription
}

func (*waker) Send([]byte) bool { return true }
func (*waker) End(CloseReason)  {}
func (w *waker) Notify() {
	if l := w.listener.Load(); l != nil {
		w.woken <- l
	}
}
