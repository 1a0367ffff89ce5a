package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	modernc "modernc.org/sqlite"
)

// maxStatements is the number of prepared statements that a connection caches, of some 10 kB each. Statements longer
// than maxStatementLen are not cached: they were made for a long list and are rarely reused.
const (
	maxStatements   = 48
	maxStatementLen = 4 << 10
)

// openPool opens a pool whose connections cache their prepared statements: parsing the text costs SQLite more than
// running most of our queries. (pgx has such a cache.)
func openPool(dsn string, trace func(string)) (*sql.DB, error) {
	connector, err := modernc.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(cachingConnector{connector, trace}), nil
}

type cachingConnector struct {
	driver.Connector
	trace func(query string) // may be nil
}

// Connect opens a connection that caches its statements.
func (k cachingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	able, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("sqlite: the database driver lacks what it had"), conn.Close())
	}
	return &cachingConn{sqliteConn: able, trace: k.trace, kept: make(map[string]*cachedStatement)}, nil
}

// sqliteConn is the interface of the driver's connections.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// cachingConn is a connection with its statements by their text. Like every connection of database/sql it is used by
// one goroutine at a time. A statement in use is not in the map: the same query while its rows are open gets another
// one.
type cachingConn struct {
	sqliteConn
	trace func(query string)
	kept  map[string]*cachedStatement
	clock uint64
}

type cachedStatement struct {
	query string
	used  uint64
	stmt  interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
}

// keeps reports whether a query is worth caching: it is no script, no PRAGMA and no change of the schema.
func keeps(query string) bool {
	if len(query) > maxStatementLen {
		return false
	}
	word, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return !strings.Contains(query, ";")
	}
	return false
}

// take removes the statement of a query from the cache, for the caller to use and put back; nil when the query is not
// cached.
func (c *cachingConn) take(ctx context.Context, query string) (*cachedStatement, error) {
	if c.trace != nil {
		c.trace(query)
	}
	if s := c.kept[query]; s != nil {
		delete(c.kept, query)
		return s, nil
	}
	if !keeps(query) {
		return nil, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &cachedStatement{query: strings.Clone(query)}
	var ok bool
	if s.stmt, ok = prepared.(interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}); !ok {
		return nil, errors.Join(errors.New("sqlite: the database driver lacks what it had"), prepared.Close())
	}
	return s, nil
}

// put caches a statement after use, and evicts the least recently used one.
func (c *cachingConn) put(s *cachedStatement) error {
	if c.kept == nil || c.kept[s.query] != nil {
		return s.stmt.Close()
	}
	c.clock++
	s.used = c.clock
	c.kept[s.query] = s
	if len(c.kept) <= maxStatements {
		return nil
	}
	oldest := s
	for _, other := range c.kept {
		if other.used < oldest.used {
			oldest = other
		}
	}
	delete(c.kept, oldest.query)
	return oldest.stmt.Close()
}

// BeginTx begins a transaction. It reports those that change the file to the trace: each is one trip through the
// writer.
func (c *cachingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if c.trace != nil && !o.ReadOnly {
		c.trace("BEGIN")
	}
	return c.sqliteConn.BeginTx(ctx, o)
}

// ExecContext runs a cached statement.
func (c *cachingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, located(query, err)
	}
	if s == nil {
		result, err := c.sqliteConn.ExecContext(ctx, query, args)
		return result, located(query, err)
	}
	result, err := s.stmt.ExecContext(ctx, args)
	if err != nil {
		_ = s.stmt.Close() // it returns the same error again, or none
		return nil, located(query, err)
	}
	return result, c.put(s)
}

// QueryContext runs a cached statement, which is in use until its rows are closed.
func (c *cachingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, located(query, err)
	}
	if s == nil {
		rows, err := c.sqliteConn.QueryContext(ctx, query, args)
		return rows, located(query, err)
	}
	rows, err := s.stmt.QueryContext(ctx, args)
	if err != nil {
		_ = s.stmt.Close() // as above
		return nil, located(query, err)
	}
	return &cachingRows{Rows: rows, conn: c, statement: s}, nil
}

// Close closes the statements and the connection.
func (c *cachingConn) Close() error {
	var errs []error
	for _, s := range c.kept {
		errs = append(errs, s.stmt.Close())
	}
	c.kept = nil
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// cachingRows returns its statement to the cache on Close.
type cachingRows struct {
	driver.Rows
	conn      *cachingConn
	statement *cachedStatement
}

// Next reads a row. A statement runs, and may fail, in here.
func (r *cachingRows) Next(row []driver.Value) error {
	err := r.Rows.Next(row)
	if err == nil || r.statement == nil {
		return err
	}
	return located(r.statement.query, err)
}

// Close returns the statement to the cache.
func (r *cachingRows) Close() error {
	if r.statement == nil {
		return nil
	}
	s := r.statement
	r.statement = nil
	if err := r.Rows.Close(); err != nil {
		_ = s.stmt.Close() // as above
		return located(s.query, err)
	}
	return r.conn.put(s)
}
