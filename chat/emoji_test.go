package chat

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"chitchat/chat/costtest"
)

// mustEmoji adds a custom emoji, without a picture in any store.
func mustEmoji(t testing.TB, c *Chat, a Actor, name string) CustomEmoji {
	t.Helper()
	e := CustomEmoji{ID: NewID(), Name: name, Size: 7}
	must(t, c.Admin.AddEmoji(t.Context(), a, e))
	return e
}

func mustNoEmoji(t testing.TB, c *Chat, a Actor, id ID) {
	t.Helper()
	must(t, c.Admin.RemoveEmoji(t.Context(), a, id))
}

// picture returns a custom emoji as texts have it.
func picture(e CustomEmoji, typed string) string {
	return fmt.Sprintf(`<img class="emoji" src="/emoji/%s" alt="%[2]s" title="%[2]s">`, e.ID, typed)
}

// A name between colons is the picture, wherever the text is not code, and only if there is one of that name.
func TestCustomEmojiInTexts(t *testing.T) {
	c := mustOpen(t, Options{})
	boss := mustOwn(t, c, "Olga")
	p := mustEmoji(t, c, boss, "party")
	digits := mustEmoji(t, c, boss, "30")
	img := picture(p, ":party:")
	for body, want := range map[string]string{
		"hello :party:!":                     "hello " + img + "!",
		":party::party:":                     img + img,
		"語:party:語":                          "語" + img + "語",
		"Yes :Party:":                        "Yes " + picture(p, ":Party:"),
		"**:party:**":                        "<strong>" + img + "</strong>",
		"[:party:](/c/x)":                    `<a href="/c/x">` + img + `</a>`,
		"<b>:party:</b>":                     "&lt;b&gt;" + img + "&lt;/b&gt;",
		"# :party:":                          "<strong>" + img + "</strong>",
		":party:\n:30:":                      img + "<br>" + picture(digits, ":30:"),
		":nobody: :party:":                   ":nobody: " + img,
		":x:party:":                          "",
		"::party:":                           "",
		`\:party:`:                           ":party:",
		"`:party:`":                          "<code>:party:</code>",
		":nobody:":                           "",
		"at 10:30:45":                        "",
		":party:time":                        "",
		":party :party":                      "",
		"http://a.b/:party:":                 "",
		"![:party:](/c/x)":                   `<a href="/c/x">:party:</a>`,
		`<img class="emoji" src="/emoji/a">`: `&lt;img class=&#34;emoji&#34; src=&#34;/emoji/a&#34;&gt;`,
		`:party" onerror="pwn(1):`:           "",
		":<script>:":                         ":&lt;script&gt;:",
	} {
		m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), body)
		must(t, err)
		if m.HTML != want && (want != "" || strings.Contains(m.HTML, "<img")) {
			t.Errorf("%q\ngot  %s\nwant %s", body, m.HTML, want)
		}
	}
	block := "```\n:party:\n```"
	m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), block)
	if err != nil || strings.Contains(m.HTML, "<img") {
		t.Errorf("in code: %s (%v)", m.HTML, err)
	}
	for body, want := range map[string]bool{
		":party:": true, ":party: 🎉": true, strings.Repeat(":party:", 6): true, strings.Repeat(":party:", 7): false,
		":party: x": false, ":nobody:": false, "**:party:**": false, "🎉": true,
	} {
		m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), body)
		if err != nil || m.Big(body) != want {
			t.Errorf("%q is shown larger: %v", body, !want)
		}
	}
}

// A shortcode that is typed in full is its emoji, but for a custom one of that name, and in code.
func TestShortcodes(t *testing.T) {
	codes := map[string]string{"tada": "🎉", "+1": "👍", "party": "🥳", "heart_eyes": "😍"}
	c := mustOpen(t, Options{Shortcode: func(code string) string { return codes[code] }})
	boss := mustOwn(t, c, "Olga")
	party := picture(mustEmoji(t, c, boss, "party"), ":party:")
	for body, want := range map[string]string{
		":tada:":                     "🎉",
		"nice :Tada: :+1::+1:":       "nice 🎉 👍👍",
		"**:heart_eyes:** :party:":   "<strong>😍</strong> " + party,
		"[:tada:](/c/x)":             `<a href="/c/x">🎉</a>`,
		"`:tada:`":                   "<code>:tada:</code>",
		`\:tada:`:                    ":tada:",
		":tada 1:+1:2 :++1: a:tada:": "",
	} {
		m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), body)
		if must(t, err); m.HTML != want {
			t.Errorf("%q\ngot  %s\nwant %s", body, m.HTML, want)
		}
		if big := body == ":tada:"; m.Big(body) != big {
			t.Errorf("%q is shown larger: %v", body, !big)
		}
	}
}

// What was posted stays as it was: a name does not become a picture by a later emoji, nor a picture another one.
func TestRemovedEmoji(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	boss, bob := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Bob")
	before := mustPost(t, c, bob, "hello :party:").Seq
	first := mustEmoji(t, c, boss, "party")
	seq := mustPost(t, c, boss, "hello").Seq
	shown := mustPost(t, c, bob, ":party:").Seq
	row := mustReact(t, c, bob, seq, ":Party:")
	wantReactions(t, row, " :party:1,Bob")
	m, err := c.Messages.Get(t.Context(), bob, "general-talk", seq)
	must(t, err)
	c.hub.nameReactions(&m)
	if m.Reactions[0].Picture != first.ID {
		t.Errorf("the reaction's picture is %s", m.Reactions[0].Picture)
	}
	clock.advance(time.Second)

	mustNoEmoji(t, c, boss, first.ID)
	c.hub.nameReactions(&m)
	if m.Reactions[0].Picture != 0 {
		t.Error("a removed emoji has a picture still")
	}
	ada := mustSignIn(t, c, "Ada")
	if _, err := c.Messages.React(t.Context(), ada, "general-talk", seq, ":party:"); !errors.Is(err, errEmojiGone) {
		t.Error("it was removed, and one reacts with it:", err)
	}
	if list, err := c.Messages.RecentEmoji(t.Context(), bob); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	row, err = c.Messages.ToggleReaction(t.Context(), bob, "general-talk", seq, ":party:")
	must(t, err)
	wantReactions(t, row, "")

	second := mustEmoji(t, c, boss, "party")
	for at, want := range map[int64]string{before: "", shown: picture(first, ":party:")} {
		m, err := c.Messages.Get(t.Context(), bob, "general-talk", at)
		if err != nil || m.HTML != want {
			t.Errorf("message %d has become %s (%v)", at, m.HTML, err)
		}
	}
	if err := c.Messages.EmojiPicture(t.Context(), first.ID); ErrorCode(err) != CodeNotFound {
		t.Error("the picture of a removed emoji is shown:", err)
	}
	must(t, c.Messages.EmojiPicture(t.Context(), second.ID))
}

func TestManageEmoji(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	boss, bob := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Bob")
	e := mustEmoji(t, c, boss, " :Party-Parrot_2: ")
	for _, bad := range []string{"", "a", ":", "::", "a b", "ä1", "a:b", "a.b", "<b>", strings.Repeat("a", 33),
		"party\x00", "a\xff"} {
		if err := c.Admin.AddEmoji(ctx, boss, CustomEmoji{ID: NewID(), Name: bad}); !errors.Is(err, errEmojiName) {
			t.Errorf("%q is a name: %v", bad, err)
		}
	}
	mustEmoji(t, c, boss, strings.Repeat("a", 32))
	err := c.Admin.AddEmoji(ctx, boss, CustomEmoji{ID: NewID(), Name: "PARTY-parrot_2"})
	if !errors.Is(err, errEmojiTaken) {
		t.Error("two of one name:", err)
	}
	if err := c.Admin.AddEmoji(ctx, bob, CustomEmoji{ID: NewID(), Name: "bobs"}); ErrorCode(err) != CodeNotFound {
		t.Error("a member adds one:", err)
	}
	if err := c.Admin.RemoveEmoji(ctx, bob, e.ID); ErrorCode(err) != CodeNotFound {
		t.Error("a member removes one:", err)
	}
	if _, err := c.Admin.Emoji(ctx, bob, ListQuery{}); ErrorCode(err) != CodeNotFound {
		t.Error("a member lists them:", err)
	}
	for query, want := range map[string]int{"": 2, "PARROT": 1, ":party": 1, "olga": 2, "bob": 0} {
		list, err := c.Admin.Emoji(ctx, boss, ListQuery{Text: query})
		if err != nil || list.Total != want {
			t.Errorf("%q finds %d (%v)", query, list.Total, err)
		}
	}
	known, err := c.Messages.KnownFiles(ctx, []ID{e.ID, NewID()})
	if err != nil || len(known) != 1 || !known[e.ID] {
		t.Error("the sweep of files is told", known, err)
	}
	if u, err := c.Admin.Usage(ctx, boss); err != nil || u.Emoji != (FileUsage{2, 14}) || u.Files != u.Emoji {
		t.Error(u, err)
	}
	mustNoEmoji(t, c, boss, e.ID)
	if err := c.Admin.RemoveEmoji(ctx, boss, e.ID); ErrorCode(err) != CodeNotFound {
		t.Error("removed twice:", err)
	}
	if known, err := c.Messages.KnownFiles(ctx, []ID{e.ID}); err != nil || len(known) != 0 {
		t.Error("the sweep of files is told", known, err)
	}
	log := mustLog(t, c, boss, AuditFilter{})
	if log[0].Action != "emoji.removed" || log[0].Detail != ":party-parrot_2:" || log[2].Action != "emoji.added" {
		t.Error(log[0], log[2])
	}
	mustExec(t, c, `INSERT INTO emoji (id, name, size, created_by, created_at)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i, 'e' || i, 1, 1, 1 FROM n`,
		MaxCustomEmoji-1)
	if err := c.Admin.AddEmoji(ctx, boss, CustomEmoji{ID: NewID(), Name: "one-more"}); !errors.Is(err, errManyEmoji) {
		t.Error("one more than fit:", err)
	}
}

func TestFindEmoji(t *testing.T) {
	c := mustOpen(t, Options{})
	boss := mustOwn(t, c, "Olga")
	for _, name := range []string{"ship-it", "party", "hip"} {
		mustEmoji(t, c, boss, name)
	}
	for query, want := range map[string]string{"hi": "hip ship-it", ":HIP:": "hip ship-it", "": "", "x": "",
		"p": "party hip ship-it"} {
		var names []string
		for _, e := range c.Messages.FindEmoji(query, 9) {
			names = append(names, e.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	if len(c.Messages.FindEmoji("p", 2)) != 2 {
		t.Error("it finds more than asked for")
	}
}

// Another node has what was added and removed, by the bus or by comparing; and reads nothing while nothing has changed.
func TestEmojiOnAnotherNode(t *testing.T) {
	path := tempPath(t)
	there := mustOpen(t, Options{Path: path})
	boss := mustOwn(t, there, "Olga")
	var read atomic.Int64
	here := mustOpen(t, Options{Path: path, Trace: func(query string) {
		if strings.Contains(query, "FROM emoji e") {
			read.Add(1)
		}
	}})
	seq := mustPost(t, there, boss, "hello").Seq
	e := mustEmoji(t, there, boss, "party")
	must(t, here.Messages.EmojiPicture(t.Context(), e.ID)) // before this node knows
	mustReact(t, there, boss, seq, ":party:")
	read.Store(0)
	for range 3 {
		here.hub.reconcile()
	}
	if n := read.Load(); n != 1 {
		t.Errorf("one change is read %d times", n)
	}
	if got, ok := here.Messages.CustomEmojiNamed(":party:"); !ok || got.ID != e.ID {
		t.Error("the other node does not know it")
	}
	row := mustView(t, here, boss).Rows[0]
	if len(row.Named) == 0 || row.Named[0] != customReaction {
		t.Errorf("the row would not be made anew: %v", row.Named)
	}
	rendered := here.Stats().RowsRendered
	mustNoEmoji(t, there, boss, e.ID)
	here.hub.reconcile()
	if _, ok := here.Messages.CustomEmojiNamed(":party:"); ok {
		t.Error("the other node still has it")
	}
	mustView(t, here, boss)
	if here.Stats().RowsRendered == rendered {
		t.Error("the row shows the removed emoji still")
	}
}

// Posting pays for custom emoji only where a text has colons, and then in proportion to its length.
func TestEmojiCost(t *testing.T) {
	c := mustOpen(t, Options{})
	boss := mustOwn(t, c, "Olga")
	for i := range 300 {
		mustEmoji(t, c, boss, fmt.Sprint("emoji-", i))
	}
	plain := strings.Repeat("a plain text, ", 8000/14)
	if n := testing.AllocsPerRun(10, func() { c.emojiSpans(plain) }); n > 0 {
		t.Errorf("a text without a colon costs %v allocations", n)
	}
	spans := func(text string) func() {
		return func() {
			for range 200 {
				c.emojiSpans(text)
			}
		}
	}
	words := strings.Repeat("a plain :text, ", 8000/15)
	for _, unit := range []string{":", ":a", "::a", ":emoji", ":" + strings.Repeat("a", 31), ":EMOJI-999:",
		" :emoji-1:x"} {
		worst := strings.Repeat(unit, 8000/len(unit))
		if ratio := costtest.Ratio(t, 60, spans(worst), spans(words)); ratio > 60 {
			t.Errorf("%q costs %.0f times as much as words", unit, ratio)
		}
	}
	if n := len(c.emojiSpans(strings.Repeat(":emoji-1: ", 800))); n != maxEmojiInText {
		t.Errorf("a text has %d pictures", n)
	}
}
