package chat

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// database is one SQLite file, opened twice: SQLite takes one writer at a time, so the writing pool has
// one connection and nobody meets SQLITE_BUSY; readers see the last commit and never wait for the writer.
type database struct {
	write *sql.DB // one connection; used by the migrations, and by whoever holds turn
	read  *sql.DB
	turn  sync.Mutex
	found fileState // before it was opened
}

// querier is what reading helpers take: the reading pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// openDatabase opens the file, making it if need be, and brings its schema up to date. Beside another process it
// only looks whether the schema is of today. trace is told of every query; nil: nobody is.
func openDatabase(ctx context.Context, path string, beside bool, trace func(string)) (*database, error) {
	found := stateOf(path)
	if err := keepPrivate(path); err != nil {
		return nil, err
	}
	write, err := openPool(dsn(path, "&_txlock=immediate"), trace)
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	db := &database{write: write, found: found}
	if err := db.migrate(ctx, beside); err != nil {
		return nil, errors.Join(err, db.close())
	}
	if db.read, err = openPool(dsn(path, "&_pragma=query_only(1)"), trace); err != nil {
		return nil, errors.Join(err, db.close())
	}
	db.read.SetMaxOpenConns(readers())
	db.read.SetMaxIdleConns(readers())
	return db, nil
}

// keepPrivate makes the file, if it is not there, and lets only its owner read it, whatever the folder and the umask say:
// everything that was ever said is in it. SQLite gives the files beside it the same mode. A file of somebody else's, which we
// may only use, stays as it is.
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
			continue // to say so again would be a change of the file: see instance
		}
		if err := os.Chmod(name, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}

// readers is how many read at once.
func readers() int { return max(4, runtime.GOMAXPROCS(0)) }

// shrink lets go of the memory that connections keep: pages of the file, and statements. The reading ones that are idle
// close for it, and are opened again when they are needed.
func (db *database) shrink(ctx context.Context) error {
	db.read.SetMaxIdleConns(0)
	db.read.SetMaxIdleConns(readers())
	db.turn.Lock()
	defer db.turn.Unlock()
	_, err := db.write.ExecContext(ctx, `PRAGMA shrink_memory`)
	return err
}

// synchronous makes a commit wait for the disk: an acknowledged message survives a power cut. Only tests, which survive none,
// change it.
var synchronous = "FULL"

// dsn names the file with what every connection needs.
func dsn(path, more string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return u.String() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(" + synchronous + ")" + more
}

func (db *database) migrate(ctx context.Context, beside bool) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db.write, files)
	if err != nil {
		return err
	}
	if beside {
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

// outsideVersion is a number that changes when another process has written to the database: SQLite tells the writing
// connection of all commits but its own. (https://www.sqlite.org/pragma.html#pragma_data_version) ok is false while that
// connection is in use: nobody waits for it, and while it writes nobody else can.
func (db *database) outsideVersion() (version int64, ok bool, err error) {
	if !db.turn.TryLock() {
		return 0, false, nil
	}
	defer db.turn.Unlock()
	err = db.write.QueryRowContext(context.Background(), `PRAGMA data_version`).Scan(&version)
	return version, true, err
}

func (db *database) close() error {
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// snapshot runs fn in a transaction that only reads: all its queries see the same state.
func (db *database) snapshot(ctx context.Context, fn func(querier) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return fn(tx)
}

// isFull reports whether err says that there is no room on the disk.
func isFull(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff == sqlitelib.SQLITE_FULL {
		return true
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// isUnique reports whether err says that something is there already.
func isUnique(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// inBatches calls fn for stretches of a list, of three lengths only: the statements that it makes of them are few, so that
// connections keep them, and short, as SQLite looks for the name of each value among all of them.
func inBatches[T any](list []T, fn func([]T) error) error {
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

// inList writes "($1, $2, $3)": n values, numbered on from first.
func inList(first, n int) string { return placeholders(first, 1, n) }

// placeholders writes "($1, $2), ($3, $4)": rows of width values each, numbered on from first.
func placeholders(first, rows, width int) string {
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
