package chat

import (
	"context"
	"sync"

	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

// maxCachedBlocks is the total size of the blocks of the index that are kept in memory, in bytes: enough for a million
// messages. Others are read with each search. Reading takes five times as long as looking through them.
const maxCachedBlocks = 96 << 20

// blockCache holds blocks of the index, which never change: a block that is made anew has another ID. It is empty until
// somebody searches. It is safe for concurrent use.
type blockCache struct {
	mu     sync.Mutex
	blocks map[ID]search.Block
	size   int

	tail       search.Block // of the messages that are not indexed yet
	tailAfter  int64        // their numbers are greater than this
	tailNewest int64        // and up to this
}

func sizeOf(b search.Block) int { return len(b.Words) + len(b.Lists) + len(b.Columns) }

// get returns a block, from read if it is not there.
func (c *blockCache) get(id ID, read func() (search.Block, error)) (search.Block, error) {
	c.mu.Lock()
	b, found := c.blocks[id]
	c.mu.Unlock()
	if found {
		return b, nil
	}
	b, err := read()
	if err != nil {
		return b, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, found := c.blocks[id]; !found && c.size+sizeOf(b) <= maxCachedBlocks {
		if c.blocks == nil {
			c.blocks = make(map[ID]search.Block)
		}
		c.blocks[id] = b
		c.size += sizeOf(b)
	}
	return b, nil
}

// keep drops all blocks but those.
func (c *blockCache) keep(ids map[ID]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, b := range c.blocks {
		if !ids[id] {
			delete(c.blocks, id)
			c.size -= sizeOf(b)
		}
	}
}

// unindexed returns a block of the messages whose numbers are greater than the last indexed one. It is built anew only
// after a change, for which one number at least is new. read reads what is indexed of them.
func (c *blockCache) unindexed(ctx context.Context, q sqlite.Querier, indexed int64,
	read entrySelector) (b search.Block, err error) {
	newest, err := newestNumber(ctx, q)
	if err != nil {
		return b, err
	}
	c.mu.Lock()
	b, known := c.tail, c.tail.Lists != nil && c.tailAfter == indexed && c.tailNewest == newest
	c.mu.Unlock()
	if known {
		return b, nil
	}
	var tail search.Builder
	if err := read(ctx, q, indexed, newest, maxTail, tail.Add); err != nil {
		return b, err
	}
	b = tail.Build()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tail, c.tailAfter, c.tailNewest = b, indexed, newest
	return b, nil
}

// entrySelector is selectEntries, or selectFileEntries.
type entrySelector func(ctx context.Context, q sqlite.Querier, after, last int64, most int,
	add func(search.Entry)) error

// blockContent reads the content of a block.
func blockContent(ctx context.Context, q sqlite.Querier, id ID) (b search.Block, err error) {
	err = q.QueryRowContext(ctx, `SELECT words, lists, columns FROM search_blocks WHERE id = $1`, id).
		Scan(&b.Words, &b.Lists, &b.Columns)
	return b, err
}

// fileBlockContent is blockContent for the texts of files.
func fileBlockContent(ctx context.Context, q sqlite.Querier, id ID) (b search.Block, err error) {
	err = q.QueryRowContext(ctx, `SELECT file_words, file_lists, file_columns FROM search_blocks WHERE id = $1`, id).
		Scan(&b.Words, &b.Lists, &b.Columns)
	return b, err
}
