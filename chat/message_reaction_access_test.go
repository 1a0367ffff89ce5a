package chat

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

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
