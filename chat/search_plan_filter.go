package chat

import (
	"context"
	"fmt"
	"strings"

	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

func (p *searchPlan) readFrom(ctx context.Context, t *SearchTerm) ([]search.Condition, error) {
	if isMe(t.Value) {
		t.Meaning = "from you"
		return []search.Condition{{Fact: p.own()}}, nil
	}
	users, err := p.c.authorsNamed(ctx, p.actor, t.Value)
	if err != nil {
		return nil, err
	}
	if len(users) == 0 {
		t.Problem = fmt.Sprintf("There is nobody called “%s” here.", firstName(strings.TrimLeft(t.Value, signs)))
		return nil, nil
	}
	var conditions []search.Condition
	var names []string
	for _, u := range users {
		conditions = append(conditions, search.Condition{Fact: factAuthor + u.ID.String()})
		names = append(names, u.Name)
	}
	t.Meaning = "from " + joinOr(names)
	return conditions, nil
}

func isMe(name string) bool { return strings.EqualFold(strings.TrimLeft(name, signs), "me") }

// readTo reads to:me: what mentions the actor, what calls everyone where they are, and what others say to them
// directly.
func (p *searchPlan) readTo(t *SearchTerm) []search.Condition {
	if !isMe(t.Value) {
		t.Problem = "You can search for what was said to you: to:me."
		return nil
	}
	t.Meaning = "to you"
	return append(p.mentioned(), search.Condition{Class: classDirect, Not: p.own()})
}

// mentioned holds for what mentions the actor, and for what calls everyone where they are.
func (p *searchPlan) mentioned() []search.Condition {
	return []search.Condition{
		{Fact: factMentioned + p.actor.ID.String()}, {Fact: factMentioned + mentionAll.String(), Class: classJoined},
	}
}

// own is the fact that the actor is the author.
func (p *searchPlan) own() string { return factAuthor + p.actor.ID.String() }

func (p *searchPlan) readFact(t *SearchTerm, facts map[string]string) []search.Condition {
	value := strings.ToLower(strings.TrimSuffix(strings.ToLower(t.Value), "s"))
	if found, known := facts[value]; known {
		t.Meaning = t.Filter + " " + factWords[t.Filter+":"+value]
		return []search.Condition{{Fact: found}}
	}
	t.Problem = fmt.Sprintf("“%s:%s” is no filter.", t.Filter, firstName(t.Value))
	return nil
}

var factWords = map[string]string{
	"has:link": "a link", "has:file": "a file", "has:image": "an image", "has:reaction": "a reaction",
	"has:thread": "a thread", "has:pin": "a pin", "is:thread": "in a thread", "is:edited": "edited",
}

// readSaved reads is:saved. The list is short, so it is read and not indexed.
func (p *searchPlan) readSaved(ctx context.Context, t *SearchTerm) error {
	t.Meaning = "saved by you"
	if t.Not {
		t.Problem = "is:saved cannot be left out."
		return nil
	}
	numbers, err := savedNumbers(ctx, p.c.db, p.actor.ID)
	p.query.Numbers = append(make([]int64, 0, 1), numbers...) // not nil: none
	return err
}

func savedNumbers(ctx context.Context, q sqlite.Querier, user ID) ([]int64, error) {
	return sqlite.Collect(ctx, q, sqlite.Single[int64], `SELECT m.number FROM saved s
		JOIN messages m ON m.channel_id = s.channel_id AND m.seq = s.seq WHERE s.user_id = $1 ORDER BY m.number`, user)
}

// readDate reads before, after, on and during. What is not before a time is at it or after it.
func (p *searchPlan) readDate(t *SearchTerm) {
	from, to, ok := search.Days(t.Value, p.now)
	if !ok {
		t.Problem = fmt.Sprintf("“%s” is no date. Write 2026-11-27, november or yesterday.", firstName(t.Value))
		return
	}
	const days = "2 January 2006"
	last := to.AddDate(0, 0, -1)
	switch {
	case t.Filter == "before" && t.Not:
		p.narrow(from.Unix(), 0)
		t.Meaning = "before " + from.Format(days)
	case t.Filter == "before":
		p.narrow(0, from.Unix())
		t.Meaning = "before " + from.Format(days)
	case t.Filter == "after" && t.Not:
		p.narrow(0, to.Unix())
		t.Meaning = "after " + last.Format(days)
	case t.Filter == "after":
		p.narrow(to.Unix(), 0)
		t.Meaning = "after " + last.Format(days)
	default:
		if t.Not {
			p.query.Except = append(p.query.Except, search.Period{From: from.Unix(), To: to.Unix()})
		} else {
			p.narrow(from.Unix(), to.Unix())
		}
		t.Meaning = "on " + from.Format(days)
		if !last.Equal(from) {
			t.Meaning = "from " + from.Format(days) + " to " + last.Format(days)
		}
	}
}

func (p *searchPlan) narrow(after, before int64) {
	p.query.After = max(p.query.After, after)
	if before > 0 && (p.query.Before == 0 || before < p.query.Before) {
		p.query.Before = before
	}
}

func joinOr(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
