package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// mustDirect starts a direct conversation.
func mustDirect(t testing.TB, c *Chat, a Actor, with ...Actor) Channel {
	t.Helper()
	ids := make([]ID, len(with))
	for i, w := range with {
		ids[i] = w.ID
	}
	ch, err := c.Channels.CreateDirect(t.Context(), a, ids)
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func mustWrite(t testing.TB, c *Chat, a Actor, slug, body string) {
	t.Helper()
	if _, _, err := c.Messages.Post(t.Context(), a, slug, Draft{Body: body}); err != nil {
		t.Fatal(err)
	}
}

// mustDirects returns the direct conversations of a user's sidebar.
func mustDirects(t testing.TB, c *Chat, a Actor) []SidebarItem {
	t.Helper()
	list, err := sidebarList(t.Context(), c, a)
	must(t, err)
	return slices.DeleteFunc(list, func(l SidebarItem) bool { return l.Kind != Direct })
}

func slugsOf(list []SidebarItem) (all []string) {
	for _, l := range list {
		all = append(all, l.Slug)
	}
	return all
}

// crowd returns n new users.
func crowd(t testing.TB, c *Chat, n int) (people []Actor) {
	t.Helper()
	for i := range n {
		people = append(people, mustSignIn(t, c, fmt.Sprintf("Person %02d", i)))
	}
	return people
}

// TestUnsaidConversationsAreBounded: each costs both sides a row, and its creator nothing.
func TestUnsaidConversationsAreBounded(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	mal, ada := mustSignIn(t, c, "Mal"), mustSignIn(t, c, "Ada")
	people := crowd(t, c, maxUnsaid+1)
	first := mustDirect(t, c, mal, ada, people[0])
	for _, p := range people[1:maxUnsaid] {
		mustDirect(t, c, mal, ada, p)
	}
	_, err := c.Channels.CreateDirect(t.Context(), mal, []ID{ada.ID})
	wantCode(t, err, CodeInvalid)
	if !strings.Contains(err.Error(), "Write something in one of them") {
		t.Errorf("it is not said what to do: %v", err)
	}
	if list := mustDirects(t, c, ada); len(list) > 0 {
		t.Errorf("%d conversations are listed in which nothing was said to her", len(list))
	}
	if again := mustDirect(t, c, mal, ada, people[0]); again.ID != first.ID { // existing ones do not count again
		t.Error("another conversation between the same people")
	}
	mustDirect(t, c, ada, mal) // others may start conversations

	mustWrite(t, c, mal, first.Slug, "hello")
	mustDirect(t, c, mal, people[maxUnsaid]) // one of them has a message now
	_, err = c.Channels.CreateDirect(t.Context(), mal, []ID{people[maxUnsaid].ID, ada.ID})
	wantCode(t, err, CodeInvalid)
	at.advance(unsaidLifetime)
	must(t, c.expireNow(t.Context()))
	mustDirect(t, c, mal, people[maxUnsaid], ada)
}

// TestUnsaidConversationsEnd: they are deleted like a channel, in memory too, and only those without a message.
func TestUnsaidConversationsEnd(t *testing.T) {
	at := newClock()
	var dropped droppedFiles
	c := mustOpen(t, Options{Now: at.now, Dropped: dropped.drop})
	ada, bob, cleo := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Cleo")
	said := mustDirect(t, c, ada, cleo)
	mustWrite(t, c, ada, said.Slug, "hello")
	unsaid := mustDirect(t, c, ada, bob)
	elsewhere := mustListen(t, c, bob, Cursor{})
	open := mustListen(t, c, ada, Cursor{Channel: unsaid.Slug})
	file := Attachment{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: 3}
	_, err := c.Messages.SavePendingFiles(t.Context(), ada, unsaid.Slug, []Attachment{file}, nil)
	must(t, err)

	at.advance(unsaidLifetime - time.Second)
	must(t, c.expireNow(t.Context()))
	if _, err := c.Channels.Get(t.Context(), ada, unsaid.Slug); err != nil || open.Reason() != 0 {
		t.Errorf("it ended before its day was over: %v, %d", err, open.Reason())
	}
	at.advance(time.Second)
	must(t, c.expireNow(t.Context()))
	wantClosed(t, open, CloseNotFound)
	if elsewhere.Reason() != 0 {
		t.Error("a page that shows something else was ended")
	}
	_, _, err = c.Messages.Post(t.Context(), ada, unsaid.Slug, Draft{Body: "too late"})
	wantCode(t, err, CodeNotFound)
	if list := slugsOf(mustDirects(t, c, ada)); !slices.Equal(list, []string{said.Slug}) {
		t.Errorf("her list: %v", list)
	}
	if !slices.Contains(dropped.list(), file.ID) {
		t.Error("the file that waited there is kept")
	}
	c.hub.mu.Lock()
	for name, a := range map[string]Actor{"Ada": ada, "Bob": bob} {
		if _, is := c.hub.people[a.ID].memberships[unsaid.ID]; is {
			t.Errorf("the program remembers how %s stood to it", name)
		}
	}
	c.hub.mu.Unlock()

	again := mustDirect(t, c, ada, bob)
	if again.ID == unsaid.ID {
		t.Error("the conversation that ended was begun again")
	}
	mustWrite(t, c, ada, again.Slug, "in time")

	at.advance(tombstoneLifetime)
	must(t, c.expireNow(t.Context()))
	var rows int
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM channels WHERE id = $1`, unsaid.ID).Scan(&rows))
	c.hub.channels.mu.RLock()
	_, inSlugs := c.hub.channels.slugs[unsaid.Slug]
	c.hub.channels.mu.RUnlock()
	if rows > 0 || c.hub.channels.byIDWithDeleted(unsaid.ID) != nil || inSlugs {
		t.Error("something is left of it")
	}
	if _, err := c.Channels.Get(t.Context(), bob, again.Slug); err != nil {
		t.Error("one in which something was said has ended:", err)
	}
}

// TestListOfDirectConversationsIsBounded: conversations that others start cost every page and socket of a user. Unread
// and new ones come first, and the others can be found.
func TestListOfDirectConversationsIsBounded(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	ada := mustSignIn(t, c, "Ada")
	people := crowd(t, c, ListedDirect+20)
	var all []Channel
	for _, p := range people {
		ch := mustDirect(t, c, p, ada)
		mustWrite(t, c, p, ch.Slug, "hello")
		at.advance(time.Second)
		all = append(all, ch)
	}
	must(t, c.Channels.MarkRead(t.Context(), ada, all[2].Slug, 1))
	must(t, c.Channels.SetPreferences(t.Context(), ada, all[1].Slug, true, false, NotifyAll, 0))
	listed := slugsOf(mustDirects(t, c, ada))
	if len(listed) != ListedDirect {
		t.Errorf("%d are listed", len(listed))
	}
	if !slices.Contains(listed, all[1].Slug) || slices.Contains(listed, all[0].Slug) ||
		!slices.Contains(listed, all[len(all)-1].Slug) {
		t.Error("a favourite is missing, or the oldest is not")
	}

	l := mustListen(t, c, ada, Cursor{})
	takeUntil(t, l, func(b Update) bool { return b.Channels != nil })
	newest := all[len(all)-1]
	must(t, c.Channels.MarkRead(t.Context(), ada, newest.Slug, 1)) // another unread one takes its place
	b := takeUntil(t, l, func(b Update) bool { return b.Channels != nil })
	if in := slugsOf(b.Channels); slices.Contains(in, newest.Slug) || len(in) != ListedDirect+1 { // and General Talk
		t.Errorf("%d are listed, what was read among them: %v", len(in)-1, slices.Contains(in, newest.Slug))
	}

	found := map[string]bool{}
	for page := range 3 {
		table, err := c.Channels.ListDirect(t.Context(), ada, page)
		must(t, err)
		if table.Total != len(all) || len(table.Rows) > ListedDirect {
			t.Errorf("page %d: %d of %d", page, len(table.Rows), table.Total)
		}
		if page == 0 && table.Rows[0].Slug != newest.Slug {
			t.Error("the newest is not the first")
		}
		for _, l := range table.Rows {
			found[l.Slug] = true
			if len(l.With) != 1 {
				t.Errorf("with %v", l.With)
			}
		}
	}
	if len(found) != len(all) {
		t.Errorf("%d of %d are found", len(found), len(all))
	}
}
