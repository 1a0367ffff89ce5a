package chat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
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

// Who reacted with what is read once for each click: of a message with many reactions it is the most expensive part.
func TestReactionsAreReadOnce(t *testing.T) {
	var read atomic.Int64
	c := mustOpen(t, Options{Trace: func(query string) {
		if strings.Contains(query, "FROM reactions") && strings.Contains(query, "JOIN users") {
			read.Add(1)
		}
	}})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	seq := mustPost(t, c, ada, "hello").Seq
	mustReact(t, c, ada, seq, "👍")
	for _, click := range []struct {
		what string
		send func(ctx context.Context, a Actor, slug string, seq int64, emoji string) (Row, error)
		want string
	}{
		{"added", c.Messages.React, " 👍2,Ada,Bob"},
		{"there already", c.Messages.React, " 👍2,Ada,Bob"},
		{"removed", c.Messages.Unreact, " 👍1,Ada"},
		{"toggled", c.Messages.ToggleReaction, " 👍2,Ada,Bob"},
	} {
		before := read.Load()
		row, err := click.send(t.Context(), bob, "general-talk", seq, "👍")
		must(t, err)
		wantReactions(t, row, click.want)
		if n := read.Load() - before; n != 1 {
			t.Errorf("%s: they were read %d times", click.what, n)
		}
	}
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
