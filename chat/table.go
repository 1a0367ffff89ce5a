package chat

import "strings"

// Find is what someone asks a table for: the rows that hold the text, one page of them. Page counts from 0.
type Find struct {
	Text string
	Page int
}

// TablePage is how many rows a page of a table has.
const TablePage = 50

// Limits of what is asked for: a text longer than any row, and a page that nobody turns to.
const (
	maxFind = 200
	maxPage = 1_000_000
)

// Table is one page of what was found.
type Table[T any] struct {
	Find
	Rows  []T
	Total int // of all pages
}

// Pages is how many pages there are, at least one.
func (t Table[T]) Pages() int { return max(1, (t.Total+TablePage-1)/TablePage) }

// pageOf is the page of a table whose rows are in memory.
func pageOf[T any](f Find, all []T) Table[T] {
	from := min(f.Page*TablePage, len(all))
	return Table[T]{Find: f, Rows: all[from:min(from+TablePage, len(all))], Total: len(all)}
}

// clean returns what the database can be asked for.
func (f Find) clean() Find {
	f.Text = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(f.Text), "\x00", ""), "")
	for len(f.Text) > maxFind {
		f.Text = strings.ToValidUTF8(f.Text[:maxFind], "")
	}
	f.Page = min(max(f.Page, 0), maxPage)
	return f
}
