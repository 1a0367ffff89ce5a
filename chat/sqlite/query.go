package sqlite

import (
	"context"
	"strconv"
)

// Scanner is a row whose columns can be read.
type Scanner interface{ Scan(dest ...any) error }

// Collect returns all rows of a query, as scan reads them.
func Collect[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), query string,
	args ...any) ([]T, error) {
	var list []T
	err := Each(ctx, q, query, args, func(row Scanner) error {
		v, err := scan(row)
		list = append(list, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// CollectMap returns all rows of a query, as scan reads them: a key and its value. Of rows with the same key the last
// one counts. Without rows the map is empty, not nil.
func CollectMap[K comparable, V any](ctx context.Context, q Querier, scan func(Scanner) (K, V, error), query string,
	args ...any) (map[K]V, error) {
	all := make(map[K]V)
	err := Each(ctx, q, query, args, func(row Scanner) error {
		k, v, err := scan(row)
		all[k] = v
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Single reads a row of one column.
func Single[T any](row Scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// Pair reads a row of two columns.
func Pair[K, V any](row Scanner) (k K, v V, err error) {
	err = row.Scan(&k, &v)
	return k, v, err
}

// Each calls fn for every row of a query, until fn returns an error. The rows are closed when Each returns.
func Each(ctx context.Context, q Querier, query string, args []any, fn func(Scanner) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err reports it
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// InBatches calls fn with consecutive parts of a list, of three lengths only. So there are few different statements,
// which connections can cache, and they are short: SQLite looks up the name of each value among all of them.
func InBatches[T any](list []T, fn func([]T) error) error {
	for _, n := range []int{16, 4, 1} {
		for len(list) >= n {
			if err := fn(list[:n]); err != nil {
				return err
			}
			list = list[n:]
		}
	}
	return nil
}

// InList returns "($1, $2, $3)": n placeholders, numbered from first.
func InList(first, n int) string { return Placeholders(first, 1, n) }

// Placeholders returns "($1, $2), ($3, $4)": rows of width placeholders each, numbered from first.
func Placeholders(first, rows, width int) string {
	b := make([]byte, 0, rows*(width*6+4))
	for i := range rows * width {
		switch {
		case i == 0:
			b = append(b, "($"...)
		case i%width == 0:
			b = append(b, "), ($"...)
		default:
			b = append(b, ", $"...)
		}
		b = strconv.AppendInt(b, int64(first+i), 10)
	}
	return string(append(b, ')'))
}
