package chat

import (
	"context"
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
	var hits []foundPlace
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
func (c *core) readFound(ctx context.Context, a Actor, hits []foundPlace, p *SearchPage) error {
	seen, err := c.feedsOf(ctx, a, hits)
	if err != nil {
		return err
	}
	var at []place
	for _, h := range hits {
		if seen[h.feed] != nil {
			at = append(at, h.place)
		}
	}
	list, err := c.messagesAt(ctx, a, seen, at)
	for _, m := range list {
		p.Messages = append(p.Messages,
			FoundMessage{Channel: m.channel, Row: m.row, Thread: m.message.Thread, At: m.message.CreatedAt})
	}
	return err
}

// feedsOf returns the feeds in which the hits are, without those that the actor does not see.
func (c *core) feedsOf(ctx context.Context, a Actor, hits []foundPlace) (map[ID]*cachedChannel, error) {
	feeds := make([]ID, len(hits))
	for i, h := range hits {
		feeds[i] = h.feed
	}
	return c.visibleFeeds(ctx, a, feeds)
}
