package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// shownSidebar returns a user's sidebar in words: each section with its conversations.
func shownSidebar(t testing.TB, c *Chat, a Actor) string {
	t.Helper()
	s, err := c.Channels.Sidebar(t.Context(), a)
	must(t, err)
	var all []string
	for _, g := range s.Grouped() {
		name := g.Name
		if !g.Own() {
			name = []string{"", "Favourites", "Channels", "Direct"}[g.ID]
		}
		for _, l := range g.Items {
			if l.Kind == Direct {
				name += " " + l.With[0].Name
			} else {
				name += " " + l.Name
			}
		}
		if g.Folded {
			name = "(" + name + ")"
		}
		all = append(all, name)
	}
	return strings.Join(all, " | ")
}

// The sections are in the order that their user gives them, and a conversation is in one of them.
func TestSections(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	ada, bob, cem := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Cem")
	a, b := mustChannel(t, c, bob, "Apples", Public), mustChannel(t, c, bob, "Berries", Public)
	for _, who := range []Actor{cem, bob} {
		mustWrite(t, c, who, mustDirect(t, c, who, ada).Slug, "hello")
		at.advance(time.Second)
	}
	list, err := sidebarList(t.Context(), c, ada)
	must(t, err)
	byName := func(name string) ID {
		at := slices.IndexFunc(list, func(l SidebarItem) bool {
			return l.Name == name || len(l.With) > 0 && l.With[0].Name == name
		})
		return list[at].ID
	}
	var work, fun Section
	step := func(what, want string, do error) {
		t.Helper()
		must(t, do)
		want = strings.ReplaceAll(want, "General", "General Talk")
		if got := shownSidebar(t, c, ada); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", what, got, want)
		}
	}
	put := func(what ID, into ID) error {
		return c.Channels.PutInto(t.Context(), ada, map[ID]ID{what: into})
	}
	ctx := t.Context()
	step("at first", "Favourites | Channels General Apples Berries | Direct Bob Cem", nil)
	work, err = c.Channels.CreateSection(ctx, ada, " Work 🛠 ")
	step("a section", "Favourites | Work 🛠 | Channels General Apples Berries | Direct Bob Cem", err)
	step("with channels", "Favourites | Work 🛠 Berries Bob | Channels General Apples | Direct Cem",
		c.Channels.PutInto(ctx, ada, map[ID]ID{b.ID: work.ID, byName("Bob"): work.ID}))
	fun, err = c.Channels.CreateSection(ctx, ada, "Fun")
	step("another", "Favourites | Work 🛠 Berries Bob | Fun | Channels General Apples | Direct Cem", err)
	step("moved", "Favourites | Fun | Work 🛠 Berries Bob | Channels General Apples | Direct Cem",
		c.Channels.MoveSection(ctx, ada, fun.ID, work.ID))
	step("to the end", "Favourites | Work 🛠 Berries Bob | Channels General Apples | Direct Cem | Fun",
		c.Channels.MoveSection(ctx, ada, fun.ID, 0))
	step("a built-in one", "Direct Cem | Favourites | Work 🛠 Berries Bob | Channels General Apples | Fun",
		c.Channels.MoveSection(ctx, ada, SectionDirect, SectionFavourites))
	step("before itself", "Direct Cem | Favourites | Work 🛠 Berries Bob | Channels General Apples | Fun",
		c.Channels.MoveSection(ctx, ada, work.ID, work.ID))
	step("a favourite", "Direct Cem | Favourites Berries | Work 🛠 Bob | Channels General Apples | Fun",
		put(b.ID, SectionFavourites))
	step("and back", "Direct Cem | Favourites | Work 🛠 Bob | Channels General Apples | Fun Berries", put(b.ID, fun.ID))
	step("folded", "Direct Cem | Favourites | (Work 🛠 Bob) | (Channels General Apples) | Fun Berries",
		joined(c.Channels.FoldSection(ctx, ada, work.ID, true), c.Channels.FoldSection(ctx, ada, SectionChannels, true)))
	step("unfolded", "Direct Cem | Favourites | Work 🛠 Bob | Channels General Apples | Fun Berries",
		joined(c.Channels.FoldSection(ctx, ada, work.ID, false), c.Channels.FoldSection(ctx, ada, SectionChannels, false)))
	step("in preferences", "Direct Cem | Favourites | Work 🛠 Apples Bob | Channels General | Fun Berries",
		c.Channels.SetPreferences(ctx, ada, a.Slug, false, false, NotifyAll, work.ID))
	step("renamed", "Direct Cem | Favourites | Labour Apples Bob | Channels General | Fun Berries",
		c.Channels.UpdateSection(ctx, ada, Section{ID: work.ID, Name: "Labour", Sort: SortName}))
	step("deleted", "Direct Bob Cem | Favourites | Channels General Apples | Fun Berries",
		c.Channels.DeleteSection(ctx, ada, work.ID))
	step("left and joined", "Direct Bob Cem | Favourites | Channels General Apples Berries | Fun",
		joined(c.Channels.Join(ctx, ada, b.Slug), c.Channels.Leave(ctx, ada, b.Slug), c.Channels.Join(ctx, ada, b.Slug)))
	if got := shownSidebar(t, c, bob); !strings.HasPrefix(got, "Favourites | Channels ") {
		t.Error("another user's sidebar is", got)
	}
	if s, err := c.Channels.Sidebar(ctx, ada); err != nil || s.HideRead {
		t.Error(s.HideRead, err)
	}
	must(t, c.Channels.HideRead(ctx, ada, true))
	if s, err := c.Channels.Sidebar(ctx, ada); err != nil || !s.HideRead {
		t.Error(s.HideRead, err)
	}
}

func joined(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Each order, with a muted channel last in all of them.
func TestSectionOrder(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for _, name := range []string{"Apples", "Berries", "Cherries", "Aardvarks"} {
		ch := mustChannel(t, c, bob, name, Public)
		at.advance(time.Second)
		mustPost(t, c, bob, "hello") // in General Talk
		must(t, c.Channels.SetPreferences(t.Context(), ada, ch.Slug, false, name == "Aardvarks", NotifyAll, 0))
	}
	say := func(slug, body string) {
		at.advance(time.Second)
		mustWrite(t, c, bob, slug, body)
	}
	say("aardvarks", "muted")
	say("cherries", "news")
	say("berries", "news for @Ada")
	say("berries", "more")
	say("apples", "seen")
	must(t, c.Channels.MarkRead(t.Context(), ada, "apples", 1))
	must(t, c.Channels.MarkRead(t.Context(), ada, "general-talk", 4))
	for by, want := range map[Sort]string{
		SortName:     "General Talk Apples Berries Cherries Aardvarks",
		SortActivity: "Apples Berries Cherries General Talk Aardvarks",
		SortUnread:   "Berries Cherries General Talk Apples Aardvarks",
	} {
		must(t, c.Channels.UpdateSection(t.Context(), ada, Section{ID: SectionChannels, Sort: by}))
		if got := shownSidebar(t, c, ada); got != "Favourites | Channels "+want+" | Direct" {
			t.Errorf("%s: %s", by, got)
		}
	}
	wantCode(t, c.Channels.UpdateSection(t.Context(), ada, Section{ID: SectionChannels, Sort: "age"}), CodeInvalid)
}

// Other users' sections are not there, built-in ones cannot be renamed or deleted, and names are checked.
func TestSectionRefusals(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	hers, err := c.Channels.CreateSection(ctx, ada, "Hers")
	must(t, err)
	secret := mustChannel(t, c, ada, "Secret", Private)
	general := c.general(t)
	for _, id := range []ID{hers.ID, 4, 12345} {
		wantCode(t, c.Channels.UpdateSection(ctx, bob, Section{ID: id, Name: "Mine", Sort: SortName}), CodeNotFound)
		wantCode(t, c.Channels.DeleteSection(ctx, bob, id), CodeNotFound)
		wantCode(t, c.Channels.FoldSection(ctx, bob, id, true), CodeNotFound)
		wantCode(t, c.Channels.MoveSection(ctx, bob, id, 0), CodeNotFound)
		wantCode(t, c.Channels.MoveSection(ctx, bob, SectionDirect, id), CodeNotFound)
		wantCode(t, c.Channels.PutInto(ctx, bob, map[ID]ID{general.ID: id}), CodeNotFound)
		wantCode(t, c.Channels.SetPreferences(ctx, bob, general.slug(), false, false, NotifyAll, id), CodeNotFound)
	}
	must(t, c.Channels.PutInto(ctx, bob, map[ID]ID{secret.ID: SectionFavourites}))
	if list := slugsOf(mustList(t, c, bob)); len(list) != 1 {
		t.Error("bob sees", list)
	}
	if m, _, err := selectMembership(ctx, c.db, secret.ID, bob.ID, time.Now()); err != nil || m.State != "" {
		t.Error("a membership in what one does not see:", m, err)
	}
	for _, id := range []ID{SectionFavourites, SectionChannels, SectionDirect} {
		must(t, c.Channels.UpdateSection(ctx, ada, Section{ID: id, Name: "Mine", Sort: SortName}))
		wantCode(t, c.Channels.DeleteSection(ctx, ada, id), CodeNotFound)
	}
	if s, err := c.Channels.Sidebar(ctx, ada); err != nil || s.Sections[0].Name != "" {
		t.Error(s.Sections, err)
	}
	for _, name := range []string{"", "  ", "hers", strings.Repeat("x", MaxSectionNameLen+1), "a\x00b", "a\u202eb"} {
		_, err := c.Channels.CreateSection(ctx, ada, name)
		wantCode(t, err, CodeInvalid)
	}
	for i := range MaxSections - 1 {
		_, err := c.Channels.CreateSection(ctx, ada, fmt.Sprint("Section ", i))
		must(t, err)
	}
	_, err = c.Channels.CreateSection(ctx, ada, "One more")
	wantCode(t, err, CodeInvalid)
	rename := func(name string) error {
		return c.Channels.UpdateSection(ctx, ada, Section{ID: hers.ID, Name: name, Sort: SortName})
	}
	wantCode(t, rename("Section 3"), CodeInvalid)
	must(t, rename("HERS"))
	for _, err := range []error{c.Channels.HideRead(ctx, Actor{}, true), c.Channels.PutInto(ctx, Actor{}, nil),
		c.Channels.DeleteSection(ctx, Actor{}, hers.ID), c.Channels.FoldSection(ctx, Actor{}, hers.ID, true)} {
		wantCode(t, err, CodeSignedOut)
	}
}

func mustList(t testing.TB, c *Chat, a Actor) []SidebarItem {
	t.Helper()
	list, err := sidebarList(t.Context(), c, a)
	must(t, err)
	return list
}

// Every change of the sections is shown on the user's other pages, on other nodes too, and on nobody else's.
func TestSectionsAreLive(t *testing.T) {
	path, bus := tempPath(t), new(MemoryBus)
	c, far := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustChannel(t, c, bob, "Apples", Public)
	pages := []*fakeSubscriber{mustListen(t, c, ada, Cursor{}), mustListen(t, far, ada, Cursor{})}
	for _, l := range pages {
		takeUntil(t, l, func(b Update) bool { return b.Channels != nil })
	}
	show := func(fits func(s Sidebar) bool) {
		t.Helper()
		for _, l := range pages {
			takeUntil(t, l, func(b Update) bool { return b.Channels != nil && fits(b.Sidebar) })
		}
	}
	work, err := c.Channels.CreateSection(ctx, ada, "Work")
	must(t, err)
	show(func(s Sidebar) bool { return len(s.Sections) == 4 })
	must(t, c.Channels.PutInto(ctx, ada, map[ID]ID{c.general(t).ID: work.ID}))
	show(func(s Sidebar) bool { return s.SectionOf(&s.Channels[0]) == work.ID })
	must(t, far.Channels.FoldSection(ctx, ada, work.ID, true))
	show(func(s Sidebar) bool { return s.Sections[1].Folded })
	must(t, c.Channels.HideRead(ctx, ada, true))
	show(func(s Sidebar) bool { return s.HideRead })
	must(t, c.Channels.UpdateSection(ctx, ada, Section{ID: SectionChannels, Sort: SortActivity}))
	show(func(s Sidebar) bool { return s.Sections[2].Sort == SortActivity })
	must(t, c.Channels.DeleteSection(ctx, ada, work.ID))
	show(func(s Sidebar) bool { return len(s.Sections) == 3 })
	mustChannel(t, c, bob, "Berries", Public)
	show(func(s Sidebar) bool { return s.Channels[0].Name == "Berries" })
	mustWrite(t, c, bob, "apples", "news") // which moves it up
	show(func(s Sidebar) bool { return s.Channels[0].Name == "Apples" })
	must(t, c.Channels.UpdateSection(ctx, ada, Section{ID: SectionChannels, Sort: SortUnread}))
	mustWrite(t, c, bob, "berries", "news for @Ada")
	show(func(s Sidebar) bool { return s.Channels[0].Name == "Berries" })
	pages = pages[:1] // other nodes do not hear at once of what is read
	must(t, c.Channels.MarkRead(ctx, ada, "berries", 1))
	show(func(s Sidebar) bool { return s.Channels[0].Name == "Apples" })
}
