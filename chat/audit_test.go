package chat

import (
	"context"
	"fmt"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

// mustAudit writes an entry as the methods do.
func mustAudit(t testing.TB, c *Chat, a Actor, action, detail string) {
	t.Helper()
	must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
		return c.audit(ctx, tx, a, action, 0, 0, detail)
	}, nil))
}

func mustLog(t testing.TB, c *Chat, a Actor, f AuditFilter) []AuditEntry {
	t.Helper()
	list, _, err := c.Admin.Audit(t.Context(), a, f, 0)
	must(t, err)
	return list
}

// TestLogKnowsTheTimeOfTheChat: entries once had the time of another clock than everything else.
func TestLogKnowsTheTimeOfTheChat(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	olga := mustOwn(t, c, "Olga")
	if log := mustLog(t, c, olga, AuditFilter{}); !log[0].At.Equal(at.now()) {
		t.Errorf("noted at %s, want %s", log[0].At, at.now())
	}
}

// TestRepeatedActsAreCounted: a user who changes a channel back and forth 300 times a minute once made an entry each
// time.
func TestRepeatedActsAreCounted(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	olga := mustOwn(t, c, "Olga")
	at.advance(time.Hour)
	room := mustChannel(t, c, olga, "Room", Public)
	begun := at.now()
	toggle := func() {
		for _, announce := range []bool{true, false} {
			_, err := c.Channels.Update(t.Context(), olga, room.Slug, ChannelSettings{Name: "Room", Announce: announce})
			must(t, err)
			at.advance(100 * time.Millisecond)
		}
	}
	for range 150 {
		toggle()
	}
	log := mustLog(t, c, olga, AuditFilter{Action: "channel.changed"})
	if len(log) != 2 || log[0].Times != 150 || log[1].Times != 150 {
		t.Fatalf("%d entries: %+v", len(log), log)
	}
	if first, last := log[1], log[0]; !first.At.Equal(begun) || !last.Last.Equal(at.now().Add(-100*time.Millisecond)) ||
		last.Detail == first.Detail {
		t.Errorf("from %s to %s, %q and %q", first.At, last.Last, first.Detail, last.Detail)
	}
	at.advance(30 * time.Second) // a minute after the first
	toggle()
	other := olga
	other.Address = "192.0.2.1"
	mustAudit(t, c, other, "workspace.changed", "x")
	mustAudit(t, c, olga, "workspace.changed", "x")
	mustAudit(t, c, olga, "workspace.changed", "y")
	if log := mustLog(t, c, olga, AuditFilter{Action: "channel.changed"}); len(log) != 4 || log[0].Times != 1 ||
		!log[0].Last.IsZero() {
		t.Errorf("a minute later: %+v", log)
	}
	if log := mustLog(t, c, olga, AuditFilter{Action: "workspace.changed"}); len(log) != 3 {
		t.Errorf("what differs is counted as one: %+v", log)
	}
}

// TestLogEnds: entries that are too old are deleted, and beyond the limit those of the user with the most.
func TestLogEnds(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	olga, mal := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Mal")
	for i := range 2*purgedAtOnce + 10 {
		mustAudit(t, c, mal, "channel.changed", fmt.Sprint("old ", i))
	}
	at.advance(AuditLifetime / 2)
	mustAudit(t, c, olga, "workspace.changed", "kept")
	for i := range purgedAtOnce + 10 {
		mustAudit(t, c, mal, "channel.changed", fmt.Sprint("new ", i))
	}
	count := func() (n int) {
		must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM audit`).Scan(&n))
		return n
	}
	at.advance(AuditLifetime / 2)
	must(t, c.endAudit(t.Context(), MaxAudit))
	if n := count(); n != purgedAtOnce+11 {
		t.Errorf("%d entries are left", n)
	}
	must(t, c.endAudit(t.Context(), 5))
	if n := count(); n != 5 {
		t.Errorf("%d entries are left, want 5", n)
	}
	if log := mustLog(t, c, olga, AuditFilter{Action: "workspace.changed"}); len(log) != 1 || log[0].Detail != "kept" {
		t.Errorf("who floods the log pushes others' entries out: %+v", log)
	}
	if log := mustLog(t, c, olga, AuditFilter{}); log[0].Detail != fmt.Sprint("new ", purgedAtOnce+9) {
		t.Errorf("the newest is gone: %+v", log[0])
	}
}
