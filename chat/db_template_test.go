package chat

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"chitchat/chat/sqlite"
	"chitchat/handlers/leaktest"
)

// What the program does with care, and hundreds of tests need not: expensive hashes, and commits that wait for the
// disk. Benchmarks have both.
var realCost = passwordCost

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() == "" {
		passwordCost, unsynced = hashParams{memory: 8, time: 1, threads: 1}, true
	}
	leaktest.Main(m)
}

// atRealCost makes the rest of the test compute hashes at the program's cost.
func atRealCost(t testing.TB) {
	cheap := passwordCost
	passwordCost = realCost
	t.Cleanup(func() { passwordCost = cheap })
}

// template returns a new database after its migrations: the same for all tests, so it is made once.
var template = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "chat")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is a folder of temporary files
	path := filepath.Join(dir, "chat.db")
	db, err := openDatabase(context.Background(), Options{Path: path})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // which folds the write-ahead log into the file
		return nil, err
	}
	return os.ReadFile(path)
})

// mustMigrate saves a new database its migrations, by copying the template.
func mustMigrate(t testing.TB, path string) {
	t.Helper()
	if _, err := os.Stat(path); err == nil {
		return
	}
	file, err := template()
	must(t, err)
	must(t, os.WriteFile(path, file, 0o600))
}

// Without the template a new database becomes the same; and its connections wait for the disk.
func TestNewDatabase(t *testing.T) {
	defer func(was bool) { unsynced = was }(unsynced)
	unsynced = false
	path := tempPath(t)
	c, err := Open(t.Context(), Options{Path: path, RenderRow: testRow})
	must(t, err)
	defer func() { must(t, c.Close()) }()
	mustPost(t, c, mustSignIn(t, c, "Ada"), "the first words")
	for name, pool := range map[string]sqlite.Querier{"the writing": c.db.WritePool(), "a reading": c.db} {
		var level int // https://www.sqlite.org/pragma.html#pragma_synchronous
		if err := pool.QueryRowContext(t.Context(), `PRAGMA synchronous`).Scan(&level); err != nil || level != 2 {
			t.Errorf("%s connection is synchronous at level %d, %v; want 2: FULL", name, level, err)
		}
	}
	schema := func(c *Chat) (all string) {
		must(t, c.db.QueryRowContext(t.Context(), `SELECT group_concat(sql, char(10) ORDER BY name) FROM sqlite_master`).
			Scan(&all))
		return all
	}
	if own, copied := schema(c), schema(mustOpen(t, Options{})); own == "" || own != copied {
		t.Errorf("the copy of the template has\n%s\nand a new database\n%s", copied, own)
	}
}
