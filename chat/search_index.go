package chat

import (
	"context"
	"slices"
	"time"

	"chitchat/chat/guard"
	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

// The index follows the messages: what was posted since is read with each search, until there is enough of it for a
// block. Small blocks are joined later, and blocks with outdated numbers are made anew, so that nothing of a deleted
// message is left in them for long. Each is one transaction, so that a crash leaves the index as it was before or as it
// is after.

const (
	maxTail     = 4096            // messages that are not indexed and that a search reads
	maxSmall    = 64              // small blocks; more are joined
	smallBlock  = 1 << 13         // entries; a block with as many stays as it is
	maxSize     = 8 << 20         // bytes of the texts of a block, so that making it takes no more memory than that
	smallSize   = 4 << 20         // as smallBlock
	staleFor    = 5 * time.Minute // a block with an outdated number is made anew so long after
	indexPeriod = time.Minute     // how often that is looked at
)

// index indexes until the chat is closed.
func (c *core) index() {
	tick := time.NewTicker(indexPeriod)
	defer tick.Stop()
	for {
		_ = guard.Run(c.options.Log, "indexing", func() { // it is tried again
			if err := c.indexNow(c.background); err != nil && c.background.Err() == nil {
				c.options.Log.Error("indexing messages for search", "error", err)
			}
		})
		select {
		case <-c.unindexed.enough:
		case <-tick.C:
		case <-c.background.Done():
			return
		}
	}
}

// indexNow does everything that is to be done now. After each step it rests for as long as the step took, twice, so
// that others have the processor and the writer.
func (c *core) indexNow(ctx context.Context) error {
	before, err := c.messagesToNumber(ctx)
	if err != nil {
		return err
	}
	told := 0
	for {
		began := c.options.Now()
		more, err := c.indexStep(ctx)
		if err != nil || !more {
			if before.all > 0 && err == nil {
				c.options.Log.Info("all messages are indexed for search")
			}
			return err
		}
		if before.all > 0 {
			if now, err := c.messagesToNumber(ctx); err == nil && now.Percent() >= told+10 {
				told = now.Percent()
				c.options.Log.Info("indexing older messages for search", "percent", told)
			}
		}
		select {
		case <-time.After(2 * c.options.Now().Sub(began)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// indexStep does one thing that is to be done, the most urgent one, and reports whether there may be more.
func (c *core) indexStep(ctx context.Context) (more bool, err error) {
	blocks, err := selectBlocks(ctx, c.db)
	if err != nil {
		return false, err
	}
	indexed := int64(0)
	if len(blocks) > 0 {
		indexed = blocks[0].last
	}
	newest, err := newestNumber(ctx, c.db)
	if err != nil {
		return false, err
	}
	if newest-indexed >= minIndexed || newest > indexed && c.unindexed.size.Load() >= minIndexedSize {
		c.unindexed.reset()
		return true, c.indexRange(ctx, indexed+1, newest)
	}
	if first, last := smallBlocks(blocks); first > 0 {
		return true, c.indexRange(ctx, first, last)
	}
	if more, err := updateQuietlyValue(ctx, c.writer, numberSome, nil); err != nil || more {
		return more, err
	}
	return c.refreshBlock(ctx)
}

// smallBlocks returns the range of the newest blocks if they are to be joined, else 0. blocks has the newest first.
func smallBlocks(blocks []searchBlock) (first, last int64) {
	var n, entries, size int64
	for _, b := range blocks {
		if b.entries >= smallBlock || b.size >= smallSize {
			break
		}
		n, entries, size, first = n+1, entries+b.entries, size+b.size, b.first
	}
	if n < 2 || n < maxSmall && entries < search.MaxEntries && size < maxSize {
		return 0, 0
	}
	return first, blocks[0].last
}

// refreshBlock makes a block anew whose numbers are outdated, if one has been for long.
func (c *core) refreshBlock(ctx context.Context) (done bool, err error) {
	var first, last int64
	err = c.db.QueryRowContext(ctx, `SELECT b.first, b.last FROM search_stale s
		JOIN search_blocks b ON b.first = (SELECT max(first) FROM search_blocks WHERE first <= s.number)
			AND s.number <= b.last
		WHERE s.at <= $1 LIMIT 1`, c.now().Add(-staleFor).UnixMilli()).Scan(&first, &last)
	if err != nil {
		return false, ignoreNoRows(err)
	}
	return true, c.indexRange(ctx, first, last)
}

// builtBlock is a block with its content.
type builtBlock struct {
	searchBlock
	content search.Block
	files   search.Block // of the texts of files
}

// indexRange makes blocks of the numbers from first to last, in place of those that there are. Of a long range it takes
// what fits into a block, if no block begins behind it.
func (c *core) indexRange(ctx context.Context, first, last int64) error {
	var blocks []builtBlock
	var stale []int64
	if err := c.db.Snapshot(ctx, func(q sqlite.Querier) error {
		var ends int64
		if err := q.QueryRowContext(ctx, `SELECT COALESCE(max(last), 0) FROM search_blocks`).Scan(&ends); err != nil {
			return err
		}
		for from := first; from <= last; {
			b, err := buildBlock(ctx, q, from, last)
			if err != nil {
				return err
			}
			blocks, from = append(blocks, b), b.last+1
			if from > ends {
				last = b.last
			}
		}
		var err error
		stale, err = selectStale(ctx, q, first, last)
		return err
	}); err != nil {
		return err
	}
	return c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		return replaceBlocks(ctx, tx, first, last, blocks, stale)
	}, nil)
}

// entriesAtOnce is how many entries are read at a time.
const entriesAtOnce = 1024

// buildBlock makes a block of the numbers from first, up to last, or to where it is full.
func buildBlock(ctx context.Context, q sqlite.Querier, first, last int64) (b builtBlock, err error) {
	var builder, files search.Builder
	b.first, b.last = first, first-1
	if last, err = fitFiles(ctx, q, first, last); err != nil {
		return b, err
	}
	for b.last < last && b.size < maxSize && builder.Len() < search.MaxEntries {
		n := 0
		after := b.last
		if err := selectEntries(ctx, q, after, last, entriesAtOnce, func(e search.Entry) {
			n++
			b.size += int64(len(e.Text))
			b.last = e.Number
			builder.Add(e)
		}); err != nil {
			return b, err
		}
		if n < entriesAtOnce {
			b.last = last
		}
	}
	if err := selectFileEntries(ctx, q, first-1, b.last, search.MaxEntries, func(e search.Entry) {
		b.size += int64(len(e.Text))
		files.Add(e)
	}); err != nil {
		return b, err
	}
	b.entries, b.content, b.files = int64(builder.Len()), builder.Build(), files.Build()
	return b, nil
}

// IndexProgress says how much of the messages can be found: those that were there before there was an index are added
// to it in the background.
type IndexProgress struct{ done, all int64 }

// Whole reports whether all messages can be found.
func (p IndexProgress) Whole() bool { return p.all == 0 }

// Percent returns how much of the messages can be found.
func (p IndexProgress) Percent() int {
	if p.all == 0 {
		return 100
	}
	return int(100 * p.done / p.all)
}

// messagesToNumber returns how far the messages of before are numbered.
func (c *core) messagesToNumber(ctx context.Context) (p IndexProgress, err error) {
	channel, seq, err := numbered(ctx, c.db)
	if err != nil || channel < 0 {
		return p, err
	}
	err = c.db.QueryRowContext(ctx, `SELECT COALESCE(sum(CASE WHEN id < $1 THEN last_seq ELSE 0 END), 0) + $2,
		COALESCE(sum(last_seq), 0) + 1 FROM (SELECT id, last_seq FROM channels UNION ALL SELECT id, last_seq FROM threads)
		feeds`, channel, seq).Scan(&p.done, &p.all)
	return p, err
}

// newestStale is the number of outdated numbers that a search can leave out; there are more only for a moment, after
// the deletion of a large channel, whose messages nobody sees any more.
const newestStale = 100_000

func staleNumbers(ctx context.Context, q sqlite.Querier) ([]int64, error) {
	stale, err := sqlite.Collect(ctx, q, sqlite.Single[int64],
		`SELECT number FROM search_stale ORDER BY number DESC LIMIT $1`, newestStale)
	slices.Reverse(stale)
	return stale, err
}
