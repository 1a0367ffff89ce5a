package chat

import (
	"context"
	"slices"
	"strings"
	"time"

	"chitchat/chat/search"
)

// SearchTerm is a part of a query as it was understood.
type SearchTerm struct {
	search.Term
	Meaning string // such as "from Maya Lin"; empty for words
	Problem string // why nothing can match it; empty: it is in order
}

// Classes of channels to the one who searches.
const (
	classSeen   search.Class = 1 << iota // every channel that they see
	classJoined                          // that they are a member of
	classDirect                          // a direct conversation of theirs
	classOther                           // the first one of those that in: names; the next bits are for the others
)

// maxNamed is the number of in: terms, each of which takes a bit of a class.
const maxNamed = 5

// searchPlan is what a query asks of the index.
type searchPlan struct {
	c     *core
	actor Actor
	now   time.Time // in the zone in which days begin

	query search.Query
	terms []SearchTerm

	inFiles bool // the words may be in the texts of files instead

	named       [][]ID // the channels of each in:
	memberships map[ID]membershipRow
	banned      map[ID]bool
	classes     map[int64]search.Class
}

// planSearch reads a query. What it names is looked up among what the actor sees.
func (c *core) planSearch(ctx context.Context, a Actor, text string, now time.Time) (*searchPlan, error) {
	p, err := c.newSearchPlan(ctx, a)
	if err != nil {
		return nil, err
	}
	p.now = now
	var from, in []search.Condition
	for _, term := range search.Parse(text) {
		t := SearchTerm{Term: term}
		conditions, err := p.read(ctx, &t)
		if err != nil {
			return nil, err
		}
		p.terms = append(p.terms, t)
		switch {
		case len(conditions) == 0:
		case t.Not:
			p.query.None = append(p.query.None, conditions...)
		case t.Filter == "from": // a message has one author: several are alternatives
			from = append(from, conditions...)
		case t.Filter == "in":
			in = append(in, conditions...)
		default:
			p.query.Any = append(p.query.Any, conditions)
		}
	}
	for _, alternatives := range [][]search.Condition{from, in} {
		if len(alternatives) > 0 {
			p.query.Any = append(p.query.Any, alternatives)
		}
	}
	return p, nil
}

// newSearchPlan returns a plan that asks for all that the actor sees.
func (c *core) newSearchPlan(ctx context.Context, a Actor) (p *searchPlan, err error) {
	p = &searchPlan{c: c, actor: a, classes: make(map[int64]search.Class)}
	p.query.Class = p.class
	p.memberships, p.banned, err = c.membershipsAndBans(ctx, a)
	return p, err
}

// nothing reports whether a term cannot match.
func (p *searchPlan) nothing() bool {
	return slices.ContainsFunc(p.terms, func(t SearchTerm) bool { return t.Problem != "" && !t.Not })
}

// empty reports whether nothing is asked for.
func (p *searchPlan) empty() bool {
	return !slices.ContainsFunc(p.terms, func(t SearchTerm) bool {
		return t.Filter != "" || !search.NewWord(t.Value).Empty()
	})
}

// read adds a term to the query, and says how it was understood. It returns what it asks of an entry besides its words
// and its time.
func (p *searchPlan) read(ctx context.Context, t *SearchTerm) ([]search.Condition, error) {
	switch t.Filter {
	case "":
		if w := search.NewWord(t.Value); w.Empty() {
			return nil, nil
		} else if t.Not {
			p.query.Without = append(p.query.Without, w)
		} else {
			p.query.Words = append(p.query.Words, w)
		}
		return nil, nil
	case "from":
		return p.readFrom(ctx, t)
	case "to":
		return p.readTo(t), nil
	case "in":
		return p.readIn(ctx, t)
	case "has":
		return p.readFact(t, map[string]string{
			"link": factLink, "file": factFile, "image": factImage, "reaction": factReaction, "thread": factThread,
			"pin": factPin,
		}), nil
	case "is":
		if strings.EqualFold(t.Value, "saved") {
			return nil, p.readSaved(ctx, t)
		}
		return p.readFact(t, map[string]string{"thread": factReply, "edited": factEdited}), nil
	}
	p.readDate(t)
	return nil, nil
}
