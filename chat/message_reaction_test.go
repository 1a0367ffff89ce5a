package chat

import (
	"context"
	"strings"
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
