package chat

import (
	"context"
	"maps"
	"strings"
	"time"

	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

// SearchPageSize is the number of messages on a page of found ones.
const SearchPageSize = 20

// MaxSearchPage is the last page that is shown, counted from 0: who wants more narrows the search.
const MaxSearchPage = 49

// maxRead is the number of messages that a search reads because the index alone does not tell whether they match: a
// phrase may be there that the index does not know, only its words.
const maxRead = 2000

// SearchQuery is what is looked for.
type SearchQuery struct {
	Text string         // as it was typed: see package search
	Page int            // counted from 0
	Zone *time.Location // in which days begin; nil: UTC
}

// FoundMessage is a message that was found.
type FoundMessage struct {
	Channel Channel
	Row     Row
	Thread  ThreadRef // of a reply
	At      time.Time
}

// SearchPage is a page of what was found, newest first.
type SearchPage struct {
	Terms    []SearchTerm // as they were understood
	Messages []FoundMessage
	Total    int  // on all pages
	AtLeast  bool // there may be more than Total
	Page     int
	Progress IndexProgress

	words []search.Word
}

// Asked reports whether anything was looked for.
func (p SearchPage) Asked() bool { return len(p.Terms) > 0 }

// More reports whether there is a next page.
func (p SearchPage) More() bool {
	return p.Page < MaxSearchPage && (p.Page+1)*SearchPageSize < p.Total
}

// Mark returns a part of the page's HTML with the words that were looked for in mark elements.
func (p SearchPage) Mark(html string) string { return search.Mark(html, p.words) }

// Search finds messages and replies by any part of their text or of the names of their files, in all channels that the
// actor sees, newest first. What the actor does not see is not found and not counted.
func (c Messages) Search(ctx context.Context, a Actor, q SearchQuery) (SearchPage, error) {
	if a.ID == 0 || a.Session == 0 {
		return SearchPage{}, errSignedOut
	}
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	plan, err := c.planSearch(ctx, a, strings.ToValidUTF8(q.Text, ""), c.now().In(q.Zone))
	if err != nil {
		return SearchPage{}, err
	}
	p := SearchPage{Terms: plan.terms, Page: min(max(0, q.Page), MaxSearchPage), words: plan.query.Words}
	if plan.empty() || plan.nothing() {
		return p, nil
	}
	if p.Progress, err = c.messagesToNumber(ctx); err != nil { // before the rest: it finds as much, or more
		return SearchPage{}, err
	}
	var hits []search.Hit
	err = c.db.Snapshot(ctx, func(q sqlite.Querier) (err error) {
		hits, err = plan.find(ctx, q, &p)
		return err
	})
	if err != nil {
		return SearchPage{}, err
	}
	return p, c.readFound(ctx, a, hits, &p)
}

// readFound adds the messages of the hits to the page.
func (c *core) readFound(ctx context.Context, a Actor, hits []search.Hit, p *SearchPage) error {
	places, seen, err := c.seenPlaces(ctx, a, hits)
	if err != nil {
		return err
	}
	var at []place
	for _, h := range hits {
		if place, found := places[h.Number]; found {
			at = append(at, place)
		}
	}
	list, err := c.messagesAt(ctx, a, seen, at)
	for _, m := range list {
		p.Messages = append(p.Messages,
			FoundMessage{Channel: m.channel, Row: m.row, Thread: m.message.Thread, At: m.message.CreatedAt})
	}
	return err
}

// seenPlaces returns where the messages of the hits are, by their numbers, and the feeds in which they are, without
// what the actor does not see any more.
func (c *core) seenPlaces(ctx context.Context, a Actor, hits []search.Hit) (places map[int64]place,
	seen map[ID]*cachedChannel, err error) {
	numbers := make([]int64, len(hits))
	for i, h := range hits {
		numbers[i] = h.Number
	}
	if places, err = placesOf(ctx, c.db, numbers); err != nil {
		return nil, nil, err
	}
	var feeds []ID
	for _, at := range places {
		feeds = append(feeds, at.feed)
	}
	if seen, err = c.visibleFeeds(ctx, a, feeds); err != nil {
		return nil, nil, err
	}
	maps.DeleteFunc(places, func(_ int64, at place) bool { return seen[at.feed] == nil })
	return places, seen, nil
}
