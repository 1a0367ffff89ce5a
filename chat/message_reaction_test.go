package chat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func mustReact(t testing.TB, c *Chat, a Actor, seq int64, emoji string) Row {
	t.Helper()
	row, err := c.Messages.React(t.Context(), a, "general-talk", seq, emoji)
	must(t, err)
	return row
}

// wantReactions tests what a row says of its reactions.
func wantReactions(t testing.TB, row Row, want string) {
	t.Helper()
	_, html, _ := strings.Cut(string(row.HTML), ": hello")
	if html = strings.TrimSuffix(html, "]"); html != want {
		t.Errorf("it shows %q, want %q", html, want)
	}
}

func TestReactions(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	seq := mustPost(t, c, ada, "hello").Seq
	page := mustListen(t, c, bob, Cursor{Since: 1})

	row := mustReact(t, c, bob, seq, "👍")
	wantReactions(t, row, " 👍1,Bob")
	if row.Rev != 2 {
		t.Errorf("it is at rev %d", row.Rev)
	}
	if again := mustReact(t, c, bob, seq, "👍"); again.Rev != 2 {
		t.Errorf("the same reaction again changes the message: rev %d", again.Rev)
	}
	clock.advance(time.Second)
	mustReact(t, c, bob, seq, "❤")
	clock.advance(time.Second)
	wantReactions(t, mustReact(t, c, ada, seq, "❤\ufe0f"), " 👍1,Bob ❤️2,Bob,Ada")
	clock.advance(time.Second)
	row, err := c.Messages.ToggleReaction(t.Context(), bob, "general-talk", seq, "👍🏽")
	must(t, err)
	wantReactions(t, row, " 👍1,Bob ❤️2,Bob,Ada 👍🏽1,Bob")
	if list, err := c.Messages.RecentEmoji(t.Context(), bob); err != nil || strings.Join(list, " ") != "👍🏽 ❤️ 👍" {
		t.Error(list, err)
	}
	row, err = c.Messages.ToggleReaction(t.Context(), bob, "general-talk", seq, "👍🏽")
	must(t, err)
	for range 2 {
		row, err = c.Messages.Unreact(t.Context(), bob, "general-talk", seq, "👍")
		must(t, err)
	}
	wantReactions(t, row, " ❤️2,Bob,Ada")
	if row.Rev != 7 {
		t.Errorf("removing it twice took more than one rev: %d", row.Rev)
	}
	if row, err = c.Messages.Edit(t.Context(), ada, "general-talk", seq, "hello!"); err != nil {
		t.Error(err)
	}
	wantReactions(t, row, "! ❤️2,Bob,Ada")

	b := takeUntil(t, page, func(b Update) bool { return len(b.Rows) > 0 && b.Rows[len(b.Rows)-1].Rev == row.Rev })
	wantReactions(t, b.Rows[len(b.Rows)-1], "! ❤️2,Bob,Ada")
	if history, err := c.Messages.Before(t.Context(), bob, "general-talk", seq+1); err != nil || len(history.Rows) != 1 {
		t.Error(err)
	} else {
		wantReactions(t, history.Rows[0], "! ❤️2,Bob,Ada")
	}

	for _, bad := range []string{"", "x", "1", "👍👍", "👍 ", ":thumbsup:", "\ufe0f", "<b>", "👍\x00", "\xff",
		strings.Repeat("👍\u200d", 20) + "👍"} {
		_, err := c.Messages.React(t.Context(), bob, "general-talk", seq, bad)
		wantCode(t, err, CodeInvalid)
	}
	_, err = c.Messages.React(t.Context(), bob, "general-talk", seq+1, "👍")
	wantCode(t, err, CodeNotFound)
	if row, _, err = c.Messages.Delete(t.Context(), ada, "general-talk", seq); err != nil {
		t.Error(err)
	}
	if strings.Contains(string(row.HTML), "❤") {
		t.Errorf("a deleted message has reactions: %s", row.HTML)
	}
	_, err = c.Messages.React(t.Context(), bob, "general-talk", seq, "👍")
	wantCode(t, err, CodeNotFound)
	_, err = c.Messages.Unreact(t.Context(), bob, "general-talk", seq, "❤")
	wantCode(t, err, CodeNotFound)
	wantCount(t, c, `SELECT count(*) FROM reactions`, 0)
}

func wantCount(t testing.TB, c *Chat, query string, want int) {
	t.Helper()
	var n int
	if err := c.db.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != want {
		t.Errorf("%s: %d, %v, want %d", query, n, err, want)
	}
}

func TestCanonicalEmoji(t *testing.T) {
	for text, want := range map[string]string{
		"❤": "❤\ufe0f", "❤\ufe0f": "❤\ufe0f", "❤\ufe0e": "❤\ufe0f", "👍": "👍", "👍\ufe0f": "👍", "👍🏽": "👍🏽",
		"✌🏽": "✌🏽", "✌\ufe0f": "✌\ufe0f", "1\u20e3": "1\ufe0f\u20e3", "1\ufe0f\u20e3": "1\ufe0f\u20e3", "🇸🇪": "🇸🇪",
		"👩\u200d❤\u200d👩":       "👩\u200d❤\ufe0f\u200d👩",
		"🏴\U000E0067\U000E007F": "",
		"🏳\u200d🌈":              "🏳\ufe0f\u200d🌈",
		"🤷🏿\u200d♀":             "🤷🏿\u200d♀\ufe0f",
		"1":                     "", "a": "", "": "", "👍👎": "", "🇸": "", "👍\u200d": "",
	} {
		if got, ok := CanonicalEmoji(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
		if again, _ := CanonicalEmoji(want); again != want {
			t.Errorf("%q is %q in turn", want, again)
		}
	}
}

// Who may react: everyone who sees the channel and may write somewhere; also readers of announcements, and those who
// wait in slow mode.
func TestCanReact(t *testing.T) {
	in := Membership{State: Joined}
	for _, c := range []struct {
		what string
		acc  Access
		may  bool
	}{
		{"nobody", Access{}, false},
		{"a member", Access{Channel: &Channel{Kind: Public}, Role: RoleMember, Membership: in}, true},
		{"who has not joined", Access{Channel: &Channel{Kind: Public}, Role: RoleMember}, true},
		{"a guest outside", Access{Channel: &Channel{Kind: Public}, Role: RoleGuest}, false},
		{"a guest inside", Access{Channel: &Channel{Kind: Public}, Role: RoleGuest, Membership: in}, true},
		{"an outsider", Access{Channel: &Channel{Kind: Private}, Role: RoleOwner}, false},
		{"an archived channel", Access{Channel: &Channel{Kind: Public, ArchivedAt: time.Unix(1, 0)}, Role: RoleOwner,
			Membership: in}, false},
		{"a reader of announcements", Access{Channel: &Channel{Kind: Public, Announce: true}, Role: RoleMember,
			Membership: in}, true},
		{"slow mode", Access{Channel: &Channel{Kind: Public, SlowSeconds: 60}, Role: RoleMember, Membership: in}, true},
		{"banned", Access{Channel: &Channel{Kind: Public}, Role: RoleMember, Membership: in, banned: true}, false},
		{"blocked", Access{Channel: &Channel{Kind: Direct}, Role: RoleMember, Membership: in,
			blocked: Errorf(CodeForbidden, "You have blocked them.")}, false},
	} {
		if c.acc.CanReact() != c.may {
			t.Errorf("%s: %v", c.what, c.acc.CanReact())
		}
	}
}

// In a conversation with a block nobody reacts anew, and what was said by reaction stays, and can be taken back.
func TestReactionsAndBlocks(t *testing.T) {
	c := mustOpen(t, Options{})
	mal, ada := mustSignIn(t, c, "Mal"), mustSignIn(t, c, "Ada")
	direct := mustDirect(t, c, mal, ada)
	mustWrite(t, c, ada, direct.Slug, "hello")
	_, err := c.Messages.React(t.Context(), mal, direct.Slug, 1, "😍")
	must(t, err)
	_, err = c.Moderation.Block(t.Context(), ada, "Mal")
	must(t, err)
	for _, a := range []Actor{mal, ada} {
		_, err = c.Messages.React(t.Context(), a, direct.Slug, 1, "👍")
		wantCode(t, err, CodeForbidden)
	}
	row, err := c.Messages.Row(t.Context(), ada, direct.Slug, 1)
	must(t, err)
	wantReactions(t, row, " 😍1,Mal")
	row, err = c.Messages.Unreact(t.Context(), mal, direct.Slug, 1, "😍")
	must(t, err)
	wantReactions(t, row, "")
}

// What the actor may do is decided again in the transaction, as for a post.
func TestReactionAfterTheChannelWasArchived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		ch := mustChannel(t, c, ada, "Design", Public)
		mustWrite(t, c, ada, ch.Slug, "hello")
		err := afterwards(t, c,
			func() error { _, err := c.Channels.Archive(t.Context(), ada, ch.Slug); return err },
			func() error { _, err := c.Messages.React(t.Context(), ada, ch.Slug, 1, "👍"); return err })
		wantCode(t, err, CodeForbidden)
	})
}

func TestReactionBounds(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	seq := mustPost(t, c, ada, "hello").Seq
	emoji := func(i int) string { return string(rune(0x1F400 + i)) } // animals
	for i := range MaxReactions {
		if i%MaxReactionsByUser == 0 {
			ada = mustSignIn(t, c, fmt.Sprint("Ada ", i))
		}
		mustReact(t, c, ada, seq, emoji(i))
	}
	bob := mustSignIn(t, c, "Bob")
	_, err := c.Messages.React(t.Context(), bob, "general-talk", seq, emoji(MaxReactions))
	wantCode(t, err, CodeForbidden)
	for i := range MaxReactionsByUser {
		mustReact(t, c, bob, seq, emoji(i))
	}
	_, err = c.Messages.React(t.Context(), bob, "general-talk", seq, emoji(MaxReactionsByUser))
	wantCode(t, err, CodeForbidden)
	mustReact(t, c, bob, seq, emoji(0)) // that is there
}

// A thousand reactions to one message while a page is away: it catches up with one row, and is not rendered anew. So it
// is on a feed that has seen them all, and after a restart.
func TestManyReactionsAreOneRow(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	reader := mustSignIn(t, c, "Reader")
	for i := range 5 {
		mustPost(t, c, reader, fmt.Sprint("message ", i))
	}
	mustView(t, c, reader) // the feed is warm
	const people, kinds = 60, 17
	var reacting sync.WaitGroup
	for i := range people {
		a := mustSignIn(t, c, fmt.Sprint("Person ", i))
		reacting.Go(func() {
			for k := range kinds {
				if _, err := c.Messages.React(context.Background(), a, "general-talk", 3, string(rune(0x1F400+k))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	reacting.Wait()
	const rev = 5 + people*kinds
	check := func(since int64, want string) {
		t.Helper()
		l := mustListen(t, c, reader, Cursor{Since: since})
		b := takeUntil(t, l, func(b Update) bool { return b.Resync != nil || len(b.Rows) > 0 })
		l.Close()
		came := ""
		for _, row := range b.Rows {
			came += fmt.Sprint(row.Seq, " ")
		}
		if b.Resync != nil || came != want {
			t.Fatalf("since %d came %s; renewed: %v", since, came, b.Resync != nil)
		}
		last := b.Rows[len(b.Rows)-1]
		if html := string(last.HTML); last.Rev != rev || strings.Count(html, fmt.Sprintf("%d,", people)) != kinds {
			t.Errorf("since %d: rev %d: %s", since, last.Rev, html)
		}
	}
	check(5, "3 ")
	check(rev/2, "3 ")
	check(4, "5 3 ")
	must(t, c.Close())
	c = mustOpen(t, Options{Path: path})
	check(5, "3 ")
}

// Renaming shows the new name to the next readers.
func TestReactionNames(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	seq := mustPost(t, c, ada, "hello").Seq
	mustReact(t, c, bob, seq, "👍")
	mustView(t, c, ada)
	_, err := c.Users.Rename(t.Context(), bob, "Robert")
	must(t, err)
	wantReactions(t, mustView(t, c, ada).Rows[0], " 👍1,Robert")
}

// Reactions go with their channel, and who reacted keeps their name, as who has posted.
func TestReactionsEnd(t *testing.T) {
	c := mustOpen(t, Options{})
	olga := mustOwn(t, c, "Olga")
	bob := mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, olga, "Design", Public)
	mustWrite(t, c, olga, ch.Slug, "hello")
	_, err := c.Messages.React(t.Context(), bob, ch.Slug, 1, "👍")
	must(t, err)
	wantCode(t, c.Admin.DeleteUser(t.Context(), olga, bob.ID), CodeForbidden)
	_, err = c.Channels.Delete(t.Context(), olga, ch.Slug)
	must(t, err)
	c.purge(t.Context())
	wantCount(t, c, `SELECT count(*) FROM reactions`, 0)
}
