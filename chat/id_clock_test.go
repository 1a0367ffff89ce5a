package chat

import "testing"

// TestGeneralWhateverTheClockDid: IDs are times, and the clock may have been ahead when a workspace began. A channel
// with a smaller ID does not become General Talk.
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
	list, err := sidebarList(t.Context(), c, bob)
	if err != nil || len(list) != 1 || list[0].Slug != "general-talk" || list[0].State != Joined {
		t.Errorf("a newcomer's list: %v, %v", list, err)
	}
}

// TestIDsGoOnAfterTheNewest: after a restart with a clock that is behind, no ID is generated again.
func TestIDsGoOnAfterTheNewest(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ahead := NewID() + 8*3600*1000<<idRandomBits
	for _, query := range []string{
		`INSERT INTO users (id, name, name_key, name_rev, posted, last_channel_id, created_at)
			VALUES ($1, 'x', 'x', 0, TRUE, 0, 0)`,
		`INSERT INTO channels (id, slug, name, name_key, created_by, created_at, last_seq, last_rev)
			VALUES ($1, 'x', 'x', 'x', 0, 0, 0, 0)`,
		`INSERT INTO attachments (channel_id, id, seq, position, user_id, name, type, size, width, height, thumb, created_at)
			VALUES (1, $1, 0, 0, 1, 'x', 'x', 1, 0, 0, FALSE, 4102444800000)`, // else it is overdue, and removed
		`UPDATE users SET avatar = $1`,
		`INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture, picture_size)
			VALUES ($1, 'x', 0, 4102444800000, 'x', '', '', 0, 0)`,
		`UPDATE link_previews SET picture = $1`,
	} {
		ahead += 3600 * 1000 << idRandomBits // or another query's would do
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
