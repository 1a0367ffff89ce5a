package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestMentioned(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve := mustSignIn(t, c, "Ada Lovelace"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	// from earlier times: a handle wins over a name
	mustExec(t, c, `UPDATE users SET handle = 'bob' WHERE id = $1`, eve.ID)
	must(t, c.Users.SetProfile(t.Context(), ada, Profile{User: User{Handle: "ada.l"}}))
	guest := setRole(t, c, mustSignIn(t, c, "Guest"), RoleGuest)
	for body, want := range map[string][]ID{
		"nobody":                     nil,
		"@nobody at all":             nil,
		"@bob":                       {eve.ID},
		"hello @BOB, how are you?":   {eve.ID},
		"(@ada.l).":                  {ada.ID},
		"ask @ada.l.":                {ada.ID},
		"ask @ada lovelace about it": {ada.ID},
		"@Ada  Lovelace":             nil,      // two spaces are no name
		"mail ada@bob or x@x.@bob":   {eve.ID}, // no address ends in a full stop
		"mail ada@bob":               nil,
		"@eve @bob and @Eve":         {eve.ID},
		"@ada.l and @eve":            {ada.ID, eve.ID},
		"@all":                       {mentionAll},
		"@channel: @ada.l":           {mentionAll, ada.ID},
		"@":                          nil,
		"@@@":                        nil,
		"@._-":                       nil,
		strings.Repeat("@x ", 100):   nil,
		// where nobody sees them
		"[x](@channel)": nil, `[x](/y "@eve")`: nil, "[a]\n\n[a]: /c/x \"@channel\"": nil, "```@eve\nx\n```": nil,
		"![@eve](https://x.org)": nil, "[@eve](https://x.org)": nil, strings.Repeat("> ", 60) + "@eve": nil,
		"----+" + strings.Repeat("-", 30) + "\n```\n@eve\n```": nil,
		"**@eve** [x](https://x.org)":                          {eve.ID},
		"@" + strings.Repeat("x", 9000):                        nil,
	} {
		slices.Sort(want)
		if got, err := c.mentioned(t.Context(), bob, body); err != nil || !slices.Equal(got.who, want) {
			t.Errorf("%.40q mentions %v, %v; want %v", body, got, err, want)
		}
	}
	if got, err := c.mentioned(t.Context(), guest, "@all"); err != nil || got.who != nil {
		t.Error("a guest mentions everyone:", got, err)
	}
}

// What is written to a user is counted apart, in the list and live: messages that mention them, and direct messages.
func TestAddressed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		direct, err := c.Channels.CreateDirect(t.Context(), bob, []ID{ada.ID})
		must(t, err)
		page := mustListen(t, c, ada, Cursor{})
		check := func(what, want string) {
			t.Helper()
			list, err := c.Channels.Sidebar(t.Context(), ada)
			must(t, err)
			got := ""
			for _, l := range list.Channels {
				got += fmt.Sprintf("%s %d/%d ", l.Kind, l.Addressed(), l.Unread())
			}
			if strings.TrimSpace(got) != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		live := func(addressed, unread int64) {
			t.Helper()
			takeUntil(t, page, func(b Update) bool {
				for _, l := range b.Channels {
					b.Unread = append(b.Unread, Count{Channel: l.ID, Unread: l.Unread(), Addressed: l.Addressed()})
				}
				return slices.ContainsFunc(b.Unread, func(n Count) bool {
					return n.Channel == c.general(t).ID && n.Unread == unread && n.Addressed == addressed
				})
			})
		}
		check("nothing", "public 0/0")
		mustPost(t, c, bob, "to all")
		live(0, 1)
		check("unread", "public 0/1")
		mentions := mustPost(t, c, bob, "@ada, and @ada, and @all")
		mustPost(t, c, bob, "@bob")
		live(1, 3)
		check("a mention", "public 1/3")
		_, _, err = c.Messages.Post(t.Context(), bob, direct.Slug, Draft{Body: "you"})
		must(t, err)
		check("a direct message", "public 1/3 direct 1/1")
		must(t, c.Channels.SetPreferences(t.Context(), ada, direct.Slug, false, true, NotifyAll, 0))
		check("muted", "public 1/3 direct 0/0")
		must(t, c.Channels.MarkRead(t.Context(), ada, "general-talk", mentions.Seq))
		live(0, 1)
		check("read up to the mention", "public 0/1 direct 0/0")
	})
}

// Setting preferences for a channel that the user has never opened leaves its messages unread.
func TestPreferenceReadsNothing(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	side := mustChannel(t, c, ada, "Side", Public)
	_, _, err := c.Messages.Post(t.Context(), ada, side.Slug, Draft{Body: "one"})
	must(t, err)
	must(t, c.Channels.SetPreferences(t.Context(), bob, side.Slug, true, false, NotifyAll, 0))
	list, err := sidebarList(t.Context(), c, bob)
	must(t, err)
	if list[0].ID != side.ID || list[0].Unread() != 1 {
		t.Errorf("a favourite with %d unread, want 1: %+v", list[0].Unread(), list[0])
	}
}

func TestNotifyLevels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		unread := func() int64 {
			t.Helper()
			list, err := sidebarList(t.Context(), c, ada)
			must(t, err)
			return list[0].Unread()
		}
		prefer := func(muted bool, notify Notify) {
			t.Helper()
			must(t, c.Channels.SetPreferences(t.Context(), ada, "general-talk", false, muted, notify, 0))
		}
		mustPost(t, c, bob, "one")
		second := mustPost(t, c, bob, "two, @Ada")
		mustPost(t, c, bob, "three, @all")
		for _, level := range []struct {
			muted  bool
			notify Notify
			want   int64
		}{{false, NotifyAll, 3}, {false, NotifyMentions, 2}, {false, NotifyNothing, 0}, {true, NotifyAll, 0},
			{true, NotifyMentions, 0}} {
			prefer(level.muted, level.notify)
			if got := unread(); got != level.want {
				t.Errorf("muted %v, %s: %d unread, want %d", level.muted, level.notify, got, level.want)
			}
		}

		prefer(false, NotifyMentions)
		l := mustListen(t, c, ada, Cursor{Since: c.general(t).lastRev.Load()})
		mustPost(t, c, bob, "four")
		mustPost(t, c, bob, "@ada, five")
		takeUntil(t, l, func(b Update) bool { // with the whole list, or in an update of its own
			return len(b.Unread) > 0 && b.Unread[len(b.Unread)-1].Unread == 3 || len(b.Channels) > 0 &&
				b.Channels[0].Unread() == 3
		})
		_, err := c.Messages.Edit(t.Context(), bob, "general-talk", second.Seq, "two, @nobody")
		must(t, err)
		if got := unread(); got != 2 {
			t.Errorf("after an edit: %d, want 2", got)
		}
		_, err = c.Messages.Edit(t.Context(), bob, "general-talk", second.Seq, "two, @ada again")
		must(t, err)
		_, _, err = c.Messages.Delete(t.Context(), bob, "general-talk", 3)
		must(t, err)
		if got := unread(); got != 2 {
			t.Errorf("after a deletion: %d, want 2", got)
		}
		must(t, c.Channels.MarkRead(t.Context(), ada, "general-talk", 4))
		if got := unread(); got != 1 {
			t.Errorf("after reading: %d, want 1", got)
		}
		mustView(t, c, ada)
		if got := unread(); got != 0 {
			t.Errorf("all is read: %d", got)
		}
	})
}
