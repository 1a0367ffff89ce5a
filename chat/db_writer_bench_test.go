package chat

import (
	"fmt"
	"testing"
)

// BenchmarkBatch inserts 256 posts of as many users in one transaction: new ones, and ones with some retries, or with
// some that are refused for missing files. The retries are of posts so old that they are not doubted.
func BenchmarkBatch(b *testing.B) {
	for _, of := range []struct {
		repeated, refused int
		forgotten         bool
	}{{}, {repeated: 1}, {repeated: 10}, {repeated: 1, forgotten: true}, {repeated: 10, forgotten: true}, {refused: 10}} {
		b.Run(fmt.Sprintf("repeated=%d/refused=%d/forgotten=%v", of.repeated, of.refused, of.forgotten), func(b *testing.B) {
			c := mustOpen(b, Options{})
			w := &writer{db: c.db, hub: c.hub, known: newKnown(), commits: make(chan []*job, 1)}
			people := make([]Actor, maxBatch)
			for i := range people {
				people[i] = mustSignIn(b, c, fmt.Sprint("p", i))
			}
			channel := c.general(b).ID
			batch := func(round int) []*job {
				jobs := make([]*job, maxBatch)
				for i := range jobs {
					p := &post{feed: c.hub.channels.general(), session: people[i].Session, message: Message{
						ChannelID: channel, ChannelSlug: "general-talk", Author: people[i].User,
						ClientID: fmt.Sprint("client-", round, "-", i),
						Body: "about a hundred bytes is what most of the messages have that people write to each other " +
							"in a chat all day",
						CreatedAt: c.now(),
					}}
					if last := maxBatch - 1 - i; last%25 == 3 && last/25 < of.repeated {
						p.message.ClientID = fmt.Sprint("client-0-", i)
					}
					if last := maxBatch - 1 - i; last%25 == 4 && last/25 < of.refused {
						p.pending = []ID{NewID()}
					}
					jobs[i] = &job{post: p, done: make(chan error, 1)}
				}
				return jobs
			}
			write := func(jobs []*job) {
				if of.forgotten {
					clear(w.known.came)
				}
				w.commit(jobs)
				if done := <-w.commits; len(done) != maxBatch-of.refused {
					b.Fatalf("%d posts were taken", len(done))
				}
			}
			first := batch(0)
			for _, j := range first {
				j.post.pending = nil
			}
			w.commit(first)
			<-w.commits
			for round := 1; b.Loop(); round++ {
				write(batch(round))
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/maxBatch, "µs/post")
		})
	}
}
