package chat

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/sqlite"
)

// accessKnown returns the size of the writer's access cache, as read by the writer's goroutine.
func accessKnown(t *testing.T, c *Chat) (n int) {
	t.Helper()
	must(t, c.writer.updateQuietly(t.Context(),
		func(context.Context, *sqlite.Tx) error { n = len(c.writer.known.access); return nil }, nil))
	return n
}

// The writer's knowledge of who may post saves queries, until a change that could make it wrong.
func TestWriterKnowsWhoMayWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		synctest.Wait() // expiry at the start is a change, too
		ada := mustSignIn(t, c, "Ada")
		for name, change := range map[string]func() error{
			"another's change": func() error { mustSignIn(t, c, "Bob"); return nil },
			"a change of hers": func() error { _, err := c.Users.Rename(t.Context(), ada, "Countess"); return err },
			"a refused change": func() error {
				_ = c.writer.update(t.Context(), func(context.Context, *sqlite.Tx) error { return errNotFound }, nil)
				return nil
			},
			"a failed transaction": func() error {
				_ = c.writer.updateQuietly(t.Context(), func(context.Context, *sqlite.Tx) error { return sql.ErrConnDone }, nil)
				return nil
			},
		} {
			mustPost(t, c, ada, "the first one lets her be in the channel, which is a change")
			mustPost(t, c, ada, "again")
			if n := accessKnown(t, c); n != 1 {
				t.Fatalf("the writer knows %d accesses, want 1", n)
			}
			must(t, change())
			if n := accessKnown(t, c); n != 0 {
				t.Errorf("%s: the writer knows %d accesses afterwards, want 0", name, n)
			}
		}
	})
}

// In channels with rules the writer reads access each time.
func TestWriterAsksWhereThereAreRules(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	quiet, err := c.Channels.Create(t.Context(), ada, "Quiet", Private)
	must(t, err)
	for range 2 {
		_, _, err := c.Messages.Post(t.Context(), ada, quiet.Slug, Draft{Body: "x"})
		must(t, err)
	}
	if n := accessKnown(t, c); n != 0 {
		t.Errorf("the writer knows %d accesses to a private channel, want 0", n)
	}
}

// Another process's change takes effect for posts a moment later.
func TestWriterHeedsOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := tempPath(t)
		c := mustOpen(t, Options{Path: path})
		ada := mustSignIn(t, c, "Ada")
		write := func(client string) error { // as a method does that was authorized before the change
			m := Message{ChannelID: c.general(t).ID, Author: ada.User, ClientID: client, Body: "x", CreatedAt: c.now()}
			return c.writer.submit(t.Context(),
				&job{post: &post{feed: c.hub.channels.general(), message: m, session: ada.Session}})
		}
		must(t, write("one"))
		must(t, write("two"))
		must(t, mustOpen(t, Options{Path: path, Beside: true}).Accounts.SignOut(t.Context(), ada))
		time.Sleep(time.Second)
		if err := write("three"); ErrorCode(err) != CodeSignedOut {
			t.Error("a session that another process has ended goes on writing:", err)
		}
	})
}

// A retry is found although nothing looks for it, and does not fail the posts that share its transaction.
func TestRepeatedPostAmongOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		first, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "one", ClientID: "one"})
		must(t, err)
		release := hold(t, c)
		type answer struct {
			row   Row
			fresh bool
			err   error
		}
		words := []string{"two", "one", "three", "two", "four"}
		answers := make([]answer, len(words))
		var posting sync.WaitGroup
		for i, word := range words {
			posting.Go(func() {
				a := &answers[i]
				a.row, a.fresh, a.err = c.Messages.Post(context.Background(), ada, "general-talk",
					Draft{Body: word, ClientID: word})
			})
			synctest.Wait() // it is in the queue
		}
		release()
		posting.Wait()
		var seqs []int64
		for i, a := range answers {
			if a.err != nil {
				t.Errorf("%s: %v", words[i], a.err)
			}
			seqs = append(seqs, a.row.Seq)
		}
		if want := []int64{2, first.Seq, 3, 2, 4}; !slices.Equal(seqs, want) {
			t.Errorf("the messages are %v, want %v", seqs, want)
		}
		if answers[0].fresh == answers[3].fresh || answers[1].fresh || !answers[2].fresh || !answers[4].fresh {
			t.Errorf("what is new: %+v", answers)
		}
		if p := mustView(t, c, ada); len(p.Rows) != 4 || p.Channel.LastRev != 4 {
			t.Errorf("the channel has %d messages and stands at %d, want 4 and 4", len(p.Rows), p.Channel.LastRev)
		}
	})
}

// The writer decides from memory whether a message continues the previous one, until that one changes.
func TestContinuesWhatTheWriterKnows(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	continued := func(seq int64) bool {
		m, err := messageAt(t.Context(), c.db, c.hub.channels.byID(c.general(t).ID), seq)
		must(t, err)
		return m.Continued
	}
	mustPost(t, c, ada, "1")
	mustPost(t, c, ada, "2 goes on")
	mustPost(t, c, bob, "3 begins")
	must(t, c.writer.updateQuietly(t.Context(), func(context.Context, *sqlite.Tx) error { return nil }, nil))
	mustPost(t, c, bob, "4 goes on")
	_, _, err := c.Messages.Delete(t.Context(), bob, "general-talk", 4)
	must(t, err)
	mustPost(t, c, bob, "5 begins: what was before it is gone")
	// makes it forget everything
	_ = c.writer.updateQuietly(t.Context(), func(context.Context, *sqlite.Tx) error { return sql.ErrConnDone }, nil)
	mustPost(t, c, bob, "6 goes on")
	for seq, want := range []bool{false, true, false, true, false, true} {
		if got := continued(int64(seq + 1)); got != want {
			t.Errorf("message %d continued: %v, want %v", seq+1, got, want)
		}
	}
}

// The number of remembered posts is limited, and recent posts are always remembered.
func TestDoubtsWhatCameBefore(t *testing.T) {
	k := newKnown()
	made := func(client int) *post {
		return &post{message: Message{Author: User{ID: 1}, ClientID: fmt.Sprint(client)}}
	}
	doubts := func(channel ID, client int) bool { return len(k.doubted(channel, []*post{made(client)})) == 1 }
	if doubts(1, 0) || !doubts(1, 0) || doubts(2, 0) {
		t.Error("a post is doubted when it comes again in its channel, and not before")
	}
	for n := range maxCame / 2 {
		if doubts(1, 1+n) {
			t.Fatalf("post %d is doubted", n)
		}
	}
	if !doubts(1, 0) {
		t.Error("a post was forgotten too early")
	}
	for n := range 2 * maxCame {
		doubts(3, n)
		if len(k.came)+len(k.cameBefore) > maxCame {
			t.Fatalf("%d posts are remembered", len(k.came)+len(k.cameBefore))
		}
	}
	if doubts(1, 0) {
		t.Error("what came long ago is remembered")
	}
}
