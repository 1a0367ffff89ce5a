package sqlite

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	modernc "modernc.org/sqlite"
)

// An error of the database has its statement in one line, whatever path it took, and unwraps to the original.
func TestErrorsSayWhatWasAsked(t *testing.T) {
	db := open(t)
	tx := begin(t, db)
	defer tx.Rollback() //nolint:errcheck // the changes are discarded
	insert(t, tx, 1)
	ask := func(q Querier, query string) error {
		_, err := Collect(t.Context(), q, Single[int], query)
		return err
	}
	do := func(query string, args ...any) error {
		_, err := tx.ExecContext(t.Context(), query, args...)
		return err
	}
	for want, err := range map[string]error{
		"SELECT n FROM nowhere: ":            ask(db, "SELECT n\n\t\tFROM nowhere"),
		"SELECT n FROM nothing: ":            db.QueryRowContext(t.Context(), `SELECT n FROM nothing`).Scan(new(int)),
		"SELECT abs(-9223372036854775808): ": ask(tx, `SELECT abs(-9223372036854775808)`), // when it runs
		"DROP TABLE nobody: ":                do(`DROP TABLE nobody`),                     // which is not cached
		"INSERT INTO numbers (n) VALUES ($1": do(`INSERT INTO numbers (n) VALUES ($1)`, 1),
	} {
		_, isDriver := errors.AsType[*modernc.Error](err)
		if err == nil || !strings.Contains(err.Error(), want) || !isDriver || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: want one line with %q, of the driver's", err, want)
		}
		if IsUnique(err) != strings.HasPrefix(want, "INSERT") {
			t.Errorf("%v: unique is %v", err, IsUnique(err))
		}
	}
	if err := db.QueryRowContext(t.Context(), `SELECT n FROM numbers WHERE n = 9`).Scan(new(int)); err != sql.ErrNoRows {
		t.Error("no row is", err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); !errors.Is(err, sql.ErrTxDone) || !strings.Contains(err.Error(), "COMMIT: ") {
		t.Error("a second commit:", err)
	}
}

func TestFirstWords(t *testing.T) {
	long := "SELECT " + strings.Repeat("ä, ", 10_000)
	for query, want := range map[string]string{
		"": "", " \n\tDELETE\n FROM  t ": "DELETE FROM t", long: "SELECT " + strings.Repeat("ä, ", 18) + "…",
	} {
		if got := firstWords(query); got != want {
			t.Errorf("%.40q is shown as %q, want %q", query, got, want)
		}
	}
}

func TestFunctionNames(t *testing.T) {
	for function, want := range map[string]string{
		"chitchat/chat.(*Chat).SetProfile.func1.2":   "Chat.SetProfile",
		"chitchat/chat.(*Chat).SetProfile":           "Chat.SetProfile",
		"chitchat/chat.updateProfile":                "updateProfile",
		"chitchat/chat.messageChange.in":             "messageChange.in",
		"chitchat/chat.submitValue[...].func1":       "submitValue",
		"chitchat/chat.(*Chat).Around.func1.gowrap1": "Chat.Around",
		"chitchat/chat.(*Chat).Around-range1":        "Chat.Around",
		"github.com/pressly/goose/v3.(*Provider).Up": "Provider.Up",
		"chitchat/chat/sqlite.Collect[...]":          "",
		"chitchat/chat/sqlite.(*DB).QueryContext":    "",
		"database/sql.(*DB).QueryContext":            "",
		"":                                           "",
	} {
		if got, ok := functionName(function); got != want || ok != (want != "") {
			t.Errorf("%s is called %q, %v; want %q", function, got, ok, want)
		}
	}
}
