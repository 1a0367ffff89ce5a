package chat

import (
	"testing"
)

// A deleted channel leaves nothing of its threads, and those of another channel stay.
func TestDeletedChannelLeavesNothingOfItsThreads(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	fill := func(slug string) {
		t.Helper()
		for _, d := range []Draft{{Body: "root"}, {Body: "a reply @Ada https://e.org/a", Thread: 1,
			Files: []Attachment{{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: 3}}},
			{Body: "for all @Ada", Thread: 1, Broadcast: true}} {
			_, _, err := c.Messages.Post(ctx, bob, slug, d)
			must(t, err)
		}
		thread := ThreadAddress(slug, 1)
		_, err := c.Messages.Edit(ctx, bob, thread, 1, "edited @Ada https://e.org/a")
		must(t, err)
		_, err = c.Messages.React(ctx, ada, thread, 1, "👍")
		must(t, err)
		must(t, c.Messages.Save(ctx, ada, thread, 1, false))
		must(t, c.Messages.Save(ctx, ada, slug, 1, false))
		must(t, c.Messages.Pin(ctx, ada, slug, 1))
		mustSave(t, c, ada, thread, "a draft", "")
		mustSave(t, c, ada, slug, "a draft", "")
		mustSave(t, c, ada, ThreadAddress(slug, 2), "before a reply", "") // which belongs to the first thread
		mustWrite(t, c, ada, slug, "without a reply")
		must(t, c.Threads.Follow(ctx, ada, slug, 4))
		mustExec(t, c, `INSERT INTO message_link_previews (channel_id, seq, url, href, place, number, preview_id)
			SELECT t.id, 1, 'u', 'u', 0, 9, 1 FROM threads t JOIN channels c ON c.id = t.channel_id
			WHERE c.slug = $1 AND t.seq = 1`, slug)
	}
	tables := []string{"messages", "threads", "thread_followers", "drafts", "saved", "pins", "mentions", "reactions",
		"message_versions", "message_link_previews", "attachments"}
	rows := func() map[string]int {
		t.Helper()
		n := make(map[string]int)
		for _, table := range tables {
			var count int
			must(t, c.db.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&count))
			n[table] = count
		}
		return n
	}
	stays, goes := mustChannel(t, c, ada, "Stays", Public), mustChannel(t, c, ada, "Goes", Public)
	fill(stays.Slug)
	mustShow(t, c)
	want := rows()
	for _, table := range tables {
		if want[table] == 0 {
			t.Errorf("the test has no row of %s", table)
		}
	}
	fill(goes.Slug)
	mustShow(t, c)
	_, err := c.Channels.Delete(ctx, ada, goes.Slug)
	must(t, err)
	for _, address := range []string{goes.Slug, ThreadAddress(goes.Slug, 1)} {
		_, err := c.Messages.Peek(ctx, ada, address)
		wantCode(t, err, CodeNotFound)
	}
	if list, err := c.Threads.List(ctx, ada, 0); err != nil || len(list.Rows) != 1 {
		t.Errorf("%d threads are listed, want the one of the other channel (%v)", len(list.Rows), err)
	}
	if n := len(mustSaved(t, c, ada)); n != 2 {
		t.Errorf("%d messages are saved, want the two of the other channel", n)
	}
	c.purge(ctx)
	for table, n := range rows() {
		if n != want[table] {
			t.Errorf("%s has %d rows, want %d", table, n, want[table])
		}
	}
	mustShow(t, c)
}

func mustSaved(t *testing.T, c *Chat, a Actor) []SavedMessage {
	t.Helper()
	p, err := c.Messages.Saved(t.Context(), a, false, 0)
	must(t, err)
	return p.Messages
}
