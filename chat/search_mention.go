package chat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"chitchat/chat/search"
)

// MentionFilter says which mentions are asked for.
type MentionFilter string

// What can be asked for.
const (
	AllMentions   MentionFilter = "" // both
	OnlyMentions  MentionFilter = "mentions"
	OnlyReactions MentionFilter = "reactions"
)

// MentionFilters has all of them.
var MentionFilters = []MentionFilter{AllMentions, OnlyMentions, OnlyReactions}

// Mention is a message that concerns the actor: it is of somebody else and mentions them, or calls everyone in a
// channel of theirs, or it is their own and others have reacted to it.
type Mention struct {
	Channel   Channel
	Row       Row
	Thread    ThreadRef  // of a reply
	At        time.Time  // when it was posted, or the newest reaction of somebody else came
	Reactions []Reaction // to a message of the actor's own
}

// MentionPage is a page of such messages, newest first.
type MentionPage struct {
	Filter   MentionFilter
	Mentions []Mention
	Older    ListPlace // where the next page begins; zero: there is none
	Progress IndexProgress
}

const mentionsOnPage = 50

// A page of reactions reads at most so many of the actor's messages, since some may be where they are not any more.
const (
	reactedAtOnce     = 200
	maxReactedBatches = 5
)

// mentionKey is a mention that is not read yet.
type mentionKey struct {
	ListPlace
	place
	reacted bool
}

// Mentions returns what mentions the actor, and the reactions of others to their messages, a message once, by the time
// of the newest reaction. before is where the page begins. What the actor does not see any more is not among it.
func (c Messages) Mentions(ctx context.Context, a Actor, filter MentionFilter, before ListPlace) (MentionPage, error) {
	if a.ID == 0 || a.Session == 0 {
		return MentionPage{}, errSignedOut
	}
	p := MentionPage{Filter: filter}
	seen := make(map[ID]*cachedChannel)
	var keys []mentionKey
	var err error
	if filter != OnlyReactions {
		if keys, err = c.mentionKeys(ctx, a, before, seen); err != nil {
			return MentionPage{}, err
		}
		if p.Progress, err = c.messagesToNumber(ctx); err != nil {
			return MentionPage{}, err
		}
	}
	if filter != OnlyMentions {
		reacted, end, err := c.reactedKeys(ctx, a, before, seen)
		if err != nil {
			return MentionPage{}, err
		}
		// Reactions from there on are for the next page, and so are the mentions among them.
		keys = slices.DeleteFunc(keys, func(k mentionKey) bool { return k.isBefore(end) })
		keys, p.Older = append(keys, reacted...), end
	}
	slices.SortFunc(keys, func(x, y mentionKey) int {
		return cmp.Or(cmp.Compare(y.Milliseconds, x.Milliseconds), cmp.Compare(y.Number, x.Number))
	})
	if len(keys) > mentionsOnPage {
		keys = keys[:mentionsOnPage]
		p.Older = keys[mentionsOnPage-1].ListPlace
	}
	return p, c.readMentions(ctx, a, seen, keys, &p)
}

// mentionKeys returns the newest messages that mention the actor, one more than a page has, and adds the feeds in which
// they are to seen.
func (c *core) mentionKeys(ctx context.Context, a Actor, before ListPlace,
	seen map[ID]*cachedChannel) (keys []mentionKey, err error) {
	plan, err := c.newSearchPlan(ctx, a)
	if err != nil {
		return nil, err
	}
	plan.query.Any = [][]search.Condition{plan.mentioned()}
	plan.query.None = []search.Condition{{Fact: plan.own()}}
	hits, err := plan.before(ctx, before, mentionsOnPage+1)
	if err != nil {
		return nil, err
	}
	in, err := c.feedsOf(ctx, a, hits)
	if err != nil {
		return nil, err
	}
	for _, h := range hits {
		if in[h.feed] != nil {
			seen[h.feed] = in[h.feed]
			keys = append(keys, mentionKey{placeOfHit(h.Hit), h.place, false})
		}
	}
	return keys, nil
}

// reactedKeys does so for the actor's messages to which others have reacted. end is where it stopped; zero: there are
// no more.
func (c *core) reactedKeys(ctx context.Context, a Actor, before ListPlace,
	seen map[ID]*cachedChannel) (keys []mentionKey, end ListPlace, err error) {
	end = before
	for range maxReactedBatches {
		list, err := selectReacted(ctx, c.db, a.ID, end, reactedAtOnce)
		if err != nil {
			return nil, end, err
		}
		var feeds []ID
		for _, m := range list {
			feeds = append(feeds, m.feed)
		}
		in, err := c.visibleFeeds(ctx, a, feeds)
		if err != nil {
			return nil, end, err
		}
		for _, m := range list {
			if in[m.feed] != nil {
				seen[m.feed] = in[m.feed]
				keys = append(keys, mentionKey{m.ListPlace, m.place, true})
			}
			end = m.ListPlace
		}
		if len(list) < reactedAtOnce {
			return keys, ListPlace{}, nil
		}
		if len(keys) > mentionsOnPage {
			return keys, end, nil
		}
	}
	return keys, end, nil
}

// readMentions adds the messages to the page, as many as fit on one.
func (c *core) readMentions(ctx context.Context, a Actor, seen map[ID]*cachedChannel, keys []mentionKey,
	p *MentionPage) error {
	places, at := make([]place, len(keys)), make(map[place]mentionKey, len(keys))
	for i, k := range keys {
		places[i] = k.place
		at[k.place] = k
	}
	list, err := c.messagesAt(ctx, a, seen, places)
	for _, m := range list {
		k := at[m.place]
		mention := Mention{Channel: m.channel, Row: m.row, Thread: m.message.Thread, At: m.message.CreatedAt}
		if k.reacted {
			c.hub.nameReactions(&m.message)
			mention.At, mention.Reactions = fromMillis(k.Milliseconds), withoutOwn(m.message.Reactions, a.ID)
		}
		p.Mentions = append(p.Mentions, mention)
	}
	if n := len(list); n > 0 && list[n-1].place != keys[len(keys)-1].place {
		p.Older = at[list[n-1].place].ListPlace
	}
	return err
}

// withoutOwn returns the reactions without those that are known to be the user's.
func withoutOwn(list []Reaction, user ID) (others []Reaction) {
	for _, r := range list {
		n := len(r.People)
		r.People = slices.DeleteFunc(r.People, func(u User) bool { return u.ID == user })
		if r.Count -= n - len(r.People); r.Count > 0 {
			others = append(others, r)
		}
	}
	return others
}
