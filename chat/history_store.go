package chat

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// stretch reads what messages reads, for a page of the history: fifty messages that nobody has asked for in a while, so
// that what it costs to read one is most of the page. It takes the rows from the driver, as database/sql looks at every
// value for twice as long as the driver does, and faces of the authors from memory. One query sees one state; those of
// which files have to be read too are read again, in a snapshot. Client IDs are left out.
func (c *Chat) stretch(ctx context.Context, ch *cachedChannel, stretch string, from int64, limit int) ([]Message, error) {
	list := make([]Message, 0, limit)
	files, slug := false, ch.slug()
	err := c.db.each(ctx, `
		SELECT m.seq, m.rev, m.user_id, m.body, m.continued, m.files, m.created_at, m.edited_at, m.deleted_at, m.removed_by
		FROM messages m WHERE `+stretch, []any{int64(ch.ID), from, int64(limit)}, func(v *values) {
		m := Message{
			ChannelID: ch.ID, ChannelSlug: slug, Seq: v.number(), Rev: v.number(), Author: User{ID: ID(v.number())}, Body: v.text(),
			Continued: v.flag(),
		}
		files = v.number() > 0 || files
		m.CreatedAt, m.EditedAt, m.DeletedAt = fromMillis(v.number()), fromMillis(v.number()), fromMillis(v.number())
		m.RemovedBy = ID(v.number())
		list = append(list, m)
	})
	switch {
	case err != nil:
		return nil, err
	case files:
		err = c.db.snapshot(ctx, func(q querier) (err error) {
			list, err = messages(ctx, q, ch, stretch, from, limit)
			return err
		})
		return list, err
	}
	return list, c.hub.profiles.show(ctx, c.db.read, list)
}

// each runs a query of the reading pool and calls fn for every row. An error of a row's values ends it.
func (db *database) each(ctx context.Context, query string, args []any, fn func(*values)) (err error) {
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
			return errors.New("chat: the database driver lacks what it had")
		}
		rows, err := able.QueryContext(ctx, query, named)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		v := values{row: make([]driver.Value, len(rows.Columns()))}
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

// values are those of a row, taken one after another, each as what its column is declared to be. The first that is
// something else is an error.
type values struct {
	row  []driver.Value
	next int
	err  error
}

func (v *values) take() driver.Value {
	v.next++
	return v.row[v.next-1]
}

func (v *values) fail(value driver.Value) {
	if v.err == nil {
		v.err = fmt.Errorf("chat: column %d of a query is a %T", v.next, value)
	}
}

func (v *values) number() int64 {
	value := v.take()
	n, ok := value.(int64)
	if !ok {
		v.fail(value)
	}
	return n
}

func (v *values) text() string {
	value := v.take()
	s, ok := value.(string)
	if !ok {
		v.fail(value)
	}
	return s
}

// flag is a BOOLEAN, which SQLite keeps as a number.
func (v *values) flag() bool {
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
