package chat

import "testing"

// Messages of before the index are added to it in the background, and meanwhile a search finds those that are, and says
// how many there are.
func TestSearchOfAnOldDatabase(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	const many = 2*numberedAtOnce + 10
	mustExec(t, c, `INSERT INTO messages (channel_id, seq, rev, user_id, client_id, body, html, continued, files,
		created_at, edited_at, deleted_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		SELECT (SELECT id FROM channels), i, i, $2, i, 'an old word', '', FALSE, 0, 1000 * i, 0, i = 5 FROM n`, many, ada.ID)
	mustExec(t, c, `UPDATE channels SET last_seq = $1, last_rev = $1`, many)
	mustExec(t, c, `UPDATE counters SET value = 0 WHERE name = 'numbered_channel'`)
	c.hub.channels.bySlug("general-talk").advance(many, many, 1)
	mustPost(t, c, ada, "a new word")
	before := 0
	for more := true; more; { // the chat does the same in the background
		var err error
		more, err = c.indexStep(t.Context())
		must(t, err)
		p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: "word"})
		must(t, err)
		whole := p.Total == many // one is deleted, and one is new
		if p.Progress.Whole() != whole || (p.Progress.Percent() == 100) != whole || p.Total < before {
			t.Errorf("%d found after %d, at %d%%", p.Total, before, p.Progress.Percent())
		}
		if before = p.Total; !more && !whole {
			t.Errorf("%d found", p.Total)
		}
	}
}

// What is done of the messages of before is counted over all channels and threads.
func TestIndexProgress(t *testing.T) {
	c := mustOpen(t, Options{})
	mustExec(t, c, `UPDATE channels SET last_seq = 70`)
	mustExec(t, c, `INSERT INTO threads (id, channel_id, seq, created_at, last_seq, last_rev, last_at, shown_rev)
		VALUES (1, 1, 1, 0, 29, 29, 0, 29)`)
	mustExec(t, c, `UPDATE counters SET value = 11 WHERE name = 'numbered_seq'`)
	if p, err := c.messagesToNumber(t.Context()); err != nil || !p.Whole() || p.Percent() != 100 {
		t.Error(p, err)
	}
	for channel, want := range map[string]int{`1`: 11, `(SELECT id FROM channels)`: 40} {
		mustExec(t, c, `UPDATE counters SET value = `+channel+` WHERE name = 'numbered_channel'`)
		if p, err := c.messagesToNumber(t.Context()); err != nil || p.Whole() || p.Percent() != want {
			t.Errorf("%+v, want %d%%: %v", p, want, err)
		}
	}
}
