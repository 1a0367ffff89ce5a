package chat

import (
	"context"
	"strings"
	"testing"

	"chitchat/chat/sqlite"
)

// A database error names the method and the statement, for the reader of the log; a refusal is returned as it is.
func TestErrorsSayWhichVerbAskedWhat(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	if err := c.Accounts.EndSession(t.Context(), ada, bob.Session); err != errNotFound { //nolint:errorlint // it has to be itself
		t.Error("what is refused is", err)
	}
	must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `ALTER TABLE blocks RENAME TO mislaid`)
		return err
	}, nil))
	_, reading := c.Moderation.Blocked(t.Context(), ada)
	_, writing := c.Moderation.Block(t.Context(), ada, "Bob")
	for want, err := range map[string]error{
		"Moderation.Blocked, idSet: SELECT blocked_id FROM blocks WHERE": reading,
		"Moderation.Block: INSERT INTO blocks":                           writing,
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "no such table") {
			t.Errorf("%v: want %q, and why", err, want)
		}
	}
}
