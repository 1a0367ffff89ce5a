package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	best := []struct {
		query string
		names []string // the better first; those after "" do not match
	}{
		{"des", []string{"des", "Design", "The Design", "dear old, expensive snow", "modest", "", "sed", "de"}},
		{"dc", []string{"DC", "dc-comics", "old dc", "Design Crew", "abdc", "Dach", "mad mace", "", "cd"}},
		{"des crew", []string{"Des Crew", "des crews", "design crew", "", "crew design"}},
		{"jose", []string{"José", "JOSÉ María", "Don José", "Johannes Segal", "", "Joes"}},
		{"josé", []string{"Jose"}},
		{"京", []string{"京都", "東京", "", "大阪"}},
		{"하", []string{"하나", "한국", "", "나라"}},
		{"", []string{"", "a"}},
		{strings.Repeat("x", 900), []string{"", "x"}},
	}
	for _, b := range best {
		m, last := newMatcher(b.query), noMatch
		none := false
		for _, name := range b.names {
			if name == "" {
				none = true
				continue
			}
			got := m.of(NameKey(name))
			if none != (got == noMatch) || !none && got < last {
				t.Errorf("%q matches %q as %d, after %d", b.query, name, got, last)
			}
			last = got
		}
	}
}

// destinations returns where the switcher leads, in words.
func destinations(t *testing.T, c *Chat, a Actor, query string, offers ...string) string {
	t.Helper()
	list, err := c.Channels.Switch(t.Context(), a, query, offers)
	must(t, err)
	var all []string
	for _, d := range list {
		text := d.Name
		switch {
		case d.Offer != 0:
			text = "offer " + text
		case d.User != nil:
			text = "person " + text
		case d.Thread != 0:
			text = "thread " + text
		case d.Channel.Kind == Direct:
			text = "direct " + text
		}
		if d.Unread > 0 {
			text += fmt.Sprintf(" (%d)", d.Unread)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestSwitch(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob, zoe := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Zoë Design")
	slugs := map[string]string{}
	for _, name := range []string{"Design", "Design crew", "Old designs", "Delta"} {
		ch, err := c.Channels.Create(ctx, ada, name, Public)
		must(t, err)
		slugs[name] = ch.Slug
	}
	_, err := c.Channels.Create(ctx, ada, "Design, secretly", Private)
	must(t, err)
	_, err = c.Channels.Archive(ctx, ada, slugs["Old designs"])
	must(t, err)
	visit := func(slug string) {
		t.Helper()
		_, err := c.Messages.View(ctx, bob, slug)
		must(t, err)
	}
	is := func(query, want string, offers ...string) {
		t.Helper()
		if got := destinations(t, c, bob, query, offers...); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	is("", "")
	is("zzz", "")
	is("design", "Design; Design crew; person Zoë Design; Old designs")
	is("dsgn", "Design; Design crew; person Zoë Design; offer Redesign; Old designs", "Redesign")
	is("#design", "Design; Design crew; Old designs", "Design mode")
	is("@zoe", "person Zoë Design", "Zoe mode")
	is("ada", "person Ada")
	is("bob", "")

	visit(slugs["Delta"])
	visit(slugs["Design crew"])
	is("", "Design crew; Delta")
	is("de", "Design crew; Delta; offer Delete; Design; person Zoë Design; Old designs", "Delete")
	mustWrite(t, c, ada, slugs["Design"], "news")
	direct := mustDirect(t, c, zoe, bob)
	mustWrite(t, c, zoe, direct.Slug, "Bob?")
	is("", "Design (1); direct Zoë Design (1); Design crew; Delta")
	is("de", "Design (1); Design crew; Delta; direct Zoë Design (1); Old designs")
	visit(direct.Slug)
	is("@zd", "direct Zoë Design")

	mustWrite(t, c, bob, slugs["Design crew"], "## What about *Tuesday*?\nOr not")
	mustReplyIn(t, c, ada, slugs["Design crew"], "Yes")
	waitFor(t, func() bool { return strings.Contains(destinations(t, c, bob, ""), "thread") })
	is("tues", "thread What about *Tuesday*? (1)")
	is("#tues", "")
	_, _, err = c.Messages.Delete(ctx, bob, slugs["Design crew"], 1)
	must(t, err)
	is("tues", "")
}

// What the actor does not see is not found, whatever they type: nor is what they saw before.
func TestSwitchFindsOnlyWhatOneSees(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob, gus := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Gus")
	secret, err := c.Channels.Create(ctx, ada, "Quarry", Private)
	must(t, err)
	public, err := c.Channels.Create(ctx, ada, "Quarters", Public)
	must(t, err)
	must2 := func(_ any, err error) { t.Helper(); must(t, err) }
	must2(c.Channels.AddMember(ctx, ada, secret.Slug, "Bob"))
	mustWrite(t, c, ada, secret.Slug, "Quarks, @Bob")
	mustReplyIn(t, c, bob, secret.Slug, "Yes")
	must2(c.Messages.View(ctx, bob, secret.Slug))
	if got := destinations(t, c, bob, "quar"); got != "Quarry; thread Quarks, @Bob; Quarters" {
		t.Fatal("Bob finds ", got, ": a test that finds nothing proves nothing")
	}
	must(t, c.Channels.RemoveMember(ctx, ada, secret.Slug, bob.ID))
	if got := destinations(t, c, bob, "quar"); got != "Quarters" {
		t.Error("after his removal Bob finds", got)
	}
	if got := destinations(t, c, bob, ""); strings.Contains(got, "Quarr") {
		t.Error("Bob goes back to", got)
	}
	mustExec(t, c, `UPDATE users SET role = $1 WHERE id = $2`, RoleGuest, gus.ID)
	gus.Role = RoleGuest
	mustExec(t, c, `DELETE FROM memberships WHERE user_id = $1`, gus.ID)
	c.caches.forget()
	for _, query := range []string{"quar", "ada", "bob", "", "#", "@"} {
		if got := destinations(t, c, gus, query); got != "" {
			t.Errorf("a guest in no channel finds %s by %q", got, query)
		}
	}
	must2(c.Channels.AddMember(ctx, ada, public.Slug, "Gus"))
	if got := destinations(t, c, gus, "quar") + destinations(t, c, gus, "@ada"); got != "Quartersperson Ada" {
		t.Error("a guest of a channel finds", got)
	}
	if _, err := c.Channels.Switch(ctx, Actor{}, "quar", nil); ErrorCode(err) != CodeSignedOut {
		t.Error(err)
	}
}

// The switcher makes as many queries for a thousand channels as for one, and returns few of them.
func TestSwitchIsBounded(t *testing.T) {
	options, queries := countQueries(tempPath(t))
	c := mustOpen(t, options)
	ada := mustSignIn(t, c, "Ada")
	ask := func() (list []Destination) {
		t.Helper()
		list, err := c.Channels.Switch(t.Context(), ada, "nn", nil)
		must(t, err)
		return list
	}
	ask()
	few := queries(func() { ask() })
	for i := range 300 {
		mustExec(t, c, `INSERT INTO users (id, name, name_key, name_rev, created_at, posted, last_channel_id, role)
			VALUES ($1, $2, $3, 0, 1, TRUE, 0, 'member')`,
			NewID(), fmt.Sprint("Änne ", i), NameKey(fmt.Sprint("Änne ", i)))
		if i < 90 {
			_, err := c.Channels.Create(t.Context(), ada, fmt.Sprint("Tunnel ", i), Public)
			must(t, err)
		}
	}
	ask()
	if many := queries(func() { ask() }); many > few {
		t.Errorf("%d queries, and %d before", many, few)
	}
	if list := ask(); len(list) != maxDestinations {
		t.Errorf("%d destinations", len(list))
	}
	users, err := selectMatching(t.Context(), c.db, ada, newMatcher("a"))
	must(t, err)
	if len(users) != maxSwitchPeople {
		t.Errorf("%d people are read", len(users))
	}
}

// Of the visits the latest are remembered, each channel once, also by an earlier version's single one.
func TestVisits(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada := mustSignIn(t, c, "Ada")
	first := c.general(t).ID
	mustExec(t, c, `UPDATE users SET last_channel_id = $1, visited = ''`, first)
	c.caches.forget()
	var ids []ID
	for i := range maxVisits + 2 {
		ch, err := c.Channels.Create(ctx, ada, fmt.Sprint("Room ", i), Public)
		must(t, err)
		_, err = c.Messages.View(ctx, ada, ch.Slug)
		must(t, err)
		if ids = append(ids, ch.ID); i == 0 {
			if visits, err := c.lastChannels(ctx, ada.ID); err != nil || !slices.Equal(visits, []ID{ch.ID, first}) {
				t.Error(visits, err)
			}
		}
	}
	_, err := c.Messages.View(ctx, ada, "room-9")
	must(t, err)
	visits, err := c.lastChannels(ctx, ada.ID)
	must(t, err)
	if len(visits) != maxVisits || visits[0] != ids[9] || visits[1] != ids[maxVisits+1] ||
		slices.Contains(visits[1:], ids[9]) {
		t.Error(visits)
	}
	if last, err := c.Channels.Last(ctx, ada); err != nil || last.ID != ids[9] {
		t.Error(last, err)
	}
}
