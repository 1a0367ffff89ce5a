package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func mustMentions(t *testing.T, c *Chat, channel ID, seq int64) []ID {
	t.Helper()
	who, err := selectMentions(t.Context(), c.db, channel, seq)
	must(t, err)
	return who
}

// Every word for many mentions those whom it means, and no name that begins like one is taken for it.
func TestCalls(t *testing.T) {
	c := mustOpen(t, Options{})
	bob, else1 := mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Everyone Else")
	guest := setRole(t, c, mustSignIn(t, c, "Guest"), RoleGuest)
	type want struct {
		all, here bool
		who       []ID
		html      string
	}
	for body, want := range map[string]want{
		"@everyone":            {true, false, []ID{mentionAll}, `<span class="mention">@everyone</span>`},
		"hi @Everyone, listen": {true, false, []ID{mentionAll}, `<span class="mention">@Everyone</span>`},
		"@here":                {false, true, nil, `<span class="mention">@here</span>`},
		"who is @here?":        {false, true, nil, `<span class="mention">@here</span>`},
		"@here and @all":       {true, true, []ID{mentionAll}, `<span class="mention">@all</span>`},
		"@everyone else":       {false, false, []ID{else1.ID}, `href="/u/` + else1.ID.String()},
		"`@here` and `@all`":   {false, false, nil, "<code>@here</code>"},
		"> @everyone\n\nwell":  {false, false, nil, "@everyone"},
		"```\n@channel\n```":   {false, false, nil, "@channel"},
		"@heretic @everyones":  {false, false, nil, "@heretic"},
		"mail ada@here.org":    {false, false, nil, "mail ada@here.org"},
	} {
		m, err := c.mentioned(t.Context(), bob, body)
		if err != nil || m.all != want.all || m.here != want.here || !slices.Equal(m.who, want.who) {
			t.Errorf("%q: %+v, %v", body, m, err)
		}
		html := format(body, m.spans).HTML + body
		if !strings.Contains(html, want.html) || !want.all && !want.here && strings.Contains(html, "<span class=\"mention") {
			t.Errorf("%q is %s", body, html)
		}
	}
	if m, err := c.mentioned(t.Context(), guest, "@here @everyone"); err != nil || m.all || m.here || m.spans != nil {
		t.Error("a guest calls:", m, err)
	}
}

// "@here" mentions those members who are online when it is posted, whatever is edited later.
func TestHereMentionsWhoIsOnline(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	ch := mustChannel(t, c, ada, "Ours", Private)
	_, err := c.Channels.AddMember(t.Context(), ada, ch.Slug, "Bob")
	must(t, err)
	for _, who := range []Actor{ada, bob, eve} { // Eve is online, and not a member
		mustListen(t, c, who, Cursor{})
	}
	row, _, err := c.Messages.Post(t.Context(), ada, ch.Slug, Draft{Body: "look, @here"})
	must(t, err)
	if who := mustMentions(t, c, ch.ID, row.Seq); !slices.Equal(who, []ID{bob.ID}) {
		t.Error(who)
	}
	_, err = c.Channels.AddMember(t.Context(), ada, ch.Slug, "Eve")
	must(t, err)
	for body, want := range map[string][]ID{
		"look there, @here": {bob.ID}, "@here @Ada": {ada.ID, bob.ID}, "now @here": {bob.ID},
	} {
		_, err = c.Messages.Edit(t.Context(), ada, ch.Slug, row.Seq, body)
		must(t, err)
		if who := mustMentions(t, c, ch.ID, row.Seq); !slices.Equal(who, want) {
			t.Errorf("%q mentions %v", body, who)
		}
	}
	_, err = c.Messages.Edit(t.Context(), ada, ch.Slug, row.Seq, "nobody")
	must(t, err)
	_, err = c.Messages.Edit(t.Context(), ada, ch.Slug, row.Seq, "again @here")
	must(t, err)
	if who := mustMentions(t, c, ch.ID, row.Seq); !slices.Equal(who, []ID{bob.ID, eve.ID}) {
		t.Error("added by an edit, it mentions", who)
	}
}

// Words that notify more than five others ask first, once for each text: in a post, and in an edit that adds one.
func TestManyAreNotifiedOnlyIfConfirmed(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for n := range askAbove {
		mustListen(t, c, mustSignIn(t, c, fmt.Sprint("Reader ", n)), Cursor{})
	}
	general := c.general(t)
	post := func(body, confirm string) (Row, *Error) {
		t.Helper()
		row, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: body, Confirm: confirm})
		e, _ := errors.AsType[*Error](err)
		return row, e
	}
	for _, body := range []string{"five @all", "five @here"} {
		if _, err := post(body, ""); err != nil {
			t.Fatalf("%q asks for %d: %v", body, askAbove, err)
		}
	}
	mustListen(t, c, mustSignIn(t, c, "Sixth"), Cursor{})
	general.counted.Store(nil) // the count may be some seconds old
	before := general.lastSeq.Load()
	for _, word := range []string{"@all", "@channel", "@everyone", "@here", "@Here"} {
		body := "six, " + word + " please"
		_, err := post(body, "")
		if err == nil || err.Code != CodeInvalid || err.Field != "body" || err.Confirm == "" ||
			!strings.Contains(err.Message, "notifies 6 people") || !strings.Contains(err.Message, word) {
			t.Fatalf("%q: %+v", body, err)
		}
		for _, wrong := range []string{"x", "6.", "1" + err.Confirm[1:], strings.Replace(err.Confirm, "6", "06", 1)} {
			if _, err := post(body, wrong); err == nil {
				t.Errorf("%q confirms", wrong)
			}
		}
		if _, err := post(body+"!", err.Confirm); err == nil || err.Confirm == "" {
			t.Error("what confirms one text confirms another")
		}
		if seq := general.lastSeq.Load(); seq != before {
			t.Fatal("it was posted")
		}
		row, err := post(body, err.Confirm)
		if err != nil {
			t.Fatal(err)
		}
		if before = row.Seq; len(mustMentions(t, c, general.ID, row.Seq)) == 0 {
			t.Errorf("%q mentions nobody", body)
		}
	}
	if _, err := post("six, @all", confirmation(general.ID, "six, @all", 3)); err != nil {
		t.Error("a few more ask again:", err)
	}
	if _, err := post("six @all", confirmation(general.ID, "six @all", 2)); err == nil {
		t.Error("many more do not ask again")
	}
	row := mustPost(t, c, ada, "quiet")
	edit := func(body, confirm string) *Error {
		t.Helper()
		_, err := c.Messages.EditFrom(t.Context(), ada, "general-talk", row.Seq, 0, body, confirm)
		e, _ := errors.AsType[*Error](err)
		return e
	}
	asked := edit("loud @everyone", "")
	if asked == nil || asked.Confirm == "" || !strings.Contains(asked.Message, "nothing was saved") {
		t.Fatal(asked)
	}
	if err := edit("loud @everyone", asked.Confirm); err != nil {
		t.Fatal(err)
	}
	if err := edit("louder @channel", ""); err != nil {
		t.Error("an edit that adds nobody asks:", err)
	}
	if who := mustMentions(t, c, general.ID, row.Seq); !slices.Equal(who, []ID{mentionAll}) {
		t.Error(who)
	}
}
