package chat

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

var searchMessages = flag.Int("search.messages", 20_000, "messages that BenchmarkSearch searches")

// fillChannels makes channels with messages of a wordSource, spread evenly, by 50 users.
func fillChannels(tb testing.TB, c *Chat, channels, messages int) (a Actor, slugs []string) {
	tb.Helper()
	words := newWordSource(1)
	a = setRole(tb, c, mustSignIn(tb, c, "Ada"), RoleAdmin)
	ids := make([]ID, channels)
	for i := range ids {
		ch, err := c.Channels.Create(tb.Context(), a, fmt.Sprintf("channel %d", i), Private)
		if err != nil {
			tb.Fatal(err)
		}
		ids[i], slugs = ch.ID, append(slugs, ch.Slug)
	}
	const batch = 100
	seqs := make([]int64, channels)
	for done := 0; done < messages; done += batch {
		err := c.writer.update(tb.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
			first, err := nextNumber(ctx, tx)
			if err != nil {
				return err
			}
			for i := range batch {
				at := (done + i) * 7919 % channels
				seqs[at]++
				if _, err := tx.ExecContext(ctx, `INSERT INTO messages (channel_id, seq, rev, user_id, client_id, body, html,
					continued, files, created_at, edited_at, deleted_at, number)
					VALUES ($1, $2, $2, $3, $4, $5, '', FALSE, 0, $6, 0, 0, $7)`, ids[at], seqs[at], a.ID, fmt.Sprint(done+i),
					words.message(), 1_700_000_000_000+int64(done+i)*1000, first+int64(i)); err != nil {
					return err
				}
			}
			return nil
		}, nil)
		if err != nil {
			tb.Fatal(err)
		}
	}
	for i, id := range ids {
		if err := c.writer.update(tb.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE channels SET last_seq = $1, last_rev = $1 WHERE id = $2`, seqs[i], id)
			return err
		}, nil); err != nil {
			tb.Fatal(err)
		}
	}
	return a, slugs
}

// BenchmarkSearch measures searches in 1,000 channels: for a user who is in ten of them, and for one who is in all. It
// reports the median and the 99th percentile, and how large the index is beside the rest of the database. Run it with
// -search.messages 1000000.
func BenchmarkSearch(b *testing.B) {
	path := tempPath(b)
	c := mustOpen(b, Options{Path: path})
	ada, slugs := fillChannels(b, c, min(1000, *searchMessages/20), *searchMessages)
	before := fileSize(b, c, path)
	began := time.Now()
	for more := true; more; {
		var err error
		if more, err = c.indexStep(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d messages indexed in %v; the database has %d MB, %d of them for the index", *searchMessages,
		time.Since(began), fileSize(b, c, path)>>20, (fileSize(b, c, path)-before)>>20)
	all := mustSignIn(b, c, "Bob")
	ten := mustSignIn(b, c, "Eve")
	for i, slug := range slugs {
		people := []string{"Bob"}
		if i%100 == 0 {
			people = append(people, "Eve")
		}
		for _, name := range people {
			if _, err := c.Channels.AddMember(b.Context(), ada, slug, name); err != nil {
				b.Fatal(err)
			}
		}
	}
	words := newWordSource(2)
	for _, kind := range []struct {
		name string
		next func() string
	}{
		{"common", func() string { return words.words[words.random.IntN(50)] }},
		{"rare", func() string { return words.words[len(words.words)/2+words.random.IntN(len(words.words)/2)] }},
		{"substring", func() string { return words.words[1000+words.random.IntN(50_000)][1:] }},
		{"letters", func() string { return words.invent(1)[:2] }},
		{"han", func() string { return string(rune(0x4e00 + 5*words.random.IntN(3000))) }},
		{"hans", func() string {
			return string([]rune{rune(0x4e00 + 5*words.random.IntN(30)), rune(0x4e00 + 5*words.random.IntN(300))})
		}},
		{"absent", func() string { return words.invent(6) + "qqx" }},
		{"two", func() string { return words.words[words.random.IntN(100)] + " " + words.words[words.random.IntN(1000)] }},
		{"phrase", func() string {
			return `"` + words.words[words.random.IntN(30)] + " " + words.words[words.random.IntN(30)] + `"`
		}},
		{"from", func() string { return "from:Ada " + words.words[words.random.IntN(1000)] }},
		{"in", func() string {
			return fmt.Sprintf("in:%s %s", slugs[100*words.random.IntN(len(slugs)/100)], words.words[words.random.IntN(1000)])
		}},
		{"link", func() string { return "has:link " + words.words[words.random.IntN(1000)] }},
		{"during", func() string { return "during:november -" + words.words[words.random.IntN(1000)] }},
	} {
		for name, a := range map[string]Actor{"all": all, "ten": ten} {
			b.Run(kind.name+"/"+name, func(b *testing.B) {
				var took []time.Duration
				total := 0
				for b.Loop() {
					query := kind.next()
					began := time.Now()
					p, err := c.Messages.Search(b.Context(), a, SearchQuery{Text: query})
					if took = append(took, time.Since(began)); err != nil {
						b.Fatal(err)
					}
					total += p.Total
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
				b.ReportMetric(float64(total)/float64(len(took)), "found")
			})
		}
	}
}

func fileSize(tb testing.TB, c *Chat, path string) (size int64) {
	tb.Helper()
	if _, err := c.db.WritePool().ExecContext(tb.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		tb.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		tb.Fatal(err)
	}
	return info.Size()
}
