package chat

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
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
