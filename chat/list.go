package chat

import "strings"

// ListQuery is what someone asks a table for: the rows that hold the text, one page of them. Page counts from 0.
type ListQuery struct {
	Text string
	Page int
}

// PageSize is how many rows a page of a table has.
const PageSize = 50

// Limits of what is asked for: a text longer than any row, and a page that nobody turns to.
const (
	maxFind = 200
	maxPage = 1_000_000
)

// List is one page of what was found.
type List[T any] struct {
	ListQuery
	Rows  []T
	Total int // of all pages
}

// Pages is how many pages there are, at least one.
func (t List[T]) Pages() int { return max(1, (t.Total+PageSize-1)/PageSize) }

// paginate is the page of a table whose rows are in memory.
func paginate[T any](f ListQuery, all []T) List[T] {
	from := min(f.Page*PageSize, len(all))
	return List[T]{ListQuery: f, Rows: all[from:min(from+PageSize, len(all))], Total: len(all)}
}

// clean returns what the database can be asked for.
func (f ListQuery) clean() ListQuery {
	f.Text = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(f.Text), "\x00", ""), "")
	for len(f.Text) > maxFind {
		f.Text = strings.ToValidUTF8(f.Text[:maxFind], "")
	}
	f.Page = min(max(f.Page, 0), maxPage)
	return f
}
