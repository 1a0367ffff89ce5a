package chat

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ListQuery selects rows of a table: those that contain the text, one page of them. Page counts from 0.
type ListQuery struct {
	Text string
	Page int
}

// PageSize is the number of rows on a page of a table.
const PageSize = 50

// Limits of a query: longer than any row's text, and a page number beyond any real table.
const (
	maxFind = 200
	maxPage = 1_000_000
)

// List is one page of a query's results.
type List[T any] struct {
	ListQuery
	Rows  []T
	Total int // on all pages
}

// Pages returns the number of pages, at least one.
func (t List[T]) Pages() int { return max(1, (t.Total+PageSize-1)/PageSize) }

// paginate returns a page of rows in memory.
func paginate[T any](f ListQuery, all []T) List[T] {
	from := min(f.Page*PageSize, len(all))
	return List[T]{ListQuery: f, Rows: all[from:min(from+PageSize, len(all))], Total: len(all)}
}

// clean returns the query within its limits.
func (f ListQuery) clean() ListQuery {
	f.Text = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(f.Text), "\x00", ""), "")
	for len(f.Text) > maxFind {
		f.Text = strings.ToValidUTF8(f.Text[:maxFind], "")
	}
	f.Page = min(max(f.Page, 0), maxPage)
	return f
}

// ListPlace is a place in a list by time: at a message with this number, or at the end of the list, the newest first,
// if it is zero.
type ListPlace struct{ Milliseconds, Number int64 }

// ParseListPlace reads what String returns. An empty text is the beginning of the list.
func ParseListPlace(s string) (p ListPlace, ok bool) {
	if s == "" {
		return ListPlace{math.MaxInt64, 0}, true
	}
	at, number, _ := strings.Cut(s, "-")
	var err, err2 error
	p.Milliseconds, err = strconv.ParseInt(at, 10, 64)
	p.Number, err2 = strconv.ParseInt(number, 10, 64)
	return p, err == nil && err2 == nil
}

// String returns the place as it stands in URLs.
func (p ListPlace) String() string { return fmt.Sprintf("%d-%d", p.Milliseconds, p.Number) }

// isBefore reports whether p is older than another place.
func (p ListPlace) isBefore(o ListPlace) bool {
	return p.Milliseconds < o.Milliseconds || p.Milliseconds == o.Milliseconds && p.Number < o.Number
}
