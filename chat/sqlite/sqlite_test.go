package sqlite

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"testing/fstest"
	"time"
)

// open opens a new database with one table of numbers. It is closed when the test ends.
func open(t *testing.T) *DB {
	t.Helper()
	files := fstest.MapFS{"00001_numbers.sql": {Data: []byte("-- +goose Up\nCREATE TABLE numbers (n INTEGER " +
		"PRIMARY KEY);\n")}}
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), Options{Migrations: files, Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func begin(t *testing.T, db *DB) *Tx {
	t.Helper()
	tx, err := db.Begin(t.Context(), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func insert(t *testing.T, tx *Tx, numbers ...int) {
	t.Helper()
	for _, n := range numbers {
		if _, err := tx.ExecContext(t.Context(), `INSERT INTO numbers (n) VALUES ($1)`, n); err != nil {
			t.Fatal(err)
		}
	}
}

func numbers(t *testing.T, q Querier) []int {
	t.Helper()
	list, err := Collect(t.Context(), q, Single[int], `SELECT n FROM numbers ORDER BY n`)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A transaction is invisible before its commit and after a rollback; the next one begins after either.
func TestTransactions(t *testing.T) {
	db := open(t)
	tx := begin(t, db)
	insert(t, tx, 1, 2)
	if in, out := numbers(t, tx), numbers(t, db); !slices.Equal(in, []int{1, 2}) || out != nil {
		t.Errorf("before the commit: %v inside, %v outside", in, out)
	}
	if _, ok, err := db.OutsideVersion(); ok || err != nil {
		t.Error("the connection of a transaction that is under way was asked:", err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	_ = tx.Rollback() // as callers do after any error: it must not release the connection twice
	tx = begin(t, db)
	insert(t, tx, 3)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	tx = begin(t, db)
	defer tx.Rollback() //nolint:errcheck // the changes are discarded
	if _, err := tx.ExecContext(t.Context(), `INSERT INTO numbers (n) VALUES (2)`); !IsUnique(err) {
		t.Error("twice the same number:", err)
	}
	if got := numbers(t, db); !slices.Equal(got, []int{1, 2}) {
		t.Error(got)
	}
}

// Errors in a query, in a row, or in scan are returned.
func TestCollectErrors(t *testing.T) {
	db := open(t)
	wrong := errors.New("wrong")
	for query, scan := range map[string]func(Scanner) (int, error){
		`SELECT nothing`: Single[int],
		`SELECT 'x'`:     Single[int],
		`SELECT 1`:       func(Scanner) (int, error) { return 1, wrong },
	} {
		if list, err := Collect(t.Context(), db, scan, query); err == nil || list != nil {
			t.Errorf("%s: %v, %v", query, list, err)
		}
	}
	for _, query := range []string{`SELECT nothing, 1`, `SELECT 'x', 1`, `SELECT 1`} {
		if all, err := CollectMap(t.Context(), db, Pair[int, int], query); err == nil || all != nil {
			t.Errorf("%s: %v, %v", query, all, err)
		}
	}
}

// Without rows the map is empty and can be written to; of the same key the last row counts.
func TestCollectMap(t *testing.T) {
	db := open(t)
	for query, want := range map[string]map[string]int{
		`SELECT 'x', 1 WHERE FALSE`:                                     {},
		`SELECT 'x', 1 UNION ALL SELECT 'y', 2 UNION ALL SELECT 'x', 3`: {"x": 3, "y": 2},
	} {
		all, err := CollectMap(t.Context(), db, Pair[string, int], query)
		if err != nil || all == nil || !maps.Equal(all, want) {
			t.Errorf("%s: %v, %v; want %v", query, all, err, want)
		}
	}
}

// A query that ends early gives its connection back: a transaction has only one.
func TestEachClosesItsRows(t *testing.T) {
	db := open(t)
	tx := begin(t, db)
	defer tx.Rollback() //nolint:errcheck // the changes are discarded
	insert(t, tx, 1, 2, 3)
	wrong, n := errors.New("wrong"), 0
	err := Each(t.Context(), tx, `SELECT n FROM numbers WHERE n > $1`, []any{1}, func(Scanner) error { n++; return wrong })
	if !errors.Is(err, wrong) || n != 1 {
		t.Errorf("%v after %d rows", err, n)
	}
	if _, err := tx.ExecContext(t.Context(), `DROP TABLE numbers`); err != nil {
		t.Error("the rows are open still:", err)
	}
}

func TestBatches(t *testing.T) {
	list := make([]int, 16+16+4+1+1)
	for i := range list {
		list[i] = i
	}
	var lengths, all []int
	if err := InBatches(list, func(batch []int) error {
		lengths, all = append(lengths, len(batch)), append(all, batch...)
		return nil
	}); err != nil || !slices.Equal(lengths, []int{16, 16, 4, 1, 1}) || !slices.Equal(all, list) {
		t.Error(lengths, all, err)
	}
	wrong := errors.New("wrong")
	if err := InBatches(list, func([]int) error { return wrong }); !errors.Is(err, wrong) {
		t.Error(err)
	}
	if got := InList(5, 3) + Placeholders(1, 2, 2); got != "($5, $6, $7)($1, $2), ($3, $4)" {
		t.Error(got)
	}
}

// A statement in use is not reused for the same query inside of its rows.
func TestStatementsInsideTheirOwnRows(t *testing.T) {
	db := open(t)
	const query = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n`
	count := func(q Querier, each func()) (n int) {
		err := Each(t.Context(), q, query, nil, func(Scanner) error {
			n++
			each()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 2 {
		err := db.Snapshot(t.Context(), func(q Querier) error {
			inner := 0
			outer := count(q, func() { inner += count(q, func() {}) })
			if outer != 3 || inner != 9 {
				t.Errorf("%d rows, and %d in them; want 3 and 9", outer, inner)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestStatementsAreForgottenBeyondTheirNumber(t *testing.T) {
	db := open(t)
	conn, err := db.read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // as above
	for i := range 3 * maxStatements {
		var got int
		if err := conn.QueryRowContext(t.Context(), `SELECT $1 + `+strconv.Itoa(i)+` - `+strconv.Itoa(i), 7).
			Scan(&got); err != nil || got != 7 {
			t.Fatal(got, err)
		}
	}
	if err := conn.Raw(func(c any) error {
		if n := len(c.(*cachingConn).kept); n == 0 || n > maxStatements {
			t.Errorf("%d statements are kept, want 1 to %d", n, maxStatements)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// A driver's value of another type than the column's is an error, not a zero.
func TestValuesOfAnotherKind(t *testing.T) {
	db := open(t)
	for query, fn := range map[string]func(*Values){
		`SELECT 'x'`: func(v *Values) { v.Number() }, `SELECT 1`: func(v *Values) { v.Text() },
		`SELECT NULL`: func(v *Values) { v.Flag() },
	} {
		if err := db.Raw(t.Context(), query, nil, fn); err == nil {
			t.Errorf("%s: no error", query)
		}
	}
	if err := db.Raw(t.Context(), `SELECT nothing`, nil, func(*Values) {}); err == nil {
		t.Error("a query that is wrong is no error")
	}
	n := 0
	err := db.Raw(t.Context(), `SELECT $1, 'a', 1 UNION ALL SELECT $2, 'b', 0`, []any{int64(7), int64(8)},
		func(v *Values) {
			if a, b, f := v.Number(), v.Text(), v.Flag(); a != int64(7+n) || b != string(rune('a'+n)) || f != (n == 0) {
				t.Error(a, b, f)
			}
			n++
		})
	if err != nil || n != 2 {
		t.Error(n, err)
	}
}
