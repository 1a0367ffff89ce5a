package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var fromTheNewest, _ = ParseListPlace("")

// mentionsText returns all pages of what concerns the actor, in one line.
func mentionsText(t *testing.T, c *Chat, a Actor, filter MentionFilter) string {
	t.Helper()
	var all []string
	for at := fromTheNewest; at != (ListPlace{}); {
		p, err := c.Messages.Mentions(t.Context(), a, filter, at)
		must(t, err)
		for _, m := range p.Mentions {
			address := m.Channel.Slug
			if m.Thread.Root != 0 {
				address = ThreadAddress(address, m.Thread.Root)
			}
			text := strings.ReplaceAll(fmt.Sprint(address, ":", m.Row.Seq), "general-talk:", "")
			for _, r := range m.Reactions {
				text += r.Emoji
				for _, u := range r.People {
					text += u.Name
				}
			}
			all = append(all, text)
		}
		at = p.Older
	}
	return strings.Join(all, " ")
}

func wantMentions(t *testing.T, c *Chat, a Actor, want map[MentionFilter]string) {
	t.Helper()
	for filter, want := range want {
		if got := mentionsText(t, c, a, filter); got != want {
			t.Errorf("%q: %q, want %q", filter, got, want)
		}
	}
}

// What others say to one, and their reactions, newest first: a message once, by its newest reaction. What one does
// oneself does not count, nor does what was taken back or deleted.
func TestMentions(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob, carol := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Carol")
	direct := mustDirect(t, c, ada, bob)
	do := func(err error) {
		t.Helper()
		must(t, err)
		clock.advance(time.Minute)
	}
	react := func(a Actor, seq int64, emoji string) {
		t.Helper()
		do(errOf(c.Messages.React(t.Context(), a, "general-talk", seq, emoji)))
	}
	say := func(a Actor, slug, body string) {
		t.Helper()
		do(errOf2(c.Messages.Post(t.Context(), a, slug, Draft{Body: body})))
	}
	say(ada, "general-talk", "one") // 1
	say(ada, "general-talk", "two") // 2
	react(bob, 2, "👍")
	say(bob, "general-talk", "@Ada, look") // 3
	react(bob, 1, "👍")
	react(ada, 1, "👍")
	react(ada, 3, "👍")
	say(bob, "general-talk", "@channel, dinner")  // 4
	say(ada, "general-talk", "@Ada and @channel") // 5
	say(bob, direct.Slug, "only to her")
	react(carol, 2, "❤")
	do(errOf2(c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "a reply to @Ada", Thread: 1})))
	for range 2 {
		wantMentions(t, c, ada, map[MentionFilter]string{
			AllMentions:   "general-talk/1:1 2👍Bob❤️Carol 4 1👍Bob 3",
			OnlyMentions:  "general-talk/1:1 4 3",
			OnlyReactions: "2👍Bob❤️Carol 1👍Bob",
		})
		wantMentions(t, c, carol, map[MentionFilter]string{AllMentions: "5 4", OnlyReactions: ""})
		wantMentions(t, c, bob, map[MentionFilter]string{AllMentions: "5 3👍Ada", OnlyMentions: "5"})
		mustIndex(t, c)
	}
	do(errOf(c.Messages.Unreact(t.Context(), carol, "general-talk", 2, "❤")))
	do(errOf(c.Messages.Edit(t.Context(), bob, "general-talk", 3, "look")))
	wantMentions(t, c, ada, map[MentionFilter]string{AllMentions: "general-talk/1:1 4 1👍Bob 2👍Bob"})
	do(errOf(c.Messages.Unreact(t.Context(), bob, "general-talk", 1, "👍")))
	do(errOf2(c.Messages.Delete(t.Context(), ada, "general-talk", 2)))
	do(errOf2(c.Messages.Delete(t.Context(), bob, "general-talk", 4)))
	wantMentions(t, c, ada, map[MentionFilter]string{AllMentions: "general-talk/1:1", OnlyReactions: ""})
	wantCount(t, c, `SELECT count(*) FROM messages WHERE reacted_at > 0 AND seq <> 3`, 0)
	if _, err := c.Messages.Mentions(t.Context(), Actor{}, AllMentions, fromTheNewest); ErrorCode(err) != CodeSignedOut {
		t.Error(err)
	}
}

// What one cannot see any more is not among it, and does not end the pages before what one sees.
func TestMentionsWithoutAccess(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "one")
	mustReact(t, c, bob, 1, "👍")
	den := mustChannel(t, c, bob, "Den", Private)
	must(t, errOf(c.Channels.AddMember(ctx, bob, den.Slug, "Ada")))
	clock.advance(time.Minute)
	must(t, errOf2(c.Messages.Post(ctx, ada, den.Slug, Draft{Body: "hidden"})))
	must(t, errOf2(c.Messages.Post(ctx, bob, den.Slug, Draft{Body: "@Ada, a secret"})))
	must(t, errOf2(c.Messages.Post(ctx, bob, den.Slug, Draft{Body: "@Ada, a secret reply", Thread: 1})))
	must(t, errOf(c.Messages.React(ctx, bob, den.Slug, 1, "👍")))
	for range 3 * reactedAtOnce {
		must(t, errOf2(c.Messages.Post(ctx, ada, den.Slug, Draft{Body: "words"})))
	}
	mustExec(t, c, `UPDATE messages SET reacted_at = $1 WHERE channel_id = $2 AND user_id = $3`, clock.now().UnixMilli(),
		den.ID, ada.ID)
	if got := mentionsText(t, c, ada, AllMentions); strings.Count(got, den.Slug) != 3*reactedAtOnce+3 ||
		!strings.HasSuffix(got, " 1👍Bob") {
		t.Fatal(got)
	}
	must(t, c.Channels.RemoveMember(ctx, bob, den.Slug, ada.ID))
	for range 2 {
		wantMentions(t, c, ada, map[MentionFilter]string{AllMentions: "1👍Bob", OnlyMentions: "", OnlyReactions: "1👍Bob"})
		mustIndex(t, c)
	}
}

// Pages follow one another without a gap or a repetition, also where much came at once.
func TestMentionPages(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	var want []string
	for i := range 3 * mentionsOnPage {
		if i%7 == 0 {
			clock.advance(time.Second)
		}
		if i%3 == 0 {
			mustReact(t, c, bob, mustPost(t, c, ada, "words").Seq, "👍")
			want = append(want, fmt.Sprintf("%d👍Bob", i+1))
		} else {
			mustPost(t, c, bob, "@Ada")
			want = append(want, fmt.Sprint(i+1))
		}
	}
	slices.Reverse(want)
	for range 2 {
		wantMentions(t, c, ada, map[MentionFilter]string{AllMentions: strings.Join(want, " ")})
		mustIndex(t, c)
	}
}

// The pages' addresses are read as they are written, and nothing else is.
func TestListPlace(t *testing.T) {
	p := ListPlace{1790000000123, 42}
	if got, ok := ParseListPlace(p.String()); !ok || got != p {
		t.Error(got, ok)
	}
	for _, bad := range []string{"x", "1", "1-", "-", "-1", "1-2-3", "1 - 2", "99999999999999999999-1"} {
		if got, ok := ParseListPlace(bad); ok {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

// The message of a reaction is found by an index, and not by a look at all.
func TestReactedPlan(t *testing.T) {
	c := mustOpen(t, Options{})
	var id, parent, unused int
	var plan string
	must(t, c.db.QueryRowContext(t.Context(), `EXPLAIN QUERY PLAN SELECT channel_id, seq, reacted_at, number FROM messages
		WHERE user_id = $1 AND reacted_at > 0 AND (reacted_at, number) < ($2, $3) ORDER BY reacted_at DESC, number DESC
		LIMIT $4`, 1, 2, 3, 4).Scan(&id, &parent, &unused, &plan))
	if !strings.Contains(plan, "SEARCH messages USING INDEX messages_reacted (user_id=? AND") {
		t.Error(plan)
	}
}
