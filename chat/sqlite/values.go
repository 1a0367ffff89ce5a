package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// Raw reads the last commit and calls fn for every row, with the driver's values: database/sql takes twice as long for
// each as the driver does. An error in a row's values ends it.
func (db *DB) Raw(ctx context.Context, query string, args []any, fn func(*Values)) (err error) {
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(driverConn any) (err error) {
		named := make([]driver.NamedValue, len(args))
		for i, arg := range args {
			named[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
		}
		able, ok := driverConn.(driver.QueryerContext)
		if !ok {
			return errors.New("sqlite: the database driver lacks what it had")
		}
		rows, err := able.QueryContext(ctx, query, named)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		v := Values{row: make([]driver.Value, len(rows.Columns()))}
		for {
			if err := rows.Next(v.row); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			v.next = 0
			if fn(&v); v.err != nil {
				return v.err
			}
		}
	})
}

// Values reads the values of a row one after another, each as the declared type of its column. The first value of
// another type is an error.
type Values struct {
	row  []driver.Value
	next int
	err  error
}

func (v *Values) take() driver.Value {
	v.next++
	return v.row[v.next-1]
}

func (v *Values) fail(value driver.Value) {
	if v.err == nil {
		v.err = fmt.Errorf("sqlite: column %d of a query is a %T", v.next, value)
	}
}

// Number returns the next value, an INTEGER.
func (v *Values) Number() int64 {
	value := v.take()
	n, ok := value.(int64)
	if !ok {
		v.fail(value)
	}
	return n
}

// Text returns the next value, a TEXT.
func (v *Values) Text() string {
	value := v.take()
	s, ok := value.(string)
	if !ok {
		v.fail(value)
	}
	return s
}

// Flag returns the next value, a BOOLEAN, which SQLite stores as a number.
func (v *Values) Flag() bool {
	switch value := v.take().(type) {
	case bool:
		return value
	case int64:
		return value != 0
	default:
		v.fail(value)
		return false
	}
}
