package chat

import (
	"context"
	"testing"
	"testing/synctest"

	"chitchat/chat/sqlite"
)

func TestLinkPreviewsOfEditedMessages(t *testing.T) {
	previewing(t, new(web), func(t *testing.T, c *Chat, ada Actor) {
		bob := mustSignIn(t, c, "Bob")
		seq := mustPost(t, c, bob, "https://e.org/a https://e.org/b").Seq
		edit := func(body, want string) {
			t.Helper()
			_, err := c.Messages.Edit(t.Context(), bob, "general-talk", seq, body)
			must(t, err)
			if got := titles(t, c, bob, seq); got != want {
				t.Errorf("%q has %q, want %q", body, got, want)
			}
		}
		edit("https://e.org/b and https://e.org/c", "b c")
		edit("https://e.org/c and https://e.org/b", "c b")
		edit("words", "")
		edit("again https://e.org/a https://e.org/b", "a b")

		carol := mustSignIn(t, c, "Carol")
		remove := func(a Actor, url string) error {
			_, err := c.Messages.RemoveLinkPreview(t.Context(), a, "general-talk", seq, url)
			return err
		}
		wantCode(t, remove(carol, "https://e.org/a"), CodeForbidden)
		before := mustView(t, c, ada).Channel.LastRev
		for range 2 {
			must(t, remove(bob, "https://e.org/a"))
		}
		must(t, remove(bob, "https://e.org/none"))
		if after := mustView(t, c, ada).Channel.LastRev; after != before+1 {
			t.Errorf("removing one twice changed %d times", after-before)
		}
		edit("still https://e.org/a https://e.org/b", "b")
		edit("https://e.org/a", "")
		edit("https://e.org/b", "b")
		must(t, remove(ada, "https://e.org/b")) // who may remove the message may do that too
		if got := titles(t, c, bob, seq); got != "" {
			t.Errorf("%q is left", got)
		}
		edit("https://e.org/d", "d")
		_, _, err := c.Messages.Delete(t.Context(), bob, "general-talk", seq)
		must(t, err)
		wantCode(t, remove(bob, "https://e.org/d"), CodeNotFound)
		var left int
		must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM message_link_previews`).Scan(&left))
		if left != 0 {
			t.Errorf("a deleted message leaves %d", left)
		}
	})
}

// What is fetched for a message that changed meanwhile is shown only for links that are still its first ones.
func TestLinkPreviewsThatComeLate(t *testing.T) {
	w := &web{held: true}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		edited := mustPost(t, c, ada, "https://e.org/a https://e.org/b").Seq
		deleted := mustPost(t, c, ada, "https://e.org/c").Seq
		synctest.Wait() // both are being fetched
		_, err := c.Messages.Edit(t.Context(), ada, "general-talk", edited, "https://e.org/b")
		must(t, err)
		_, _, err = c.Messages.Delete(t.Context(), ada, "general-talk", deleted)
		must(t, err)
		close(w.hold)
		if got := titles(t, c, ada, edited); got != "b" {
			t.Errorf("the edited one has %q", got)
		}
		if got := titles(t, c, ada, deleted); got != "" || w.times("https://e.org/c") != 1 {
			t.Errorf("the deleted one has %q", got)
		}
	})
}

// A preview leads where the link did, with the fragment, and an edit changes that.
func TestLinkPreviewsLeadWhereTheLinkDid(t *testing.T) {
	previewing(t, new(web), func(t *testing.T, c *Chat, ada Actor) {
		seq := mustPost(t, c, ada, "https://matrix.to/a#/room").Seq
		for _, href := range []string{"https://matrix.to/a#/room", "https://matrix.to/a#/hall", "https://matrix.to/a"} {
			_, err := c.Messages.Edit(t.Context(), ada, "general-talk", seq, href)
			must(t, err)
			synctest.Wait()
			m, err := c.Messages.Get(t.Context(), ada, "general-talk", seq)
			must(t, err)
			if p := m.LinkPreviews; len(p) != 1 || p[0].Href != href || p[0].URL != "https://matrix.to/a" {
				t.Errorf("%s: %+v", href, p)
			}
		}
	})
}

// What was deleted as unused before it was shown changes nothing: no rev is spent.
func TestLinkPreviewsThatAreGone(t *testing.T) {
	previewing(t, new(web), func(t *testing.T, c *Chat, ada Actor) {
		seq := mustPost(t, c, ada, "no link").Seq
		mustExec(t, c, `UPDATE messages SET body = 'https://e.org/a', html = '' WHERE seq = $1`, seq)
		before := mustView(t, c, ada).Channel.LastRev
		var changed bool
		must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
			result, err := c.showLinkPreviews(ctx, tx, c.general(t), seq, map[string]ID{"https://e.org/a": 5})
			changed = result.changed
			return err
		}, nil))
		m, err := c.Messages.Get(t.Context(), ada, "general-talk", seq)
		must(t, err)
		if changed || m.Rev != before {
			t.Errorf("rev %d became %d", before, m.Rev)
		}
	})
}
