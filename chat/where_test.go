package chat

import (
	"context"
	"strings"
	"testing"

	"chitchat/chat/sqlite"
)

// What goes wrong in the database says which verb asked what, to whoever reads the log; what is refused is said as it is.
func TestErrorsSayWhichVerbAskedWhat(t *testing.T) {
	c := mustOpen(t, Options{})
	refused := c.writer.update(t.Context(), func(context.Context, *sqlite.Tx) error { return errNotFound }, nil)
	if refused != errNotFound { //nolint:errorlint // it has to be itself
		t.Error("what is refused is", refused)
	}
	must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
		for _, statement := range []string{`ALTER TABLE counters RENAME TO mislaid`, `ALTER TABLE bans RENAME TO lifted`} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}, nil))
	_, reading := bannedPeople(t.Context(), c.db)
	for want, err := range map[string]error{
		"TestErrorsSayWhichVerbAskedWhat, idSet: SELECT DISTINCT user_id FROM bans": reading,
		"Chat.Ready: INSERT INTO counters":                                          c.Ready(t.Context()), // in the writer
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "no such table") {
			t.Errorf("%v: want %q, and why", err, want)
		}
	}
}
