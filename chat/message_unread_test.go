package chat

import (
	"fmt"
	"strings"
	"testing"
)

// wantUnreads compares the groups of what the actor has not read.
func wantUnreads(t *testing.T, c *Chat, a Actor, want string) UnreadPage {
	t.Helper()
	p, err := c.Messages.Unreads(t.Context(), a, "")
	must(t, err)
	if got := strings.Join(unreadTexts(p), "; "); got != want {
		t.Errorf("unread is %q, want %q", got, want)
	}
	if n, err := c.Messages.UnreadCount(t.Context(), a); err != nil || n.Unread != p.Unread ||
		n.Conversations != p.Conversations {
		t.Errorf("%d in %d are counted, and %d in %d are there (%v)", n.Unread, n.Conversations, p.Unread, p.Conversations,
			err)
	}
	return p
}

// unreadTexts describes the groups of a page: the conversation and the root of a thread, the seqs of the rows with the
// numbers that are hidden before them and at the end, and how many mention the actor.
func unreadTexts(p UnreadPage) (all []string) {
	for _, g := range p.Groups {
		text := placeOf(g.Channel)
		if g.Thread.Root != 0 {
			text += fmt.Sprintf("/%d", g.Thread.Root)
		}
		text += fmt.Sprintf(" %d:", g.Unread)
		for _, r := range g.Rows {
			if r.Hidden > 0 {
				text += fmt.Sprintf(" +%d", r.Hidden)
			}
			text += fmt.Sprintf(" %d", r.Seq)
		}
		if g.Hidden > 0 {
			text += fmt.Sprintf(" +%d", g.Hidden)
		}
		if g.Mentions > 0 {
			text += fmt.Sprintf(" @%d", g.Mentions)
		}
		all = append(all, text)
	}
	return all
}

// Everything unread is there, what is for the user alone first, then what is new; what the sidebar does not count is
// not.
func TestUnreads(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	design, quiet := mustChannel(t, c, bob, "Design", Public), mustChannel(t, c, bob, "Quiet", Public)
	direct := mustDirect(t, c, bob, ada)
	wantUnreads(t, c, ada, "")
	mustPost(t, c, ada, "root")
	mustWrite(t, c, bob, direct.Slug, "between us")
	mustWrite(t, c, bob, design.Slug, "one")
	mustWrite(t, c, bob, design.Slug, "two")
	_, _, err := c.Messages.Delete(ctx, bob, design.Slug, 1)
	must(t, err)
	mustWrite(t, c, bob, quiet.Slug, "hello @Ada")
	mustReply(t, c, bob, 1, "a reply")
	p := wantUnreads(t, c, ada, "Quiet 1: 1 @1; Bob 1: 1; General Talk/1 1: 1; Design 1: 2")
	if p.Unread != 4 || p.Conversations != 4 {
		t.Errorf("%d in %d", p.Unread, p.Conversations)
	}
	wantUnreads(t, c, bob, "General Talk 1: 1")

	must(t, c.Channels.SetPreferences(ctx, ada, quiet.Slug, false, true, NotifyAll, 0))
	must(t, c.Channels.SetPreferences(ctx, ada, design.Slug, false, false, NotifyMentions, 0))
	wantUnreads(t, c, ada, "Bob 1: 1; General Talk/1 1: 1")
	mustWrite(t, c, bob, design.Slug, "and @Ada")
	wantUnreads(t, c, ada, "Design 1: 3 @1; Bob 1: 1; General Talk/1 1: 1")
	must(t, c.Threads.Unfollow(ctx, ada, "general-talk", 1))
	must(t, c.Channels.SetPreferences(ctx, ada, design.Slug, false, false, NotifyNothing, 0))
	wantUnreads(t, c, ada, "Bob 1: 1")

	_, err = c.Messages.Unreads(ctx, Actor{}, "")
	wantCode(t, err, CodeSignedOut)
	for _, from := range []string{"x", "1", "1-", "1-2-", "2-3-4", "1-x-3"} {
		_, err = c.Messages.Unreads(ctx, ada, from)
		wantCode(t, err, CodeNotFound)
	}
}

// Many messages fold to the first, those that mention the user, and the last; what lies between is counted.
func TestUnreadsFold(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for i := range maxUnreadRows {
		mustPost(t, c, bob, fmt.Sprint(i+1))
	}
	wantUnreads(t, c, ada, "General Talk 12: 1 2 3 4 5 6 7 8 9 10 11 12")
	mustPost(t, c, bob, "13, @Ada")
	wantUnreads(t, c, ada, "General Talk 13: 1 +9 11 12 13 @1")
	for range 17 {
		mustPost(t, c, bob, "14 to 30")
	}
	wantUnreads(t, c, ada, "General Talk 30: 1 +11 13 +14 28 29 30 @1")
	for _, seq := range []int64{1, 5, 29} {
		_, _, err := c.Messages.Delete(ctx, bob, "general-talk", seq)
		must(t, err)
	}
	wantUnreads(t, c, ada, "General Talk 27: 2 +9 13 +13 27 28 30 @1")
	for range 20 {
		mustPost(t, c, bob, "@Ada 31 to 50")
	}
	p := wantUnreads(t, c, ada, "General Talk 47: 2 +35 40 41 42 43 44 45 46 47 48 49 50 @21")
	if n := len(p.Groups[0].Rows); n != maxUnreadRows {
		t.Errorf("%d rows", n)
	}
	must(t, c.Channels.SetPreferences(ctx, ada, "general-talk", false, false, NotifyMentions, 0))
	wantUnreads(t, c, ada,
		"General Talk 21: 13 +9 40 41 42 43 44 45 46 47 48 49 50 @21")

	mustReply(t, c, ada, 2, "root's thread")
	for range 16 {
		mustReply(t, c, bob, 2, "a reply")
	}
	for _, seq := range []int64{2, 17} {
		_, _, err := c.Messages.Delete(ctx, bob, "general-talk/2", seq)
		must(t, err)
	}
	wantUnreads(t, c, ada,
		"General Talk 21: 13 +9 40 41 42 43 44 45 46 47 48 49 50 @21; General Talk/2 14: 3 +10 14 15 16")
}

// Pages have few conversations, each once.
func TestUnreadsPages(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	const channels = 2*unreadOnPage + 1
	for i := range channels {
		mustWrite(t, c, bob, mustChannel(t, c, bob, fmt.Sprintf("Channel %d", i), Public).Slug, "hello")
	}
	seen := make(map[ID]bool)
	var sizes []int
	for from := ""; ; {
		p, err := c.Messages.Unreads(t.Context(), ada, from)
		must(t, err)
		if sizes = append(sizes, len(p.Groups)); p.Conversations != channels || p.Unread != channels {
			t.Errorf("%d in %d", p.Unread, p.Conversations)
		}
		for _, g := range p.Groups {
			seen[g.Channel.ID] = true
		}
		if from = p.More; from == "" {
			break
		}
	}
	if fmt.Sprint(sizes) != fmt.Sprint([]int{unreadOnPage, unreadOnPage, 1}) || len(seen) != channels {
		t.Errorf("%v, %d channels", sizes, len(seen))
	}
}

// What one has lost is not there, and not counted.
func TestUnreadsEndWithAccess(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	room := mustChannel(t, c, bob, "Room", Private)
	_, err := c.Channels.AddMember(ctx, bob, room.Slug, "Ada")
	must(t, err)
	mustWrite(t, c, ada, room.Slug, "root")
	mustReplyIn(t, c, bob, room.Slug, "a reply")
	mustWrite(t, c, bob, room.Slug, "@Ada")
	wantUnreads(t, c, ada, "Room 1: 2 @1; Room/1 1: 1")
	must(t, c.Channels.RemoveMember(ctx, bob, room.Slug, ada.ID))
	wantUnreads(t, c, ada, "")
	for _, address := range []string{room.Slug, ThreadAddress(room.Slug, 1), "nowhere"} {
		_, err := c.Channels.MarkReadTo(ctx, ada, address, 1)
		wantCode(t, err, CodeNotFound)
	}
}
