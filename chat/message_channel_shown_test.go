package chat

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"chitchat/chat/feed"
)

// htmlRow renders the HTML of a text alone.
func htmlRow(b []byte, m Message) []byte { return append(b, "["+m.HTML+"|"+m.Body+"]"...) }

// everyText returns all that an actor is shown of the texts of a channel whose message 1 was edited.
func everyText(t *testing.T, c *Chat, a Actor, slug string) map[string]string {
	t.Helper()
	ctx := t.Context()
	got := make(map[string]string)
	page := func(name string, p MessagePage, err error) {
		t.Helper()
		must(t, err)
		for _, row := range p.Rows {
			got[name] += string(row.HTML)
		}
	}
	p, err := c.Messages.View(ctx, a, slug)
	page("newest", p, err)
	p, err = c.Messages.Before(ctx, a, slug, 100)
	page("before", p, err)
	p, err = c.Messages.After(ctx, a, slug, 0)
	page("after", p, err)
	p, err = c.Messages.Around(ctx, a, slug, 1)
	page("permalink", p, err)
	row, err := c.Messages.Row(ctx, a, slug, 1)
	must(t, err)
	got["row"] = string(row.HTML)
	m, err := c.Messages.Get(ctx, a, slug, 1)
	must(t, err)
	got["message"] = m.HTML
	if m.Author.ID != a.ID {
		m, _, err = c.Moderation.Reportable(ctx, a, slug, 1)
		must(t, err)
		got["report"] = m.HTML
	}
	versions, err := c.Messages.Versions(ctx, a, slug, 1, 0)
	must(t, err)
	got["versions"] = versions.Versions[0].HTML
	m, err = c.Messages.Preview(ctx, a, mustAccess(t, c, a, slug), "#hall")
	must(t, err)
	got["preview"] = m.HTML
	l := mustListen(t, c, a, Cursor{Channel: slug, Epoch: c.Epoch()})
	b, err := l.Poll(ctx)
	must(t, err)
	for _, row := range b.Rows {
		got["catch-up"] += string(row.HTML)
	}
	l.Close()
	return got
}

// wantLinks checks whether all that an actor is shown links to the hall.
func wantLinks(t *testing.T, c *Chat, a Actor, slug, when string, linked bool) {
	t.Helper()
	for where, text := range everyText(t, c, a, slug) {
		if strings.Contains(text, `href="/c/hall"`) != linked {
			t.Errorf("%s, %s is shown by %s: %s", when, a.Name, where, text)
		}
	}
}

// mustNameTheHall makes a public channel, and a private one that has named it, now and in an earlier version.
func mustNameTheHall(t *testing.T, c *Chat, a Actor) (room Channel) {
	t.Helper()
	mustChannel(t, c, a, "Hall", Public)
	room = mustChannel(t, c, a, "Room", Private)
	row, _, err := c.Messages.Post(t.Context(), a, room.Slug, Draft{Body: "**come** to #hall"})
	must(t, err)
	_, err = c.Messages.Edit(t.Context(), a, room.Slug, row.Seq, "come to #hall")
	must(t, err)
	return room
}

// A guest who is let in, or who is made one, finds no link in what was written before, from the moment that the change
// is answered; the links come back when the last one has left.
func TestChannelLinksYieldToGuests(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: htmlRow})
	owner := mustOwn(t, c, "Olga")
	guest, other := mustSignIn(t, c, "Guest"), mustSignIn(t, c, "Other")
	must(t, c.Admin.SetRole(t.Context(), owner, guest.ID, RoleGuest))
	guest.Role = RoleGuest
	room := mustNameTheHall(t, c, owner)
	wantLinks(t, c, owner, room.Slug, "before", true)
	for _, name := range []string{"Guest", "Other"} {
		_, err := c.Channels.AddMember(t.Context(), owner, room.Slug, name)
		must(t, err)
	}
	wantLinks(t, c, guest, room.Slug, "let in", false)
	wantLinks(t, c, owner, room.Slug, "with a guest", false)
	row, _, err := c.Messages.Post(t.Context(), guest, room.Slug, Draft{Body: "a guest at #hall"})
	if must(t, err); strings.Contains(string(row.HTML), "href") {
		t.Error(string(row.HTML))
	}
	must(t, c.Admin.SetRole(t.Context(), owner, other.ID, RoleGuest))
	must(t, c.Channels.RemoveMember(t.Context(), owner, room.Slug, guest.ID))
	wantLinks(t, c, owner, room.Slug, "with a member who became a guest", false)
	must(t, c.Admin.SetRole(t.Context(), owner, other.ID, RoleMember))
	wantLinks(t, c, owner, room.Slug, "without guests", true)
	must(t, c.Admin.SetRole(t.Context(), owner, other.ID, RoleGuest))
	wantLinks(t, c, owner, room.Slug, "a guest again", false)
	must(t, c.Channels.Leave(t.Context(), Actor{User: other.User, Session: other.Session, Role: RoleGuest}, room.Slug))
	wantLinks(t, c, owner, room.Slug, "after the last one left", true)
}

// A channel that becomes private, or is deleted, is text in what was written before.
func TestChannelLinksEndWithTheirChannel(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: htmlRow})
	owner := mustOwn(t, c, "Olga")
	room := mustNameTheHall(t, c, owner)
	update := func(slug, name string, private bool) string {
		t.Helper()
		ch, err := c.Channels.Update(t.Context(), owner, slug, ChannelSettings{Name: name, Private: private})
		must(t, err)
		return ch.Slug
	}
	wantLinks(t, c, owner, room.Slug, "public", true)
	slug := update("hall", "Hall", true)
	wantLinks(t, c, owner, room.Slug, "private", false)
	slug = update(slug, "Hall", false)
	wantLinks(t, c, owner, room.Slug, "public again", true)
	slug = update(slug, "Great Hall", false)
	p, err := c.Messages.View(t.Context(), owner, room.Slug)
	must(t, err)
	if !strings.Contains(string(p.Rows[0].HTML), `href="/c/hall"`) {
		t.Errorf("renamed: a row has lost its link, which leads there still: %s", p.Rows[0].HTML)
	}
	_, err = c.Channels.Delete(t.Context(), owner, slug)
	must(t, err)
	wantLinks(t, c, owner, room.Slug, "deleted", false)
}

// A guest is shown no link on any node, even if that node has heard nothing of them; and a channel that has become
// private is text as soon as the node knows it.
func TestChannelLinksOnOtherNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bus := tempPath(t), &lossyBus{drop: 1}
		open := func() *Chat { return mustOpen(t, Options{Path: path, Bus: bus, RenderRow: htmlRow}) }
		here := open()
		owner := mustOwn(t, here, "Olga")
		guest := mustSignIn(t, here, "Guest")
		must(t, here.Admin.SetRole(t.Context(), owner, guest.ID, RoleGuest))
		guest.Role = RoleGuest
		room := mustNameTheHall(t, here, owner)
		there := open()
		wantLinks(t, there, owner, room.Slug, "before", true)
		_, err := here.Channels.AddMember(t.Context(), owner, room.Slug, "Guest")
		must(t, err)
		wantLinks(t, there, guest, room.Slug, "let in elsewhere", false)
		wantLinks(t, there, owner, room.Slug, "with a guest", false)
		linked := func() bool {
			p, err := there.Messages.View(t.Context(), owner, room.Slug)
			must(t, err)
			return strings.Contains(string(p.Rows[0].HTML), "href")
		}
		must(t, here.Channels.RemoveMember(t.Context(), owner, room.Slug, guest.ID))
		waitFor(t, linked)
		_, err = here.Channels.Update(t.Context(), owner, "hall", ChannelSettings{Name: "Hall", Private: true})
		must(t, err)
		waitFor(t, func() bool { return !linked() })
		wantLinks(t, there, owner, room.Slug, "private elsewhere", false)
	})
}

// Who restarts while a guest is in a channel knows it.
func TestGuestsAreKnownAfterARestart(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: htmlRow})
	owner := mustOwn(t, c, "Olga")
	guest := mustSignIn(t, c, "Guest")
	room := mustNameTheHall(t, c, owner)
	_, err := c.Channels.AddMember(t.Context(), owner, room.Slug, "Guest")
	must(t, err)
	must(t, c.Admin.SetRole(t.Context(), owner, guest.ID, RoleGuest))
	path := c.options.Path
	must(t, c.Close())
	c = mustOpen(t, Options{Path: path, RenderRow: htmlRow})
	wantLinks(t, c, owner, room.Slug, "after a restart", false)
}

// A guest cannot find out by any text whether a channel exists: not by what stands around its name.
func TestTextsTellGuestsOfNoChannel(t *testing.T) {
	texts := []string{
		"#hall", `a "quoted" #hall & more`, "#hall\nand a line", "**bold** #hall", "#hall *a* https://x.example",
		"#a*b* and #a *b*", "**#a**b**", "#room and #hall", "#room is #a*b* no", "#r&amp;d", "#x :tada: y", "- #hall\n- b",
		strings.Repeat("@Guest ", MaxLinks-1) + "#hall @Guest @Guest", "#" + strings.Repeat("hall #", 30),
		strings.Repeat("`#hall` [#hall](https://x.example/) ", 10), strings.Repeat(`"`, 7900) + " #hall #hall #hall",
		"www.example.com/?" + strings.Repeat(`a"`, 3960) + " #hall #hall #hall",
	}
	c := mustOpen(t, Options{RenderRow: htmlRow, Shortcode: func(code string) string {
		return map[string]string{"tada": "🎉"}[code]
	}})
	owner, guest := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Guest")
	must(t, c.Admin.SetRole(t.Context(), owner, guest.ID, RoleGuest))
	guest.Role = RoleGuest
	room := mustChannel(t, c, owner, "Room", Private)
	_, err := c.Channels.AddMember(t.Context(), owner, room.Slug, "Guest")
	must(t, err)
	acc := mustAccess(t, c, guest, room.Slug)
	formatted := func() (list []Formatted) {
		for _, text := range texts {
			m, err := c.Messages.Preview(t.Context(), guest, acc, text)
			must(t, err)
			list = append(list, m.Formatted)
		}
		return list
	}
	before := formatted()
	for _, name := range []string{"Hall", "a*b*", "a**b**", "R&amp;D", "x :tada: y", "Room is a*b* no"} {
		mustChannel(t, c, owner, name, Public)
	}
	for i, now := range formatted() {
		if now != before[i] {
			t.Errorf("%.80q was formatted as\n%.200q, and is now\n%.200q", texts[i], before[i].HTML, now.HTML)
		}
	}
}

// A change of role is one change of all memberships of a user. Where reading them fails halfway, all are read again.
func TestGuestsAreLearnedAfterAFailure(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: htmlRow})
	owner, guest := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Guest")
	for _, name := range []string{"One", "Two", "Three"} {
		_, err := c.Channels.AddMember(t.Context(), owner, mustChannel(t, c, owner, name, Private).Slug, "Guest")
		must(t, err)
	}
	const last = ` WHERE user_id = $1 AND channel_id = (SELECT max(channel_id) FROM memberships WHERE user_id = $1)`
	mustExec(t, c, `UPDATE memberships SET rev = $1 WHERE user_id = $2`, c.hub.membersRev+1, guest.ID)
	mustExec(t, c, `UPDATE users SET role = $1 WHERE id = $2`, RoleGuest, guest.ID)
	mustExec(t, c, `UPDATE memberships SET favourite = 'spoilt'`+last, guest.ID)
	if err := c.hub.refreshMembers(t.Context()); err == nil {
		t.Fatal("a spoilt membership is read")
	}
	mustExec(t, c, `UPDATE memberships SET favourite = 0`+last, guest.ID)
	must(t, c.hub.refreshMembers(t.Context()))
	if list := c.hub.guests.channelsOf(guest.ID); len(list) != 4 { // General Talk too
		t.Error("a guest is known in", list)
	}
}

// How much fits on a page tells of no channel either: it goes by what is shown.
func TestPagesTellGuestsOfNoChannel(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: func(b []byte, m Message) []byte { return append(b, m.HTML...) }})
	owner, guest := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Guest")
	must(t, c.Admin.SetRole(t.Context(), owner, guest.ID, RoleGuest))
	guest.Role = RoleGuest
	mustChannel(t, c, owner, "Hall", Public)
	rows := func(channel, name string) (n []int) {
		room := mustChannel(t, c, owner, channel, Private)
		_, err := c.Channels.AddMember(t.Context(), owner, room.Slug, "Guest")
		must(t, err)
		text := strings.Repeat("#"+name+" ", maxChannelPlaces) + "**b**" + strings.Repeat("\"", 3990)
		for range feed.RingSize {
			_, _, err = c.Messages.Post(t.Context(), guest, room.Slug, Draft{Body: text})
			must(t, err)
		}
		c.hub.mu.Lock()
		r := c.hub.rooms[room.ID]
		c.hub.mu.Unlock()
		if r != nil {
			r.Invalidate(allRows) // as when it is read
		}
		for _, page := range []func() (MessagePage, error){
			func() (MessagePage, error) { return c.Messages.View(t.Context(), guest, room.Slug) },
			func() (MessagePage, error) { return c.Messages.After(t.Context(), guest, room.Slug, 0) },
		} {
			p, err := page()
			must(t, err)
			n = append(n, len(p.Rows))
		}
		return n
	}
	if here, absent := rows("One", "hall"), rows("Two", "holl"); !slices.Equal(here, absent) {
		t.Errorf("%v rows on pages that name a channel, %v on those that name none", here, absent)
	}
}

// Guests of a channel that has ended are forgotten: they could begin one conversation after the other.
func TestGuestsOfDeletedChannelsAreForgotten(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: htmlRow})
	owner, guest := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Guest")
	must(t, c.Admin.SetRole(t.Context(), owner, guest.ID, RoleGuest))
	room := mustNameTheHall(t, c, owner)
	_, err := c.Channels.AddMember(t.Context(), owner, room.Slug, "Guest")
	must(t, err)
	if !c.hub.guests.any(room.ID) {
		t.Fatal("the guest is not known")
	}
	_, err = c.Channels.Delete(t.Context(), owner, room.Slug)
	must(t, err)
	if list := c.hub.guests.channelsOf(guest.ID); len(list) > 0 {
		t.Error("a guest is still known in channels that are gone:", list)
	}
}

// No text asks the database for guests, and one without links to channels is not copied.
func TestChannelLinksCostNothingElsewhere(t *testing.T) {
	c := mustOpen(t, Options{RenderRow: htmlRow})
	owner := mustOwn(t, c, "Olga")
	room := mustNameTheHall(t, c, owner)
	f := Formatted{HTML: "<b>" + strings.Repeat("a text ", 1000) + "</b>"}
	id := c.general(t).ID
	if n := testing.AllocsPerRun(10, func() { f = c.hub.showChannels(id, f) }); n > 0 {
		t.Errorf("%v allocations for a text without channels", n)
	}
	ch := c.hub.channels.byID(room.ID)
	must(t, c.Close()) // from here on each query fails
	if f := c.formatIn(owner, ch, "#hall", mentions{}); c.hub.showChannels(room.ID, f) != f || !f.linksChannels() {
		t.Error("a link needs a query:", f.HTML)
	}
}
