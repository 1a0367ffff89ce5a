package chat

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Who loses a channel loses its threads with it: within a second also on a node that hears of nothing.
func TestThreadsAreLostWithTheirChannel(t *testing.T) {
	for name, of := range map[string]struct {
		kind   Kind // of the channel
		change func(t *testing.T, c *Chat, owner, bob Actor, slug string) error
		closed CloseReason
	}{
		"removed": {Private, func(t *testing.T, c *Chat, owner, bob Actor, slug string) error {
			return c.Channels.RemoveMember(t.Context(), owner, slug, bob.ID)
		}, CloseNotFound},
		"left": {Private, func(t *testing.T, c *Chat, _, bob Actor, slug string) error {
			return c.Channels.Leave(t.Context(), bob, slug)
		}, CloseNotFound},
		"banned from the channel": {Public, func(t *testing.T, c *Chat, owner, bob Actor, slug string) error {
			_, err := c.Moderation.Ban(t.Context(), owner, NewBan{Name: bob.Name, Channel: slug, For: time.Hour})
			return err
		}, CloseNotFound},
		"banned from the workspace": {Public, func(t *testing.T, c *Chat, owner, bob Actor, _ string) error {
			_, err := c.Moderation.Ban(t.Context(), owner, NewBan{Name: bob.Name, For: time.Hour})
			return err
		}, CloseSignedOut},
		"made private": {Public, func(t *testing.T, c *Chat, owner, _ Actor, slug string) error {
			_, err := c.Channels.Update(t.Context(), owner, slug, ChannelSettings{Name: "Room", Private: true})
			return err
		}, CloseNotFound},
		"deleted": {Private, func(t *testing.T, c *Chat, owner, _ Actor, slug string) error {
			_, err := c.Channels.Delete(t.Context(), owner, slug)
			return err
		}, CloseNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path, bus := tempPath(t), &lossyBus{drop: 1}
				here := mustOpen(t, Options{Path: path, Bus: bus})
				owner := mustOwn(t, here, "Olga")
				bob := mustSignIn(t, here, "Bob")
				there := mustOpen(t, Options{Path: path, Bus: bus})
				room := mustChannel(t, here, owner, "Room", of.kind)
				if of.kind == Private {
					_, err := here.Channels.AddMember(t.Context(), owner, room.Slug, "Bob")
					must(t, err)
				}
				thread := fillForBob(t, here, owner, bob, room.Slug)
				time.Sleep(2 * positionCheck) // the other node knows
				synctest.Wait()
				nodes := []*Chat{here, there}
				pages := make([]*fakeSubscriber, len(nodes))
				for i, c := range nodes {
					if !seesThread(t, c, bob, room.Slug) {
						t.Errorf("node %d does not show the thread: a test that finds nothing proves nothing", i)
					}
					pages[i] = mustListen(t, c, bob, Cursor{Channel: room.Slug, Thread: 1})
				}
				elsewhere := make([]*fakeSubscriber, len(nodes))
				for i, c := range nodes {
					elsewhere[i] = mustListen(t, c, bob, Cursor{})
					takeUntil(t, elsewhere[i], func(b Update) bool { return len(b.Threads) == 1 })
				}
				mustReplyIn(t, here, owner, room.Slug, "heard")
				for i, page := range pages {
					said := func(row Row) bool { return strings.Contains(string(row.HTML), "heard") }
					heard := takeUntil(t, page, func(b Update) bool { return slices.ContainsFunc(b.Rows, said) })
					if at := slices.IndexFunc(heard.Rows, said); !heard.Rows[at].Thread { // the root's row may follow
						t.Errorf("node %d: %+v", i, heard.Rows)
					}
				}

				time.Sleep(2 * positionCheck)
				for _, page := range elsewhere { // it hears nothing more by itself
					synctest.Wait()
					_, err := page.Poll(t.Context())
					must(t, err)
				}

				must(t, of.change(t, here, owner, bob, room.Slug))
				synctest.Wait()
				wantClosed(t, pages[0], of.closed)
				wantClosing(t, pages[1], of.closed, positionCheck+positionCheck/10)
				for i, page := range elsewhere {
					if of.closed == CloseSignedOut {
						wantClosed(t, page, of.closed)
						continue
					}
					counts := takeUntil(t, page, func(b Update) bool { return b.Threads != nil && len(b.Threads) == 0 })
					if len(counts.Rows) > 0 {
						t.Errorf("node %d: the page elsewhere gets %+v", i, counts.Rows)
					}
				}
				if name != "deleted" {
					mustReplyIn(t, here, owner, here.hub.channels.byID(room.ID).slug(), "said @Bob afterwards")
				}
				time.Sleep(2 * positionCheck)
				synctest.Wait()
				for i, c := range nodes {
					b, err := pages[i].Poll(t.Context())
					if err != nil || len(b.Rows) > 0 {
						t.Errorf("node %d: a closed page gets %+v, %v", i, b.Rows, err)
					}
					for _, slug := range []string{room.Slug, here.hub.channels.byIDWithDeleted(room.ID).slug()} {
						if seesThread(t, c, bob, slug) {
							t.Errorf("node %d still shows something of the thread", i)
						}
						if _, _, err := c.Messages.Post(t.Context(), bob, slug, Draft{Body: "x", Thread: 1}); err == nil {
							t.Errorf("node %d takes a reply", i)
						}
						if _, err := c.Messages.React(t.Context(), bob, ThreadAddress(slug, 1), 1, "🎉"); err == nil {
							t.Errorf("node %d takes a reaction", i)
						}
						if c.Threads.Follow(t.Context(), bob, slug, 1) == nil || c.Threads.Unfollow(t.Context(), bob, slug, 1) == nil ||
							c.Drafts.Save(t.Context(), bob, ThreadAddress(slug, 1), "x", "") == nil {
							t.Errorf("node %d lets them follow, unfollow or write a draft", i)
						}
					}
					if _, err := c.Messages.Attachment(t.Context(), bob, thread.file); err == nil {
						t.Errorf("node %d still serves the file", i)
					}
				}
			})
		})
	}
}

type filledThread struct{ file ID }

// fillForBob makes a thread in which Bob has all that one can have in a thread, but a reply: it would make him a
// member.
func fillForBob(t *testing.T, c *Chat, owner, bob Actor, slug string) filledThread {
	t.Helper()
	file := Attachment{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: 3}
	for _, d := range []Draft{{Body: "root"}, {Body: "a reply @Bob", Thread: 1, Files: []Attachment{file}},
		{Body: "another", Thread: 1}} {
		_, _, err := c.Messages.Post(t.Context(), owner, slug, d)
		must(t, err)
	}
	thread := ThreadAddress(slug, 1)
	_, err := c.Messages.React(t.Context(), bob, thread, 1, "👍")
	must(t, err)
	must(t, c.Threads.Follow(t.Context(), bob, slug, 1))
	must(t, c.Messages.Save(t.Context(), bob, thread, 1, false))
	mustSave(t, c, bob, thread, "a draft", "")
	mustReplyIn(t, c, owner, slug, "unread @Bob")
	return filledThread{file.ID}
}

func mustReplyIn(t *testing.T, c *Chat, a Actor, slug, body string) {
	t.Helper()
	_, _, err := c.Messages.Post(t.Context(), a, slug, Draft{Body: body, Thread: 1})
	must(t, err)
}

// seesThread reports whether anything of the thread of the first message is there for the actor.
func seesThread(t *testing.T, c *Chat, a Actor, slug string) bool {
	t.Helper()
	ctx, thread := t.Context(), ThreadAddress(slug, 1)
	p, err := c.Messages.Peek(ctx, a, thread)
	sees := err == nil && len(p.Rows) > 0
	if _, err := c.Messages.Row(ctx, a, thread, 1); err == nil {
		sees = true
	}
	if old, err := c.Messages.Before(ctx, a, thread, 9); err == nil && len(old.Rows) > 0 {
		sees = true
	}
	if list, err := c.Threads.UnreadThreads(ctx, a); err == nil && len(list) > 0 {
		sees = true
	}
	if list, err := c.Threads.List(ctx, a, 0); err == nil && len(list.Rows) > 0 {
		sees = true
	}
	if saved, err := c.Messages.Saved(ctx, a, false, 0); err == nil && len(saved.Messages) > 0 {
		sees = true
	}
	if drafts, err := c.Drafts.List(ctx, a); err == nil && len(drafts) > 0 {
		sees = true
	}
	return sees
}

// The threads of an archived channel are read and followed as it is, and nobody writes in them.
func TestThreadsOfAnArchivedChannel(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	room := mustChannel(t, c, ada, "Room", Public)
	fillForBob(t, c, ada, bob, room.Slug)
	_, _, err := c.Messages.Post(ctx, ada, room.Slug, Draft{Body: "without a thread"})
	must(t, err)
	mustShow(t, c)
	_, err = c.Channels.Archive(ctx, ada, room.Slug)
	must(t, err)
	thread := ThreadAddress(room.Slug, 1)
	if p, err := c.Messages.View(ctx, bob, thread); err != nil || seqs(p.Rows) != "1-3" {
		t.Error(seqs(p.Rows), err)
	}
	mustListen(t, c, bob, Cursor{Channel: room.Slug, Thread: 1})
	mustListen(t, c, bob, Cursor{Channel: room.Slug, Thread: 2}) // cannot begin any more, and is no error
	for _, root := range []int64{1, 2} {
		_, _, err = c.Messages.Post(ctx, ada, room.Slug, Draft{Body: "x", Thread: root, Broadcast: true})
		wantCode(t, err, CodeForbidden)
		wantCode(t, c.Drafts.Save(ctx, bob, ThreadAddress(room.Slug, root), "x", ""), CodeForbidden)
	}
	_, err = c.Messages.Edit(ctx, ada, thread, 1, "x")
	wantCode(t, err, CodeForbidden)
	_, err = c.Messages.React(ctx, bob, thread, 1, "🎉")
	wantCode(t, err, CodeForbidden)
	_, _, err = c.Messages.Delete(ctx, ada, thread, 1)
	wantCode(t, err, CodeForbidden)
	wantCount(t, c, `SELECT count(*) FROM threads`, 1)
}
