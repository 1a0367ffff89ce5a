package chat

import (
	"context"
	"slices"
	"strings"

	"chitchat/chat/search"
)

// SearchSuggestion is a term that completes a query, or goes on with it.
type SearchSuggestion struct {
	Query string // with the term
	Term  string // alone
}

// maxSuggestions is the number of suggestions for a query.
const maxSuggestions = 8

// values are what follows filters that take one of a few.
var values = map[string][]string{
	"has": {"link", "file", "image", "reaction", "thread", "pin"}, "is": {"thread", "saved", "edited"}, "to": {"me"},
	"before": {"today", "yesterday"}, "after": {"yesterday", "last week"}, "on": {"today", "yesterday"},
	"during": {"today", "this week", "last week", "this month", "last month"},
}

// SuggestTerms returns filters for the last word of a query, as one types it: those that it begins, or what may follow
// the filter that it is. It names only users and channels that the actor sees.
func (c Messages) SuggestTerms(ctx context.Context, a Actor, query string) ([]SearchSuggestion, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	before, last := cutLast(query)
	var terms []search.Term
	filter, begun, is := strings.Cut(last, ":")
	filter = strings.ToLower(filter)
	switch {
	case !is:
		if last == "" {
			return nil, nil
		}
		for _, f := range search.Filters {
			if strings.HasPrefix(f, strings.ToLower(last)) {
				terms = append(terms, search.Term{Filter: f})
			}
		}
	case filter == "from", filter == "in":
		names, err := c.suggestNames(ctx, a, filter, strings.Trim(begun, `"`))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			terms = append(terms, search.Term{Filter: filter, Value: name})
		}
	default:
		for _, v := range values[filter] {
			if strings.HasPrefix(v, strings.ToLower(begun)) && v != begun {
				terms = append(terms, search.Term{Filter: filter, Value: v})
			}
		}
	}
	list := make([]SearchSuggestion, 0, len(terms))
	for _, t := range terms[:min(len(terms), maxSuggestions)] {
		s := SearchSuggestion{Query: before + t.String(), Term: t.String()}
		if t.Value != "" {
			s.Query += " "
		}
		list = append(list, s)
	}
	return list, nil
}

// cutLast returns the last word of a query, with what is in its quotation marks, and what is before it.
func cutLast(query string) (before, last string) {
	at := strings.LastIndexByte(query, ' ') + 1
	if quote := strings.LastIndexByte(query, '"'); strings.Count(query, `"`)%2 == 1 {
		at = strings.LastIndexByte(query[:quote], ' ') + 1
	}
	return query[:at], strings.TrimPrefix(query[at:], "-")
}

// suggestNames returns whom from: may name, or which channels in: may.
func (c *core) suggestNames(ctx context.Context, a Actor, filter, begun string) (names []string, err error) {
	if filter == "in" {
		list, _, err := c.channels.Search(ctx, a, strings.TrimLeft(begun, channelSigns), false)
		for _, ch := range list[:min(len(list), maxSuggestions)] {
			names = append(names, ch.Slug)
		}
		return slices.DeleteFunc(names, func(name string) bool { return name == begun }), err
	}
	if strings.HasPrefix("me", strings.ToLower(begun)) && begun != "me" {
		names = append(names, "me")
	}
	list, err := c.searchUsers(ctx, a, strings.TrimLeft(begun, signs), 0, maxSuggestions)
	for _, u := range list {
		name := u.Name
		if u.Handle != "" {
			name = u.Handle
		}
		if !strings.EqualFold(name, begun) {
			names = append(names, name)
		}
	}
	return names, err
}
