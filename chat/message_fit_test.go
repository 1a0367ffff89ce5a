package chat

import (
	"bytes"
	"strings"
	"testing"

	"chitchat/chat/feed"
)

// wideRow renders a row eight times as long as its text, as links do.
func wideRow(b []byte, m Message) []byte {
	b = testRow(b, m)
	return append(b, bytes.Repeat([]byte{'='}, 8*len(m.Body))...)
}

// TestPagesAreBoundedByBytes: a hundred messages of eight thousand characters made a page of 7.8 MB, and as much memory
// for each reader.
func TestPagesAreBoundedByBytes(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: wideRow})
	a := mustSignIn(t, c, "Ada")
	size := func(rows []Row) (n int) {
		for _, row := range rows {
			n += len(row.HTML)
		}
		return n
	}
	const count = 30
	for range count {
		mustPost(t, c, a, strings.Repeat("x", MaxBodyLen))
	}
	newest := func() MessagePage {
		t.Helper()
		p := mustView(t, c, a)
		if n := size(p.Rows); n > feed.MaxPageBytes || len(p.Rows) < 2 || !p.Older ||
			p.Rows[len(p.Rows)-1].Seq != p.Channel.LastSeq {
			t.Errorf("the newest page: %d rows, %d bytes", len(p.Rows), n)
		}
		return p
	}
	live := newest() // as the room grew
	c.hub.mu.Lock()
	room := c.hub.rooms[live.Channel.ID]
	c.hub.mu.Unlock()
	room.Invalidate(allRows)
	if filled := newest(); len(filled.Rows) != len(live.Rows) {
		t.Errorf("%d rows when it is read, %d when it grew", len(filled.Rows), len(live.Rows))
	}
	// A row that was left out does not enter the ring by an edit, without those between.
	if _, err := c.Messages.Edit(t.Context(), a, "general-talk", 1, "edited"); err != nil {
		t.Fatal(err)
	}
	if p := newest(); p.Rows[0].Seq != live.Rows[0].Seq {
		t.Errorf("the ring begins with %d", p.Rows[0].Seq)
	}
	seen := count - live.Rows[0].Seq + 1
	for at := live.Rows[0].Seq; at > 1; {
		p, err := c.Messages.Before(t.Context(), a, "general-talk", at)
		if err != nil || len(p.Rows) == 0 || size(p.Rows) > feed.MaxPageBytes || p.Rows[len(p.Rows)-1].Seq != at-1 ||
			p.Older != (p.Rows[0].Seq > 1) {
			t.Fatalf("before %d: %d rows, %d bytes, %v", at, len(p.Rows), size(p.Rows), err)
		}
		at = p.Rows[0].Seq
		seen += int64(len(p.Rows))
	}
	if seen != count {
		t.Errorf("going back shows %d messages of %d", seen, count)
	}
	for at := int64(0); at < count; {
		p, err := c.Messages.After(t.Context(), a, "general-talk", at)
		if err != nil || len(p.Rows) == 0 || size(p.Rows) > feed.MaxPageBytes || p.Rows[0].Seq != at+1 {
			t.Fatalf("after %d: %d rows, %d bytes, %v", at, len(p.Rows), size(p.Rows), err)
		}
		at = p.Rows[len(p.Rows)-1].Seq
		if p.Newer != (at < count) {
			t.Errorf("after %d there is more: %v", at, p.Newer)
		}
	}
	p, err := c.Messages.Around(t.Context(), a, "general-talk", 15)
	if err != nil || size(p.Rows) > feed.MaxPageBytes || p.Rows[0].Seq >= 15 || p.Rows[len(p.Rows)-1].Seq <= 15 {
		t.Errorf("around 15: %d rows, %d bytes, %v", len(p.Rows), size(p.Rows), err)
	}
}
