package sqlite

import (
	"database/sql"
	"strconv"
)

// Scanner is a row whose columns can be read.
type Scanner interface{ Scan(dest ...any) error }

// Collect reads all rows of a query by scan. err is the query's own, so that both can stand in one line.
func Collect[T any](rows *sql.Rows, err error, scan func(Scanner) (T, error)) ([]T, error) {
	var list []T
	err = Each(rows, err, func(row Scanner) error {
		v, err := scan(row)
		list = append(list, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Each calls fn for every row of a query, whose own error err is.
func Each(rows *sql.Rows, err error, fn func(Scanner) error) error {
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// InBatches calls fn for stretches of a list, of three lengths only: the statements that it makes of them are few, so that
// connections keep them, and short, as SQLite looks for the name of each value among all of them.
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

// InList writes "($1, $2, $3)": n values, numbered on from first.
func InList(first, n int) string { return Placeholders(first, 1, n) }

// Placeholders writes "($1, $2), ($3, $4)": rows of width values each, numbered on from first.
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
