package chat

import "testing"

// New users have read everything that was posted before them, in archived channels too, and cost a row for each active
// channel with a message.
func TestNewcomersHaveRead(t *testing.T) {
	c := mustOpen(t, Options{})
	owner := mustOwn(t, c, "Olga")
	early := mustSignIn(t, c, "Early")
	slugs := make(map[string]string)
	for _, name := range []string{"Used", "Empty", "Archived", "Deleted"} {
		ch := mustChannel(t, c, owner, name, Public)
		slugs[name] = ch.Slug
		if name != "Empty" {
			mustWrite(t, c, owner, ch.Slug, "said before")
		}
	}
	_, err := c.Channels.Archive(t.Context(), owner, slugs["Archived"])
	must(t, err)
	_, err = c.Channels.Delete(t.Context(), owner, slugs["Deleted"])
	must(t, err)

	late := mustSignIn(t, c, "Late")
	var rows int
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM memberships WHERE user_id = $1`, late.ID).Scan(&rows))
	if rows != 2 {
		t.Errorf("a newcomer costs %d rows, want those of General Talk and of Used", rows)
	}
	unread := func(a Actor) map[string]int64 {
		t.Helper()
		list, err := sidebarList(t.Context(), c, a)
		must(t, err)
		n := make(map[string]int64)
		for _, l := range list {
			n[l.Name] = l.Unread()
		}
		return n
	}
	page := mustListen(t, c, late, Cursor{})
	_, err = c.Channels.Restore(t.Context(), owner, slugs["Archived"])
	must(t, err)
	takeUntil(t, page, func(b Update) bool {
		for _, l := range b.Channels {
			if l.Slug == slugs["Archived"] {
				return l.Unread() == 0
			}
		}
		return false
	})
	mustWrite(t, c, owner, slugs["Empty"], "said after")
	mustWrite(t, c, owner, slugs["Archived"], "said after")
	for name, want := range map[string][2]int64{"Used": {0, 1}, "Empty": {1, 1}, "Archived": {1, 2}} {
		if got := [2]int64{unread(late)[name], unread(early)[name]}; got != want {
			t.Errorf("%s: %d are unread to who came late and early, want %d", name, got, want)
		}
	}
}
