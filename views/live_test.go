package views

import (
	"bytes"
	"strings"
	"testing"

	"chitchat/chat"
)

func TestFrames(t *testing.T) {
	var rows, counts bytes.Buffer
	if err := LiveRows(&rows,
		[]chat.Row{{HTML: []byte("<article>1</article>")}, {HTML: []byte("<article>2</article>")}}); err != nil {
		t.Fatal(err)
	}
	list := []chat.SidebarItem{
		{Channel: chat.Channel{ID: 36, Slug: "a", Name: "A <b>", LastSeq: 5}, ReadSeq: 2},
		{Channel: chat.Channel{ID: 37, Slug: "b", Name: "B", LastSeq: 5}, ReadSeq: 5},
	}
	if err := LiveUnread(&counts, []chat.Count{{Channel: 36, Unread: 3}, {Channel: 37},
		{Channel: 38, Unread: 2, Addressed: 1}}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ got, want string }{
		"rows": {rows.String(),
			`<hx-partial hx-target="#messages" hx-swap="upsert-rows"><article>1</article><article>2</article></hx-partial>`},
		"online": {render(t, LiveOnline(12)), `<hx-partial hx-target="#online" hx-swap="textContent">12</hx-partial>`},
		"unread": {counts.String(), `<hx-partial hx-target="#sidebar" hx-swap="count">10:3 11: 12:2:1</hx-partial>`},
		"names": {
			render(t, LiveNames([]chat.User{{ID: 36, Name: "é<b>", Handle: "e", Avatar: 37,
				Status: chat.Status{Emoji: "🍲", Text: "<i>"}}}, 7)),
			`<hx-partial hx-target="body" hx-swap="profiles"><div data-profile="10"><b data-kind="name">é&lt;b&gt;</b>` +
				`<b data-kind="head"><i class="avatar" data-hue="12" aria-hidden="true"><img src="/u/10/avatar/11" alt="" ` +
				`width="36" height="36" loading="lazy"> É</i><b>é&lt;b&gt;</b><span class="emoji"><span role="img" ` +
				`aria-label="&lt;i&gt;" title="&lt;i&gt;">🍲</span></span></b>` +
				`<b data-kind="initial"><img src="/u/10/avatar/11" alt="" width="36" height="36" loading="lazy"> É</b>` +
				`<b data-kind="emoji"><span role="img" aria-label="&lt;i&gt;" title="&lt;i&gt;">🍲</span></b>` +
				`<b data-kind="away"></b><b data-kind="status">🍲 <bdi>&lt;i&gt;</bdi></b><b data-kind="handle">@e</b></div>` +
				`<data value="7"></data></hx-partial>`,
		},
	} {
		if got := strings.NewReplacer("> <", "><").Replace(strings.TrimSpace(c.got)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
	channels := render(t, LiveChannels(&chat.Sidebar{Channels: list}, 37, 3, 36))
	for _, want := range []string{`<hx-partial hx-target="#drafts" hx-swap="textContent">3</hx-partial>`,
		`hx-target="#list" hx-swap="outerHTML"`, `<data id="list" value="10">`,
		`hx-target="#channels" hx-swap="innerMorph"`, `id="unread-10">3<`, `id="unread-11"><`, `A &lt;b&gt;`,
		`href="/c/b" aria-current="page"`} {
		if !strings.Contains(channels, want) {
			t.Errorf("no %s in %s", want, channels)
		}
	}
}

// The digest of the lists depends on everything they show except the counts.
func TestListDigest(t *testing.T) {
	list := func() []chat.SidebarItem {
		return []chat.SidebarItem{
			{Channel: chat.Channel{ID: 36, Slug: "a", Name: "A", LastSeq: 5}, ReadSeq: 2},
			{Channel: chat.Channel{ID: 37, Kind: chat.Direct, With: []chat.User{{ID: 1, Name: "Bob"}}}},
			{Channel: chat.Channel{ID: 38, Slug: "c", Name: "C"}},
		}
	}
	digestOf := func(l []chat.SidebarItem, current chat.ID, drafts int) uint64 {
		return ListDigest(&chat.Sidebar{Channels: l}, current, drafts)
	}
	was := digestOf(list(), 36, 0)
	if got := ParseDigest(digest(was)); was == 0 || got != was {
		t.Errorf("a page carries %d as %d", was, got)
	}
	for name, change := range map[string]func(l []chat.SidebarItem){
		"name":     func(l []chat.SidebarItem) { l[0].Name = "B" },
		"slug":     func(l []chat.SidebarItem) { l[0].Slug = "b" },
		"kind":     func(l []chat.SidebarItem) { l[0].Kind = chat.Private },
		"mute":     func(l []chat.SidebarItem) { l[0].Muted = true },
		"star":     func(l []chat.SidebarItem) { l[0].Favourite = true },
		"order":    func(l []chat.SidebarItem) { l[0], l[2] = l[2], l[0] },
		"presence": func(l []chat.SidebarItem) { l[1].Present = true },
		"person":   func(l []chat.SidebarItem) { l[1].With[0].Name = "Cem" },
		"picture":  func(l []chat.SidebarItem) { l[1].With[0].Avatar = 7 },
		"status":   func(l []chat.SidebarItem) { l[1].With[0].Status.Emoji = "🍲" },
		"away":     func(l []chat.SidebarItem) { l[1].With[0].Away = true },
		"draft":    func(l []chat.SidebarItem) { l[1].Draft = true },
	} {
		l := list()
		change(l)
		if digestOf(l, 36, 0) == was {
			t.Errorf("another %s has the same digest", name)
		}
	}
	if digestOf(list(), 37, 0) == was || digestOf(list()[:2], 36, 0) == was || digestOf(list(), 36, 1) == was {
		t.Error("another channel, one fewer, or one draft more, has the same digest")
	}
	work := chat.Section{ID: 39, Name: "Work"}
	folded := work
	folded.Folded = true
	renamed := chat.Section{ID: 39, Name: "Play"}
	builtIn := []chat.Section{{ID: chat.SectionFavourites}, {ID: chat.SectionChannels}, {ID: chat.SectionDirect}}
	inWork := list()
	inWork[0].Section = work.ID
	seen := map[uint64]int{}
	for i, s := range []chat.Sidebar{
		{}, {HideRead: true}, {Sections: append(builtIn, work)}, {Sections: append(builtIn, folded)},
		{Sections: append(builtIn, renamed)}, {Sections: append([]chat.Section{work}, builtIn...)},
		{Sections: append(builtIn, work), Channels: inWork},
	} {
		if s.Channels == nil {
			s.Channels = list()
		}
		d := ListDigest(&s, 36, 0)
		if other, has := seen[d]; has {
			t.Errorf("sidebars %d and %d have the same digest", other, i)
		}
		seen[d] = i
	}
	l := list()
	l[0].ReadSeq, l[0].Draft = 5, true // the page of that channel has the draft itself
	if digestOf(l, 36, 0) != was {
		t.Error("what is unread, or a draft of the open channel, changes the digest")
	}
}

func TestOwnCSS(t *testing.T) {
	const want = `[data-author="10"] .own{display:inline-flex}` +
		`.mention[href="/u/10"]{background:var(--mark);box-shadow:inset 0 -2px var(--amber);font-weight:700}` +
		`[data-by~="10"]{border-color:var(--accent);background:var(--press);color:var(--accent)}` + "\n"
	if got := OwnCSS(36); got != want {
		t.Errorf("got %q", got)
	}
}

func TestWelcome(t *testing.T) {
	var people []chat.User
	for _, name := range strings.Split("Ada Bob Cleo Dan Eve Fay Gus Hal Ida Joe", " ") {
		people = append(people, chat.User{Name: name})
	}
	for n, want := range map[int]string{
		0: "Nobody else is here right now.", 1: "Ada is here too.", 2: "Ada and Bob are here too.",
		3: "Ada, Bob and Cleo are here too.", 8: "Ada, Bob, Cleo, Dan, Eve, Fay, Gus and Hal are here too.",
		10: "Ada, Bob, Cleo, Dan, Eve, Fay, Gus, Hal and 2 more are here too.",
	} {
		if got := welcome(people[:n]); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
