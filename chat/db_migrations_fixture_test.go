package chat

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

// mustLoad makes a database of SQL text in testdata, and returns its path.
func mustLoad(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	path := tempPath(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), string(text)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// mustOpenMigrated opens a database from testdata in the version that made it, a minute after its last change. All its
// data must still be there, except for the columns that the migrations change on purpose.
func mustOpenMigrated(t *testing.T, name string, last int64, changed ...string) *Chat {
	t.Helper()
	before, after := mustLoad(t, name), mustLoad(t, name)
	now := time.UnixMilli(last).Add(time.Minute)
	c := mustOpen(t, Options{Path: after, Now: func() time.Time { return now }})

	db, err := sql.Open("sqlite", after+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), `ATTACH $1 AS before`, before); err != nil {
		t.Fatal(err)
	}
	list := func(query string) (all []string) {
		all, err := sqlite.Collect(t.Context(), db, sqlite.Single[string], query)
		must(t, err)
		return all
	}
	// as gob writes id; where the keys stand in the sessions themselves, they are compared as all else
	const opening = `SELECT key FROM before.session_data JOIN before.sessions
		ON instr(hex(value), printf('%016X', 2 * id))`
	if len(list(`SELECT name FROM before.sqlite_master WHERE name = 'session_data'`)) > 0 {
		if lost := list(opening +
			` EXCEPT SELECT key_hash FROM main.sessions WHERE key_sent_at > 0`); len(list(opening)) < 3 || len(lost) > 0 {
			t.Errorf("of %d keys that opened a session, these do not any more: %q", len(list(opening)), lost)
		}
	}
	rows := 0
	for _, table := range list(`SELECT name FROM before.sqlite_master WHERE type = 'table'
		AND name NOT IN ('goose_db_version', 'sqlite_sequence', 'session_data')`) {
		columns := list(`SELECT name FROM pragma_table_info('` + table + `', 'before')`)
		columns = slices.DeleteFunc(columns, func(column string) bool { return slices.Contains(changed, table+"."+column) })
		all := strings.Join(columns, ", ")
		if lost := list(`SELECT quote(` + strings.Join(columns, `) || ' ' || quote(`) + `) FROM (SELECT ` + all +
			` FROM before.` + table + ` EXCEPT SELECT ` + all + ` FROM main.` + table + `)`); len(lost) > 0 {
			t.Errorf("%s lost or changed %q", table, lost)
		}
		count := func(schema string) string { return list(`SELECT count(*) FROM ` + schema + `.` + table)[0] }
		if count("before") != count("main") && table != "counters" && table != "settings" {
			t.Errorf("%s had %s rows, and has %s", table, count("before"), count("main"))
		}
		var n int
		_, _ = fmt.Sscan(count("before"), &n) // 0 would be too few
		rows += n
	}
	if rows < 90 {
		t.Errorf("the database of the test has only %d rows", rows)
	}
	return c
}

// mustActor returns a user of the database as an actor, by their session.
func mustActor(t *testing.T, c *Chat, name string) Actor {
	t.Helper()
	var user, session ID
	err := c.db.QueryRowContext(t.Context(),
		`SELECT u.id, s.id FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.name = $1`, name).Scan(&user, &session)
	if err != nil {
		t.Fatal(name, err)
	}
	a, err := c.Accounts.Authenticate(t.Context(), user, session)
	if err != nil {
		t.Fatal(name, err)
	}
	return a
}
