package chat

import "testing"

// Away lasts until the user ends it: neither a message nor another visit does, as in other chats. Others see it at
// once.
func TestAway(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	talk := mustDirect(t, c, ada, bob)
	mustWrite(t, c, ada, talk.Slug, "hello")
	page := mustListen(t, c, bob, Cursor{Channel: talk.Slug})
	mustListen(t, c, ada, Cursor{})
	takeUntil(t, page, func(u Update) bool { return len(u.Channels) > 0 && u.Channels[1].Present })

	toggle := func(want bool) {
		t.Helper()
		away, err := c.Users.ToggleAway(t.Context(), ada)
		must(t, err)
		if away != want {
			t.Fatalf("away is %v", away)
		}
	}
	toggle(true)
	seen := takeUntil(t, page, func(u Update) bool { return len(u.Channels) > 0 && len(u.Profiles) > 0 })
	if !seen.Profiles[0].Away || !seen.Channels[1].With[0].Away || seen.Channels[1].Present {
		t.Errorf("Bob's page shows %+v and %+v", seen.Profiles, seen.Channels[1])
	}
	mustWrite(t, c, ada, talk.Slug, "not really here")
	people, err := c.Users.Search(t.Context(), bob, "ada", 1)
	must(t, err)
	if l := mustDirects(t, c, bob)[0]; l.Present || !people[0].Away || people[0].Present {
		t.Errorf("after a message, the list shows %+v, and the search %+v", l, people)
	}
	toggle(false)
	takeUntil(t, page, func(u Update) bool { return len(u.Channels) > 0 && u.Channels[1].Present })
}
