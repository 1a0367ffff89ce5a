package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGeneralWhateverTheClockDid: IDs are times, and a clock may have been ahead of itself when a workspace began.
// Whatever has a smaller ID is not everyone's for it.
func TestGeneralWhateverTheClockDid(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	owner := mustOwn(t, c, "Olga")
	board := mustChannel(t, c, owner, "Board", Private)
	mustExec(t, c, `UPDATE channels SET id = 7 WHERE id = $1`, board.ID)
	mustExec(t, c, `UPDATE memberships SET channel_id = 7 WHERE channel_id = $1`, board.ID)
	must(t, c.Close())

	c = mustOpen(t, Options{Path: path})
	if ch, err := c.Channels.Get(t.Context(), owner, "general-talk"); err != nil || !c.Channels.IsGeneral(ch) {
		t.Errorf("General Talk is not everyone's: %v", err)
	}
	if _, err := c.Channels.Delete(t.Context(), owner, "general-talk"); ErrorCode(err) != CodeForbidden {
		t.Errorf("General Talk can be deleted: %v", err)
	}
	if _, err := c.Channels.Archive(t.Context(), owner, board.Slug); err != nil {
		t.Errorf("Board cannot be archived: %v", err)
	}
	bob := mustSignIn(t, c, "Bob")
	if _, err := c.Channels.Get(t.Context(), bob, board.Slug); ErrorCode(err) != CodeNotFound {
		t.Errorf("a newcomer sees Board: %v", err)
	}
	list, err := c.Channels.Sidebar(t.Context(), bob)
	if err != nil || len(list) != 1 || list[0].Slug != "general-talk" || list[0].State != Joined {
		t.Errorf("a newcomer's list: %v, %v", list, err)
	}
}

// TestIDsGoOnAfterTheNewest: after a restart with a clock that is behind, no ID is made again.
func TestIDsGoOnAfterTheNewest(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ahead := NewID() + 8*3600*1000<<idRandomBits
	for i, query := range []string{
		`INSERT INTO users (id, name, name_key, name_rev, posted, last_channel_id, created_at)
			VALUES ($1, 'x', 'x', 0, FALSE, 0, 0)`,
		`INSERT INTO channels (id, slug, name, name_key, created_by, created_at, last_seq, last_rev)
			VALUES ($1, 'x', 'x', 'x', 0, 0, 0, 0)`,
		`INSERT INTO attachments (channel_id, id, seq, position, user_id, name, type, size, width, height, thumb, created_at)
			VALUES (1, $1, 0, 0, 1, 'x', 'x', 1, 0, 0, FALSE, 0)`,
		`UPDATE users SET avatar = $1`,
	} {
		ahead += ID(i)
		mustExec(t, c, query, ahead)
		must(t, passIDs(t.Context(), c.db))
		if id := NewID(); id <= ahead {
			t.Errorf("%d is made after %d, by %s", id, ahead, query)
		}
	}
	must(t, c.Close())
	lastID.Lock()
	lastID.id = 0
	lastID.Unlock()
	mustOpen(t, Options{Path: path})
	if id := NewID(); id <= ahead {
		t.Errorf("after a restart %d is made, and %d is there", id, ahead)
	}
}

// TestListOrder holds that changing channels one by one leaves the list as sorting it would.
func TestListOrder(t *testing.T) {
	d := new(channelCache)
	random := rand.New(rand.NewPCG(1, 2))
	facts := make([]Channel, 60)
	for i := range facts {
		facts[i] = Channel{ID: ID(i + 1), Name: fmt.Sprint(random.IntN(30)), Slug: fmt.Sprint("s", i), Kind: Public,
			general: i == 20}
	}
	d.update(facts)
	for n := range 500 {
		ch := *d.byID(facts[random.IntN(len(facts))].ID).info.Load()
		ch.Name, ch.key, ch.Slug, ch.version = fmt.Sprint(random.IntN(1000)), "", fmt.Sprint("t", n), ch.version+1
		d.update([]Channel{ch})
		if all := d.all(); !slices.IsSortedFunc(all, inListOrder) || len(all) != len(facts) || all[0] != d.general() ||
			all[0].ID != 21 {
			t.Fatalf("after %d changes: %d channels, sorted %v", n, len(all), slices.IsSortedFunc(all, inListOrder))
		}
	}
	for _, state := range d.all() {
		if len(state.old) > maxOldSlugs {
			t.Errorf("%d old slugs are kept of one channel", len(state.old))
		}
	}
}

// TestOldSlugsAreBounded: each rename leaves one, for ever, in the database and in memory.
func TestOldSlugsAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	a := mustSignIn(t, c, "Ada")
	ch := mustChannel(t, c, a, "n 0", Public)
	for n := range maxOldSlugs + 10 {
		var err error
		if ch, err = c.Channels.Update(t.Context(), a, ch.Slug, ChannelSettings{Name: fmt.Sprintf("n %d", n+1)}); err != nil {
			t.Fatal(err)
		}
	}
	var kept int
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM old_slugs`).Scan(&kept))
	if kept != maxOldSlugs || len(c.hub.channels.bySlug(ch.Slug).old) != maxOldSlugs {
		t.Errorf("%d slugs are kept in the database, %d in memory", kept, len(c.hub.channels.bySlug(ch.Slug).old))
	}
	if c.hub.channels.bySlug("n-59") == nil || c.hub.channels.bySlug("n-3") != nil {
		t.Error("it is not the newest that are kept")
	}
}
