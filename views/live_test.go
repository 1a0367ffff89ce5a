package views

import (
	"bytes"
	"strings"
	"testing"

	"chitchat/chat"
)

func TestFrames(t *testing.T) {
	var rows bytes.Buffer
	if err := LiveRows(&rows, []chat.Row{{HTML: []byte("<article>1</article>")}, {HTML: []byte("<article>2</article>")}}); err != nil {
		t.Fatal(err)
	}
	list := []chat.Listing{
		{Channel: chat.Channel{ID: 36, Slug: "a", Name: "A <b>", LastSeq: 5}, ReadSeq: 2},
		{Channel: chat.Channel{ID: 37, Slug: "b", Name: "B", LastSeq: 5}, ReadSeq: 5},
	}
	for name, c := range map[string]struct{ got, want string }{
		"rows":   {rows.String(), `<hx-partial hx-target="#messages" hx-swap="place"><article>1</article><article>2</article></hx-partial>`},
		"online": {render(t, LiveOnline(12)), `<hx-partial hx-target="#online" hx-swap="textContent">12</hx-partial>`},
		"unread": {render(t, LiveUnread(list)), `<hx-partial hx-target="#unread-10" hx-swap="textContent">3</hx-partial><hx-partial hx-target="#unread-11" hx-swap="textContent"></hx-partial>`},
		"names": {
			render(t, LiveNames([]chat.User{{ID: 36, Name: "é<b>", Handle: "e", Avatar: 37, Status: chat.Status{Emoji: "🍲", Text: "<i>"}}}, 7)),
			`<hx-partial hx-target="body" hx-swap="stamp"><div data-face="10"><b>é&lt;b&gt;</b><b><img src="/u/10/avatar/11" alt="" width="36" height="36" loading="lazy"> É</b>` +
				`<b><span role="img" aria-label="&lt;i&gt;" title="&lt;i&gt;">🍲</span></b><b>🍲 <bdi>&lt;i&gt;</bdi></b><b>@e</b></div><data value="7"></data></hx-partial>`,
		},
	} {
		if got := strings.NewReplacer("> <", "><").Replace(strings.TrimSpace(c.got)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
	channels := render(t, LiveChannels(list, 37))
	for _, want := range []string{`hx-target="#channels" hx-swap="innerMorph"`, `id="unread-10">3<`, `id="unread-11"><`, `A &lt;b&gt;`, `href="/c/b" aria-current="page"`} {
		if !strings.Contains(channels, want) {
			t.Errorf("no %s in %s", want, channels)
		}
	}
}

func TestOwnCSS(t *testing.T) {
	if got, want := OwnCSS(36), `[data-author="10"] .own{display:inline-flex}[data-author="10"] .report{display:none}`+"\n"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestWelcome(t *testing.T) {
	var people []chat.User
	for _, name := range strings.Split("Ada Bob Cleo Dan Eve Fay Gus Hal Ida Joe", " ") {
		people = append(people, chat.User{Name: name})
	}
	for n, want := range map[int]string{
		0: "You are the first one here.", 1: "Ada is here too.", 2: "Ada and Bob are here too.",
		3: "Ada, Bob and Cleo are here too.", 8: "Ada, Bob, Cleo, Dan, Eve, Fay, Gus and Hal are here too.",
		10: "Ada, Bob, Cleo, Dan, Eve, Fay, Gus, Hal and 2 more are here too.",
	} {
		if got := welcome(people[:n]); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
