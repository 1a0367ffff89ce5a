package views

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"chitchat/chat"

	"github.com/a-h/templ"
)

// Search is the page of a search.
type Search struct {
	Query       string
	Type        string // one of searchTypes
	Suggestions []chat.SearchSuggestion
	Found       chat.SearchPage       // messages
	Channels    []chat.ChannelSummary // at most as many as a list has
	People      []chat.UserPresence
	More        bool // there are more channels or people
}

// SearchTypes are what can be searched for, by their names in URLs.
var SearchTypes = []string{"messages", "channels", "people"}

var searchTabs = map[string]string{"messages": "Messages", "channels": "Channels", "people": "People"}

// searchURL returns the page of a search. page counts from 0.
func searchURL(query, kind string, page int) templ.SafeURL {
	values := url.Values{"q": {query}}
	if kind != SearchTypes[0] {
		values.Set("type", kind)
	}
	if page > 0 {
		values.Set("page", itoa(int64(page)+1))
	}
	u := url.URL{Path: "/search", RawQuery: values.Encode()}
	return templ.SafeURL(u.String())
}

// total returns how many were found.
func (v Search) total() int {
	switch v.Type {
	case "channels":
		return len(v.Channels)
	case "people":
		return len(v.People)
	}
	return v.Found.Total
}

// told says how many were found, for all to read and for screen readers.
func (v Search) told() string {
	n := v.total()
	switch {
	case strings.TrimSpace(v.Query) == "":
		return "Search messages by any part of a word, in every channel that you see."
	case n == 0:
		return "Nothing found."
	case v.More:
		return fmt.Sprintf("The first %d. Write more to find others.", n)
	case v.Type == "channels":
		return count(int64(n), "channel", "channels")
	case v.Type == "people":
		return count(int64(n), "person", "people")
	case v.Found.AtLeast:
		return fmt.Sprintf("At least %d messages, newest first", n)
	}
	return count(int64(n), "message", "messages") + ", newest first"
}

// understood says what the filters mean; "" without any.
func understood(p chat.SearchPage) string {
	var words []string
	for _, t := range p.Terms {
		if t.Meaning == "" {
			continue
		}
		meaning := t.Meaning
		if t.Not {
			meaning = "not " + meaning
		}
		words = append(words, meaning)
	}
	return strings.Join(words, " · ")
}

// wider are searches that find more than one that found nothing: without one of its terms each, and without quotation
// marks.
func wider(p chat.SearchPage) (list []string) {
	join := func(terms []chat.SearchTerm) string {
		words := make([]string, len(terms))
		for i, t := range terms {
			words[i] = t.String()
		}
		return strings.Join(words, " ")
	}
	for i, t := range p.Terms {
		if t.Phrase && !t.Not && strings.Contains(t.Value, " ") {
			loose := slices.Clone(p.Terms)
			loose[i].Phrase = false
			words := strings.Fields(t.Value)
			list = append(list, strings.TrimSpace(join(loose[:i])+" "+strings.Join(words, " ")+" "+join(loose[i+1:])))
		}
	}
	if len(p.Terms) > 1 {
		for i := range p.Terms {
			list = append(list, join(slices.Delete(slices.Clone(p.Terms), i, i+1)))
		}
	}
	return list
}

// addFilter returns a query with a filter behind it.
func addFilter(query, filter string) string {
	return strings.TrimSpace(strings.TrimSpace(query) + " " + filter)
}

// offered are the filters that one finds with a mouse.
var offered = []struct{ filter, label string }{
	{"from:me", "From me"}, {"to:me", "To me"}, {"has:link", "With links"}, {"has:file", "With files"},
	{"has:image", "With images"}, {"is:thread", "In threads"}, {"is:saved", "Saved"}, {"during:this week", "This week"},
}

// offers returns the filters that a query does not have yet.
func (v Search) offers() (list []struct{ filter, label string }) {
	for _, o := range offered {
		if !strings.Contains(v.Query, o.filter) {
			list = append(list, o)
		}
	}
	return list
}

// foundRow inserts a row with the words marked that were looked for: in its text and in the names of its files, which
// are between its header and its reactions.
func foundRow(p chat.SearchPage, r chat.Row) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		const head = "/header>"
		from, to := bytes.Index(r.HTML, []byte(head))+len(head), len(r.HTML)
		for _, behind := range []string{`class="reactions"`, `class="replies"`, `/history">(edited)`} {
			if n := bytes.Index(r.HTML, []byte(behind)); n >= 0 {
				to = min(to, bytes.LastIndexByte(r.HTML[:n], '<'))
			}
		}
		if from < len(head) || from > to {
			from, to = 0, 0
		}
		_, err := io.WriteString(w, string(r.HTML[:from])+p.Mark(string(r.HTML[from:to]))+string(r.HTML[to:]))
		return err
	})
}

// quotedFilter puts a value with spaces into quotation marks.
func quotedFilter(filter string) string {
	if name, value, is := strings.Cut(filter, ":"); is && strings.Contains(value, " ") {
		return name + `:"` + value + `"`
	}
	return filter
}
