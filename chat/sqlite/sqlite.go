// Package sqlite contains everything that depends on SQLite, and nothing that depends on messages.
//
// A DB is one file, opened twice. SQLite takes one writer at a time, so the writing pool has one connection, which
// Begin gives to one Tx after the other, and SQLITE_BUSY does not occur. Readers see the last commit and never wait for
// the writer. (https://www.sqlite.org/wal.html)
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"sync"
	"syscall"

	"github.com/pressly/goose/v3"
	modernc "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Options configures Open.
type Options struct {
	Migrations fs.FS // goose migrations, by file name
	Steps      Steps // the migrations that SQL cannot express
	Beside     bool  // another process serves the file: its schema is only checked
	// called with every query, and with BEGIN for each change, before it runs; may be nil; must be safe for concurrent use
	Trace    func(query string)
	Unsynced bool // commits do not wait for the disk: for tests, which need not survive a power cut
}

// Steps holds migrations by number. Each runs once, in a transaction.
type Steps map[int64]func(context.Context, *sql.Tx) error

// DB is an open file. Its own queries read the last commit. It is safe for concurrent use.
type DB struct {
	write *sql.DB    // one connection
	turn  sync.Mutex // held while that connection is in use
	read  *sql.DB
}

// Open opens the file, creating it if necessary, and brings its schema up to date.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if err := keepPrivate(path); err != nil {
		return nil, err
	}
	write, err := openPool(dsn(path, "&_txlock=immediate", o), o.Trace)
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	db := &DB{write: write}
	if err := db.migrate(ctx, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if db.read, err = openPool(dsn(path, "&_pragma=query_only(1)", o), o.Trace); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.read.SetMaxOpenConns(readers())
	db.read.SetMaxIdleConns(readers())
	return db, nil
}

// QueryContext reads the last commit.
func (db *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return db.read.QueryContext(ctx, query, args...)
}

// QueryRowContext reads the last commit.
func (db *DB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return db.read.QueryRowContext(ctx, query, args...)
}

// keepPrivate creates the file, if it does not exist, and makes it readable only by its owner, whatever the folder and
// the umask: it contains everything that was ever said. SQLite gives the files beside it the same mode. A file owned by
// another user stays as it is.
func keepPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if info, err := os.Stat(name); err == nil && info.Mode().Perm() == 0o600 {
			continue // setting the mode again would change its ctime, by which a copy is detected
		}
		if err := os.Chmod(name, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}

// readers returns the number of reading connections.
func readers() int { return max(4, runtime.GOMAXPROCS(0)) }

// Shrink frees memory of the connections: pages of the file, and statements. It closes idle reading connections, which
// are opened again when needed.
func (db *DB) Shrink(ctx context.Context) error {
	db.read.SetMaxIdleConns(0)
	db.read.SetMaxIdleConns(readers())
	db.turn.Lock()
	defer db.turn.Unlock()
	_, err := db.write.ExecContext(ctx, `PRAGMA shrink_memory`)
	return err
}

// dsn returns the data source name with the settings of every connection.
func dsn(path, more string, o Options) string {
	synchronous := "FULL" // a commit waits for the disk: an acknowledged message survives a power cut
	if o.Unsynced {
		synchronous = "OFF"
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return u.String() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(" + synchronous + ")" +
		more
}

func (db *DB) migrate(ctx context.Context, o Options) error {
	var steps []*goose.Migration
	for number, step := range o.Steps {
		steps = append(steps, goose.NewGoMigration(number, &goose.GoFunc{RunTx: step}, nil))
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db.write, o.Migrations, goose.WithGoMigrations(steps...))
	if err != nil {
		return err
	}
	if o.Beside {
		if pending, err := provider.HasPending(ctx); err != nil || pending {
			return errors.Join(err, errors.New("the Chit-Chat that is running is of another version"))
		}
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bringing the database up to date: %w", err)
	}
	return nil
}

// OutsideVersion returns a number that changes when another process has written to the database: on the writing
// connection SQLite counts all commits except its own. (https://www.sqlite.org/pragma.html#pragma_data_version) ok is
// false while that connection is in use: OutsideVersion does not wait for it, and meanwhile no other process can write.
func (db *DB) OutsideVersion() (version int64, ok bool, err error) {
	if !db.turn.TryLock() {
		return 0, false, nil
	}
	defer db.turn.Unlock()
	err = db.write.QueryRowContext(context.Background(), `PRAGMA data_version`).Scan(&version)
	return version, true, err
}

// Close closes the file. The DB must not be used afterwards.
func (db *DB) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Snapshot runs fn in a read-only transaction: all its queries see the same state.
func (db *DB) Snapshot(ctx context.Context, fn func(Querier) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return located("BEGIN", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return fn(tx)
}

// IsFull reports whether err means that the disk is full.
func IsFull(err error) bool {
	if e, ok := errors.AsType[*modernc.Error](err); ok && e.Code()&0xff == lib.SQLITE_FULL {
		return true
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// IsUnique reports whether err is a violation of a unique constraint.
func IsUnique(err error) bool {
	e, ok := errors.AsType[*modernc.Error](err)
	return ok && (e.Code() == lib.SQLITE_CONSTRAINT_UNIQUE || e.Code() == lib.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// WritePool returns the pool of the writing connection, which an open Tx may be using: for tests and measurements.
func (db *DB) WritePool() *sql.DB { return db.write }

// ReadPool returns the pool of reading connections: for tests.
func (db *DB) ReadPool() *sql.DB { return db.read }
