package chat

import (
	"fmt"
	"strings"
	"testing"
)

// A database that may not grow refuses changes, can be read, and works again when there is room.
func TestFullDatabase(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "with room")
	mustView(t, c, ada)
	pages := 0
	if err := c.db.WritePool().QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		t.Helper()
		got := 0
		if err := c.db.WritePool().QueryRow(fmt.Sprintf(`PRAGMA max_page_count = %d`, n)).Scan(&got); err != nil || got != n {
			t.Fatal(got, err)
		}
	}
	limit(pages)
	long := strings.Repeat("x", MaxBodyLen)
	draft := Draft{Body: long, ClientID: "the same"}
	var err error
	posted := int64(1)
	for ; err == nil && posted < 100; posted++ { // until the database's reserve is used up
		_, _, err = c.Messages.Post(t.Context(), ada, "general-talk", draft)
		if err == nil {
			draft.ClientID += "+"
		}
	}
	posted--
	wantCode(t, err, CodeNoSpace)
	_, err = c.Messages.Edit(t.Context(), ada, "general-talk", 1, long)
	wantCode(t, err, CodeNoSpace)
	for _, a := range []Actor{ada, bob} {
		if p := mustView(t, c, a); p.Channel.LastSeq != posted {
			t.Errorf("%s sees %d of %d messages", a.Name, p.Channel.LastSeq, posted)
		}
		if err := c.Channels.MarkRead(t.Context(), a, "general-talk", posted); err != nil {
			t.Error(err)
		}
	}
	limit(pages + 100)
	row, fresh, err := c.Messages.Post(t.Context(), ada, "general-talk", draft)
	if err != nil || !fresh || row.Seq != posted+1 {
		t.Errorf("with room again: message %d, %v, %v", row.Seq, fresh, err)
	}
	if p := mustView(t, c, bob); p.Channel.LastSeq != posted+1 {
		t.Errorf("Bob sees %d of %d messages", p.Channel.LastSeq, posted+1)
	}
}

// Ready writes: it must fail on a disk that accepts no writes.
func TestReadyWrites(t *testing.T) {
	c := mustOpen(t, Options{})
	for want := 1; want <= 3; want++ {
		if err := c.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		wrote := 0
		if err := c.db.QueryRowContext(t.Context(), `SELECT value FROM counters WHERE name = 'ready'`).
			Scan(&wrote); err != nil || wrote != want {
			t.Errorf("%d times ready, and wrote %d times: %v", want, wrote, err)
		}
	}
}
