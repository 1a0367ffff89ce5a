package chat

import (
	"context"
	"slices"

	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

// newestHits keeps the newest of the hits that are added, and counts all.
type newestHits struct {
	list  []search.Hit // the newest ones, and others
	most  int
	total int
	floor search.Hit // if list was cut: the oldest that was kept
}

func (n *newestHits) add(h search.Hit) {
	n.total++
	if n.floor.Number > 0 && search.Newer(n.floor, h) < 0 {
		return
	}
	n.list = append(n.list, h)
	if len(n.list) >= 2*n.most {
		n.cut()
		n.floor = n.list[len(n.list)-1]
	}
}

// cut sorts the list and drops all but the newest ones.
func (n *newestHits) cut() {
	slices.SortFunc(n.list, search.Newer)
	n.list = n.list[:min(len(n.list), n.most)]
}

// find returns the hits of the page, and counts all.
func (p *searchPlan) find(ctx context.Context, q sqlite.Querier, page *SearchPage) ([]foundPlace, error) {
	hits, err := p.findPage(ctx, q, page)
	if err != nil {
		return nil, err
	}
	return placesOf(ctx, q, hits)
}

func (p *searchPlan) findPage(ctx context.Context, q sqlite.Querier, page *SearchPage) (hits []search.Hit, err error) {
	from, to := page.Page*SearchPageSize, (page.Page+1)*SearchPageSize
	found := newestHits{most: to}
	if !p.query.Exact() {
		found.most = maxRead
	}
	if err := p.findAll(ctx, q, found.add); err != nil {
		return nil, err
	}
	found.cut()
	page.Total, hits = found.total, found.list
	if !p.query.Exact() {
		if hits, err = p.readTexts(ctx, q, hits); err != nil {
			return nil, err
		}
		page.Total, page.AtLeast = len(hits), found.total > maxRead
	}
	return hits[min(from, len(hits)):min(to, len(hits))], nil
}

// before returns the newest hits that are before a place in the list of all, at most so many. The plan's query is
// exact, or the caller reads what they hold.
func (p *searchPlan) before(ctx context.Context, at ListPlace, most int) (hits []foundPlace, err error) {
	found := newestHits{most: most}
	err = p.c.db.Snapshot(ctx, func(q sqlite.Querier) error {
		if err := p.findAll(ctx, q, func(h search.Hit) {
			if placeOfHit(h).isBefore(at) {
				found.add(h)
			}
		}); err != nil {
			return err
		}
		found.cut()
		hits, err = placesOf(ctx, q, found.list)
		return err
	})
	return hits, err
}

func placeOfHit(h search.Hit) ListPlace { return ListPlace{1000 * h.Seconds, h.Number} }

// readTexts returns those of the hits whose texts match.
func (p *searchPlan) readTexts(ctx context.Context, q sqlite.Querier, hits []search.Hit) ([]search.Hit, error) {
	numbers := make([]int64, len(hits))
	for i, h := range hits {
		numbers[i] = h.Number
	}
	texts, err := textsOf(ctx, q, numbers)
	return slices.DeleteFunc(hits, func(h search.Hit) bool {
		text, found := texts[h.Number]
		return !found || !p.query.Matches(text)
	}), err
}

// findAll calls add with everything in the index that may match, and in what is not indexed yet: once.
func (p *searchPlan) findAll(ctx context.Context, q sqlite.Querier, add func(search.Hit)) error {
	stale, err := staleNumbers(ctx, q)
	if err != nil {
		return err
	}
	blocks, err := selectBlocks(ctx, q)
	if err != nil {
		return err
	}
	indexed := int64(0)
	current := make(map[ID]bool, len(blocks))
	for _, at := range blocks {
		indexed = max(indexed, at.last)
		current[at.id] = true
		add := p.once(add)
		b, err := p.c.blocks.get(at.id, func() (search.Block, error) { return blockContent(ctx, q, at.id) })
		if err == nil {
			err = p.findIn(b, stale, add)
		}
		if p.inFiles && err == nil {
			b, err = p.c.files.get(at.id, func() (search.Block, error) { return fileBlockContent(ctx, q, at.id) })
			if err == nil {
				err = p.findIn(b, stale, add)
			}
		}
		if err != nil {
			return err
		}
	}
	p.c.blocks.keep(current)
	add = p.once(add)
	tail, err := p.c.blocks.unindexed(ctx, q, indexed, selectEntries)
	if err == nil {
		err = p.findIn(tail, stale, add)
	}
	if !p.inFiles || err != nil {
		return err
	}
	p.c.files.keep(current)
	if tail, err = p.c.files.unindexed(ctx, q, indexed, selectFileEntries); err != nil {
		return err
	}
	return p.findIn(tail, stale, add)
}

// findIn calls add with what may match in a block; in an empty one is nothing.
func (p *searchPlan) findIn(b search.Block, stale []int64, add func(search.Hit)) error {
	if len(b.Lists) == 0 {
		return nil
	}
	return p.query.Find(b, stale, add)
}

// once returns add without the hits of a block that it has got already, because a message and its files both match.
func (p *searchPlan) once(add func(search.Hit)) func(search.Hit) {
	if !p.inFiles {
		return add
	}
	found := make(map[int64]bool)
	return func(h search.Hit) {
		if !found[h.Number] {
			found[h.Number] = true
			add(h)
		}
	}
}
